"""What users of each service of the invented city said of it: one survey a service and year, by a link on its pages.

Figures that were published stand for what they were; the others are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from keheng.portal.demo.faults import moment
from keheng.portal.enums.surveys import Audience, QuestionKind, SurveyState
from keheng.portal.models import Answer, Participant, Questionnaire, Survey
from keheng.portal.queries.surveys import ready_questionnaires
from keheng.portal.rules.questions import questions_json

_HAPPY, _UNHAPPY, _OTHER = (5, 5, 5, 4), (3, 3, 2), (5, 5, 4, 4, 3)
# The first numbers of a year are those of surveys before these.
_FIRST = 4
_MONTH, _OPEN_DAYS = 11, 21
_SMALLER = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey: its questionnaire, the service it is about, its title in four languages, how many answered and were satisfied.

    At the small scale a quarter as many answered.
    """

    code: str
    titles: tuple[str, str, str, str]
    answered: int
    happy: int
    occasion: str = ""
    subject: str = ""

    def counts(self, scale: str) -> tuple[int, int]:
        """How many answered and how many of them were satisfied, at a scale."""
        if scale == "full":
            return self.answered, self.happy
        answered = self.answered // _SMALLER
        # Of few answers as many are dissatisfied as keep the share nearest.
        return answered, answered - round((self.answered - self.happy) / _SMALLER)


LAST_YEAR = (
    # 99.97 %: what the portal's users said of its answers (published for 2022).
    Asked(
        "site",
        ("网站用户满意度调查", "Satisfaction with the site",
         "サイト利用者満足度調査", "사이트 이용자 만족도 조사"),
        3334, 3333,
    ),
    Asked(
        "history",
        ("创新历程馆参观满意度调查", "Visitors to the history hall",
         "歴史館見学の満足度調査", "역사관 관람 만족도 조사"),
        240, 230,
    ),
    Asked(
        "service",
        ("系统运维服务满意度调查", "Satisfaction with system maintenance",
         "システム保守の満足度調査", "시스템 유지보수 만족도 조사"),
        136, 124, "office", "yl.service-order",
    ),
    # 90 % is published (2023), as are 99 % for talents (2022) and 100 % for firms (2023).
    Asked(
        "system",
        ("专项资金申报系统使用满意度调查", "Users of the fund's system",
         "特別資金申請システムの満足度調査", "특별자금 신청 시스템 만족도 조사"),
        120, 108, "case", "yl.zhangjiang",
    ),
    Asked(
        "system",
        ("信息化项目系统使用满意度调查", "Users of the IT project system",
         "情報化案件システムの満足度調査", "정보화 사업 시스템 만족도 조사"),
        130, 120, "case", "yl.it-project",
    ),
    Asked(
        "service",
        ("信息化咨询评估满意度调查", "Satisfaction with IT assessments",
         "情報化評価の満足度調査", "정보화 평가 만족도 조사"),
        136, 130, "office", "yl.it-consult",
    ),
    Asked(
        "service",
        ("科技人才服务满意度调查", "Satisfaction with services for talent",
         "人材サービスの満足度調査", "인재 서비스 만족도 조사"),
        400, 396, "case", "yl.talent",
    ),
    Asked(
        "service",
        ("惠企政策服务满意度调查", "Firms on policy services",
         "企業向け政策の満足度調査", "기업 정책 서비스 만족도 조사"),
        88, 88, "case", "yl.apply-high-tech-award",
    ),
    Asked(
        "system",
        ("综合业务平台使用满意度调查", "Users of the office platform",
         "業務基盤の満足度調査", "업무 플랫폼 만족도 조사"),
        144, 134, "office",
    ),
    Asked(
        "service",
        ("项目立项服务满意度调查", "Applicants on project approval",
         "採択手続きの満足度調査", "과제 선정 서비스 만족도 조사"),
        200, 188, "case", "yl.zhangjiang",
    ),
    Asked(
        "service",
        ("学会评估服务满意度调查", "Societies on their assessment",
         "学会評価の満足度調査", "학회 평가 만족도 조사"),
        72, 68, "case", "yl.star-society",
    ),
    Asked(
        "service",
        ("科技创新大赛师生满意度调查", "Students and teachers on the contest",
         "科学技術コンテスト満足度調査", "과학기술 대회 만족도 조사"),
        200, 188, "case", "yl.youth-contest",
    ),
    Asked(
        "service",
        ("项目验收服务满意度调查", "Satisfaction with project acceptance",
         "検収手続きの満足度調査", "과제 검수 서비스 만족도 조사"),
        96, 92, "case", "yl.zhangjiang-acceptance",
    ),
    Asked(
        "service",
        ("信息报送满意度调查", "Satisfaction with reporting",
         "情報報告の満足度調査", "정보 보고 만족도 조사"),
        80, 76, "office", "yl.info-report",
    ),
)  # fmt: skip
EARLIER = (
    Asked(
        "hall",
        ("展厅参观满意度调查", "Satisfaction of visitors to the halls",
         "展示館見学の満足度調査", "전시관 관람 만족도 조사"),
        200, 180,
    ),
    Asked(
        "system",
        ("信息化项目系统使用满意度调查", "Users of the IT project system",
         "情報化案件システムの満足度調査", "정보화 사업 시스템 만족도 조사"),
        100, 92, "case", "yl.it-project",
    ),
    Asked(
        "system",
        ("综合业务平台使用满意度调查", "Users of the office platform",
         "業務基盤の満足度調査", "업무 플랫폼 만족도 조사"),
        120, 104, "office",
    ),
)  # fmt: skip


