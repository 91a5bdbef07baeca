"""Surveys after a service: each service once, nobody too often, drawn by share; the frame is told, nobody is known."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from portal.outreach_made_up import HOUR, ORGANISER, codes_of
from portal.test_activity_pages import powers, stamp
from portal.test_races import at_once
from portal.test_surveys import LINES, facts

from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.kernel.measures import read, still_holds
from keheng.kernel.models import AuditEntry
from keheng.kernel.periods import Period
from keheng.portal.actions.surveys import answer_survey, close_survey, gather_answers, make_survey, open_survey
from keheng.portal.models import Answer, Participant, Survey
from keheng.portal.queries.survey_results import frame_of, outcome_of
from keheng.portal.queries.tickets import participant_of, survey_token
from keheng.portal.rules import occasions
from keheng.portal.rules.estimates import wilson
from keheng.portal.rules.occasions import Occasion, after_what, register_occasion
from keheng.portal.rules.surveys import is_drawn
from keheng.portal.service import Served, ask_after


@pytest.fixture(autouse=True)
def _call(monkeypatch):
    """An occasion that the portal has never heard of, as a hotline would bring it."""
    monkeypatch.setattr(occasions, "_occasions", {code: one for code, one in occasions._occasions.items() if code != "call"})
    register_occasion(Occasion("call", "来电办结", lambda: [("policy", "政策咨询"), ("fund", "资金咨询")]))


def standing(**more) -> Survey:
    """A survey that stands open after calls."""
    said = facts(**{"audience": "after", "occasion": "call", "quiet_days": 30} | more)
    return open_survey(actor=ORGANISER, survey=make_survey(actor=ORGANISER, facts=said).pk)


def served(key, account="301", subject="policy", **more):
    return ask_after(Served(occasion="call", subject=subject, key=str(key), account=account, **more))


def token_of(message: Message) -> str:
    return message.url.partition("?t=")[2]


def answered(message: Message, **given) -> bool:
    survey = int(message.url.split("/surveys/")[1].split("/")[0])
    return answer_survey(survey=survey, token=token_of(message), given={"overall": 5} | given)


def counts(survey) -> tuple[int, int, int, list[int]]:
    frame = frame_of(survey)
    return frame.services, frame.asked, frame.answered, [count for _, count in frame.left_out]


@pytest.mark.django_db
def test_whoever_was_served_is_asked_once_however_often_it_is_told():
    survey = standing(intro="请评价")
    assert [served(1, called="咨询高新认定") for _ in range(3)] == [1, 0, 0]
    message = Message.objects.get()
    assert (message.account, message.kind, message.title, message.body) == (
        "301", "portal.survey", "请您评价：活动满意度", "关于：咨询高新认定\n请评价",
    )  # fmt: skip
    assert (Survey.objects.get().reached, counts(survey)) == (1, (1, 1, 0, [0, 0, 0]))
    assert (answered(message), answered(message, overall=1)) == (True, False)
    close_survey(actor=ORGANISER, survey=survey.pk)
    assert [body["overall"] for body in Answer.objects.values_list("body", flat=True)] == [5]
    # Told once more, after the end: the survey takes nobody in any more.
    assert (served(1), served(2), Message.objects.count()) == (0, 0, 1)


@pytest.mark.django_db
def test_nobody_is_asked_too_often_and_whoever_has_no_account_is_counted():
    survey, narrow = standing(), standing(subject="fund", quiet_days=10)
    assert (served(1), served(2), served(3, account=""), served(4, account="302", subject="fund")) == (1, 0, 0, 1)
    # The survey about this very subject asked; the other one leaves the person in peace.
    assert (counts(survey), counts(narrow)) == ((4, 1, 0, [0, 2, 1]), (1, 1, 0, [0, 0, 0]))
    Message.objects.update(sent_at=now() - timedelta(days=11))
    assert (served(5), served(6, subject="fund"), counts(narrow)) == (0, 1, (2, 2, 0, [0, 0, 0]))
    Message.objects.update(sent_at=now() - timedelta(days=31))
    assert served(7) == 1


@pytest.mark.django_db
def test_a_share_is_drawn_by_the_mark_and_stays_drawn():
    survey = standing(share=40)
    asked = [served(number, account=str(1000 + number)) for number in range(60)]
    assert (10 <= sum(asked) <= 40, counts(survey)) == (True, (60, sum(asked), 0, [60 - sum(asked), 0, 0]))
    assert [served(number, account=str(1000 + number)) for number in range(60)] == [0] * 60
    assert [
        Participant.objects.get(ref=ref).left_out for ref in Participant.objects.values_list("ref", flat=True) if not is_drawn(ref, 40)
    ] == ["sample"] * (60 - sum(asked))
    whole = 10_000
    assert (
        0.38 < sum(is_drawn(f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}", 40) for number in range(whole)) / whole < 0.42
    )


@pytest.mark.django_db
def test_only_between_its_days_and_only_after_its_occasion():
    later = standing(begins_at=now() + HOUR)
    assert (served(1), counts(later)) == (0, (0, 0, 0, [0, 0, 0]))
    Survey.objects.update(begins_at=now() - 2 * HOUR)
    assert ask_after(Served(occasion="case", subject="policy", key="1", account="301")) == 0
    assert served(1) == 1
    Survey.objects.update(closes_at=now())
    assert served(2, account="302") == 0
    ends = now() - timedelta(minutes=4)
    Survey.objects.update(closes_at=ends, opened_at=ends - HOUR)
    assert gather_answers() == 1
    # Closed by the clock four minutes late: it counts for the day on which it was to end.
    assert Survey.objects.get().closed_at == ends


@pytest.mark.django_db
def test_everything_wrong_with_whom_it_asks_is_told_at_once():
    with pytest.raises(Refused) as refused:
        make_survey(
            actor=ORGANISER, facts=facts(audience="after", occasion="tea", begins_at=now() + 48 * HOUR, share=0, quiet_days=400, activity=1)
        )
    assert codes_of(refused) == [
        ("SUR_ACTIVITY", "activity"), ("SUR_OCCASION", "service"), ("SUR_SPAN", "begins_at"), ("SUR_SHARE", "share"), ("SUR_QUIET", "quiet_days"),
    ]  # fmt: skip
    for more in (
        {"audience": "link", "occasion": "tea"},
        {"audience": "after"},
        {"audience": "after", "occasion": "call", "subject": "tea"},
    ):
        with pytest.raises(Refused) as refused:
            make_survey(actor=ORGANISER, facts=facts(**more))
        assert codes_of(refused) == [("SUR_OCCASION", "service")]
    assert (after_what("call", ""), after_what("call", "fund"), after_what("tea", "green")) == (
        "来电办结：全部",
        "来电办结：资金咨询",
        "tea green",
    )


@pytest.mark.django_db
def test_nobody_who_was_not_drawn_answers_and_no_mark_leads_to_a_person():
    survey = standing(share=50)
    for number in range(40):
        served(number, account=str(1000 + number))
    left = Participant.objects.filter(left_out="sample").first().ref
    with pytest.raises(Refused) as refused:
        answer_survey(survey=survey.pk, token=survey_token(survey.pk, left), given={"overall": 5})
    assert codes_of(refused) == [("SUR_TOKEN", "")]
    messages = list(Message.objects.all())
    known = {participant_of(survey.pk, token_of(one)) for one in messages}
    assert known == set(Participant.objects.filter(left_out="").values_list("ref", flat=True))
    for one in messages[:8]:
        assert answered(one)
    before = counts(survey)
    close_survey(actor=ORGANISER, survey=survey.pk)
    assert (counts(survey), before[2]) == (before, 8)
    assert not known & set(Participant.objects.values_list("ref", flat=True))
    # The trail knows that a survey asked after a call: not whom, not which call.
    bodies = "".join(AuditEntry.objects.filter(body__contains="survey.ask").values_list("body", flat=True))
    assert (bodies.count('"target":"occasion:call"'), '"account":"10' in bodies, "call:" in bodies.replace("occasion:call", "")) == (
        40, False, False,
    )  # fmt: skip


@pytest.mark.django_db
def test_what_came_of_it_is_a_figure_with_its_frame():
    survey = standing(subject="policy")
    for number in range(30):
        served(number, account=str(1000 + number))
    for place, one in enumerate(Message.objects.order_by("pk")[:20]):
        answered(one, overall=5 if place < 15 else 2)
    close_survey(actor=ORGANISER, survey=survey.pk)
    year = Period.year(localdate().year)
    for scope in ({"occasion": "call"}, {"occasion": "call", "subject": "policy"}):
        satisfied, response = read("portal.survey_satisfaction", year, scope), read("portal.survey_response", year, scope)
        assert (satisfied.value.value, satisfied.value.numerator, satisfied.value.denominator) == (75, 15, 20)
        assert (response.value.numerator, response.value.denominator) == (20, 30)
        assert (still_holds(satisfied), still_holds(response)) == (True, True)
    assert read("portal.survey_satisfaction", year, {"occasion": "call", "subject": "fund"}).value.value is None
    assert read("portal.survey_satisfaction", year, {"occasion": "case"}).value.value is None
    outcome = outcome_of(Survey.objects.get())
    assert (outcome.response, outcome.results[0].satisfied) == (wilson(20, 30), wilson(15, 20, 30))


@pytest.mark.django_db
def test_the_interval_is_of_everybody_who_was_served_not_of_who_was_asked():
    survey = standing(share=50)
    for number in range(60):
        served(number, account=str(1000 + number))
    for one in Message.objects.all():
        answered(one, overall=5 if one.pk % 2 else 1)
    close_survey(actor=ORGANISER, survey=survey.pk)
    result, asked = outcome_of(Survey.objects.get()).results[0], Survey.objects.get().reached
    happy = sum(body["overall"] == 5 for body in Answer.objects.values_list("body", flat=True))
    assert (result.answered, result.satisfied) == (asked, wilson(happy, asked, 60))
    assert result.satisfied.high > result.satisfied.low


def test_one_service_told_twice_at_once_asks_once(fresh):
    survey = standing()
    assert at_once(lambda: served(1), lambda: served(1), lambda: served(1)) == ["done"] * 3
    assert (Message.objects.count(), counts(survey), Survey.objects.get().reached) == (1, (1, 1, 0, [0, 0, 0]), 1)


def test_two_services_of_one_person_that_end_at_once_ask_once(fresh):
    one, two = standing(subject="policy"), standing(subject="fund")
    assert at_once(lambda: served(1), lambda: served(2, subject="fund")) == ["done"] * 2
    assert (Message.objects.count(), sorted([counts(one), counts(two)])) == (1, [(1, 0, 0, [0, 1, 0]), (1, 1, 0, [0, 0, 0])])


@pytest.mark.django_db
def test_staff_make_it_and_see_its_frame_and_visitors_see_it_at_the_end(visitor):
    client = visitor(*powers("portal.survey.see", "portal.survey.edit"))
    page = client.get("/manage/surveys/new/").content.decode()
    assert [text in page for text in ("办完一次服务的人", "来电办结：全部", 'value="call/fund"', "办事满意度")] == [True] * 4
    values = {
        "title": "热线满意度", "audience": "after", "service": "", "closes_at": stamp(now() + 24 * HOUR), "code": "own", "questions": LINES,
        "share": "101",
    }  # fmt: skip
    refused = client.post("/manage/surveys/new/", values).content.decode()
    assert ("须选择服务" in refused, "须在 1 到 100 之间" in refused, 'value="101"' in refused) == (True, True, True)
    client.post("/manage/surveys/new/", values | {"service": "call/fund", "share": ""})
    made = Survey.objects.get()
    assert (made.occasion, made.subject, made.share, made.quiet_days) == ("call", "fund", 100, 30)
    assert 'value="call/fund" selected' in client.get(f"/manage/surveys/{made.pk}/edit/").content.decode()
    client.post(f"/manage/surveys/{made.pk}/step/open/")
    for number in range(6):
        served(number, account=str(1000 + number), subject="fund")
    served(9, account="1000", subject="fund")
    page = client.get(f"/manage/surveys/{made.pk}/").content.decode()
    assert [text in page for text in ("来电办结：资金咨询", "期间办结 7 件，询问 6 件，答复 0 件", "近期已问过")] == [True] * 3
    assert "来电办结：资金咨询" in client.get("/manage/surveys/").content.decode()
    assert "只请办过事的人回答" in Client().get(f"/surveys/{made.pk}/").content.decode()
    for one in Message.objects.all():
        answered(one)
    close_survey(actor=ORGANISER, survey=made.pk)
    shown = Client().get(f"/surveys/{made.pk}/results/").content.decode()
    assert [text in shown for text in ("期间办结 7 件，询问 6 件，答复 6 件", "询问 6 件")] == [True, True]


@pytest.mark.django_db
def test_one_by_a_link_may_say_what_service_it_is_about_and_asks_nobody():
    said = facts(audience="link", occasion="call", subject="fund")
    survey = open_survey(actor=ORGANISER, survey=make_survey(actor=ORGANISER, facts=said).pk)
    assert (survey.occasion, survey.subject, survey.share, survey.quiet_days) == ("call", "fund", None, None)
    assert (served(1, subject="fund"), Message.objects.count(), frame_of(survey)) == (0, 0, None)
    for place in range(5):
        answer_survey(survey=survey.pk, token=survey_token(survey.pk, f"b{place}"), given={"overall": 5 if place else 2})
    close_survey(actor=ORGANISER, survey=survey.pk)
    year = Period.year(localdate().year)
    shares = [read("portal.survey_satisfaction", year, {"occasion": "call", "subject": one}).value.value for one in ("fund", "policy")]
    assert shares == [80, None]


@pytest.mark.django_db
def test_those_who_came_to_an_activity_are_not_asked_about_a_service():
    with pytest.raises(Refused) as refused:
        make_survey(actor=ORGANISER, facts=facts(audience="attendees", activity=1, occasion="call"))
    assert codes_of(refused) == [("SUR_OCCASION", "service")]
