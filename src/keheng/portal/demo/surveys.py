"""Surveys of the invented city: of an activity, of visitors, after cases, of each service, which are over; and one that runs."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from keheng.kernel.search.indexing import index
from keheng.kernel.trail.record import SYSTEM, Actor, digest_of, record
from keheng.portal.actions.publishing import survey_document
from keheng.portal.actions.surveys import make_survey, open_survey
from keheng.portal.demo.faults import Fault, Progress, demo_year, moment
from keheng.portal.demo.service_surveys import EARLIER, LAST_YEAR, write_service_surveys
from keheng.portal.enums.activities import ActivityKind
from keheng.portal.enums.surveys import Audience, LeftOut, SurveyState
from keheng.portal.models import Activity, Answer, Attendance, Participant, Questionnaire, Survey
from keheng.portal.queries.surveys import ready_questionnaires
from keheng.portal.rules.questions import questions_json
from keheng.portal.rules.surveys import SurveyFacts

_KEY = 20260306
_AUTHOR = Actor("demo-organiser", "organiser")
FAULTS: tuple[Fault, ...] = ()
_SERVED = (5, 5, 5, 5, 5, 4, 4, 4, 3, 2)
_GRADES = (5, 5, 5, 5, 5, 5, 4, 4, 4, 3)
_ADVICE = ("多办几场", "希望有线上回放", "讲解很清楚", "场地再大一些", "资料能提前发")

# Titles and introductions in the other languages of the public pages.
_SAID: dict[str, dict[str, dict[str, str]]] = {
    "activity": {
        "en": {"title": "Satisfaction with the open days"}, "ja": {"title": "科学技術一般公開日の満足度調査"},
        "ko": {"title": "과학기술 공개의 날 만족도 조사"},
    },
    "hall": {
        "en": {"title": "Satisfaction of visitors to the halls"}, "ja": {"title": "展示館見学の満足度調査"},
        "ko": {"title": "전시관 관람 만족도 조사"},
    },
    "service": {
        "en": {"title": "Satisfaction with services (demonstration)", "intro": "Your case is closed; please take a minute to rate it."},
        "ja": {"title": "行政サービス満足度調査（デモ）", "intro": "お手続きが完了しました。1 分ほどで評価をお願いします。"},
        "ko": {"title": "민원 만족도 조사(시연)", "intro": "업무 처리가 끝났습니다. 1분만 시간을 내어 평가해 주십시오."},
    },
    "open": {
        "en": {"title": "Service in the halls", "intro": "Three questions, one minute."},
        "ja": {"title": "展示館サービス調査", "intro": "質問は 3 つ、1 分で終わります。"},
        "ko": {"title": "전시관 서비스 조사", "intro": "질문 세 개, 1분이면 됩니다."},
    },
}  # fmt: skip


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty portal with surveys; needs the activities."""
    random = Random(_KEY)  # noqa: S311 -- the same city every time
    progress("调查", 0, 4)
    with transaction.atomic():
        write_service_surveys(EARLIER, demo_year() - 1, scale, _AUTHOR.account)
        held = Activity.objects.filter(number__startswith=f"HD-{demo_year()}-", kind=ActivityKind.OPEN_DAY)
        activity = held.order_by("pk").first()
        reached = Attendance.objects.filter(session__activity=activity).values("person").distinct().count()
        _over(1, "activity", "科技开放日满意度调查", Audience.ATTENDEES, activity, reached, round(reached * 0.72), random)
        answers = {"small": 30, "full": 300}[scale]
        _over(2, "hall", "展厅参观满意度调查", Audience.LINK, None, None, answers, random)
        _after_cases(3, {"small": 60, "full": 240}[scale], random)
        write_service_surveys(LAST_YEAR, demo_year(), scale, _AUTHOR.account)
        index([survey_document(one) for one in Survey.objects.all()])
        record("demo.surveys", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"surveys": Survey.objects.count()}))
    ready = ready_questionnaires()["hall"]
    facts = SurveyFacts(
        title="展厅服务调查", audience=Audience.LINK, closes_at=now() + timedelta(days=60), code=ready.code, questions=ready.questions,
        intro="三个问题，一分钟。", translations=_SAID["open"],
    )  # fmt: skip
    open_survey(actor=_AUTHOR, survey=make_survey(actor=_AUTHOR, facts=facts).pk)
    progress("调查", 4, 4)