def write_service_surveys(asked: Sequence[Asked], year: int, scale: str, author: str) -> None:
    """Surveys of a year with their answers in random order; they ran for three weeks of November."""
    random = Random(year)  # noqa: S311 -- the same city every time
    for serial, one in enumerate(asked, _FIRST):
        _written(one, year, serial, scale, author, random)


def _written(one: Asked, year: int, serial: int, scale: str, author: str, random: Random) -> None:
    begins = moment(date(year, _MONTH, 1) + timedelta(days=serial % 7), 9, 0)
    over = begins + timedelta(days=_OPEN_DAYS)
    zh, en, ja, ko = one.titles
    survey = Survey.objects.create(
        number=f"DC-{year}-{serial:05}", title=zh, questionnaire=_questionnaire(one.code), audience=Audience.LINK, occasion=one.occasion,
        subject=one.subject, state=SurveyState.CLOSED, closes_at=over, opened_at=begins, closed_at=over, author=author,
        translations={"en": {"title": en}, "ja": {"title": ja}, "ko": {"title": ko}},
    )  # fmt: skip
    answered, happy = one.counts(scale)
    bodies = [_body(one.code, random, happy=place < happy) for place in range(answered)]
    random.shuffle(bodies)
    Answer.objects.bulk_create([Answer(id=UUID(int=random.getrandbits(128), version=4), survey=survey, body=body) for body in bodies])
    Participant.objects.bulk_create(
        [Participant(survey=survey, ref=f"{random.getrandbits(128):032x}", answered=True) for _ in range(answered)]
    )


def _questionnaire(code: str) -> Questionnaire:
    """The ready questionnaire as its first version."""
    ready = ready_questionnaires()[code]
    facts = {"title": ready.title, "questions": questions_json(ready.questions)}
    return Questionnaire.objects.get_or_create(code=code, version=1, defaults=facts)[0]


def _body(code: str, random: Random, *, happy: bool) -> dict[str, Any]:
    """Grades for all scales; that of satisfaction as it was counted."""
    grades = _HAPPY if happy else _UNHAPPY
    return {
        one.code: random.choice(grades if one.satisfaction else _OTHER)
        for one in ready_questionnaires()[code].questions
        if one.kind is QuestionKind.SCALE
    }