def _over(
    serial: int, code: str, title: str, audience: Audience, activity: Activity | None, reached: int | None, answered: int, random: Random
) -> None:
    """A survey of last year with its answers in random order."""
    survey = _closed(serial, code, title, reached, audience=audience, activity=activity)
    _answers(survey, code, answered, random)
    _marks(survey, [(True, "")] * answered + [(False, "")] * ((reached or answered) - answered), random)


def _after_cases(serial: int, cases: int, random: Random) -> None:
    """One that asked after cases: six of ten were drawn, of whom some were asked lately, and a bit more than half of the rest answered."""
    drawn = cases * 6 // 10
    recent = drawn // 12
    reached = drawn - recent
    answered = reached * 55 // 100
    survey = _closed(
        serial, "service", "办事满意度调查（演示）", reached, audience=Audience.AFTER, occasion="case", share=60, quiet_days=30,
        intro="您的事项已经办结，请用一分钟评价。",
    )  # fmt: skip
    _answers(survey, "service", answered, random)
    left_out = [(False, LeftOut.SAMPLE.value)] * (cases - drawn) + [(False, LeftOut.RECENT.value)] * recent
    _marks(survey, [(True, "")] * answered + [(False, "")] * (reached - answered) + left_out, random)


def _closed(serial: int, code: str, title: str, reached: int | None, **more: Any) -> Survey:
    """A survey that ran for thirty days of last year."""
    ready = ready_questionnaires()[code]
    facts = {"title": ready.title, "questions": questions_json(ready.questions)}
    version, _made = Questionnaire.objects.get_or_create(code=code, version=1, defaults=facts)
    day = date(demo_year(), 6 + serial, 10)
    over = moment(day + timedelta(days=30), 9, 0)
    return Survey.objects.create(
        number=f"DC-{demo_year()}-{serial:05}", title=title, questionnaire=version, state=SurveyState.CLOSED, closes_at=over,
        reached=reached, opened_at=moment(day, 9, 0), closed_at=over, author=_AUTHOR.account, translations=_SAID[code], **more,
    )  # fmt: skip


def _answers(survey: Survey, code: str, count: int, random: Random) -> None:
    bodies = [_body(code, random) for _ in range(count)]
    Answer.objects.bulk_create([Answer(id=UUID(int=random.getrandbits(128), version=4), survey=survey, body=body) for body in bodies])


def _marks(survey: Survey, marks: list[tuple[bool, str]], random: Random) -> None:
    random.shuffle(marks)
    Participant.objects.bulk_create(
        [Participant(survey=survey, ref=f"{random.getrandbits(128):032x}", answered=one, left_out=why) for one, why in marks]
    )


def _body(code: str, random: Random) -> dict[str, Any]:
    if code == "hall":
        return {"overall": random.choice(_GRADES), "guide": random.choice(_GRADES), "visits": str(random.choice((1, 1, 1, 2, 3)))}
    if code == "service":
        grades = {name: random.choice(_SERVED) for name in ("overall", "guide", "speed")}
        return grades | {"trips": str(random.choice((0, 0, 0, 1, 1, 2)))}
    body: dict[str, Any] = {
        "overall": random.choice(_GRADES), "content": random.choice(_GRADES), "role": random.choice((0, 0, 0, 1, 1, 2, 3)),
        "topics": sorted(random.sample(range(3), random.choice((1, 2)))),
    }  # fmt: skip
    if random.random() < 0.3:  # noqa: PLR2004 -- three of ten write something
        body["advice"] = random.choice(_ADVICE)
    return body
