"""A case that ends asks its applicant by itself, once; what came of it proves an indicator of satisfaction."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from people import actor_for, make_account, make_unit

from keheng.kernel.desk.models import Message
from keheng.kernel.jobs.registry import kind_of
from keheng.kernel.measures import read
from keheng.kernel.models import Job
from keheng.kernel.periods import Period
from keheng.kernel.trail.record import Actor
from keheng.matters.service import MoveWish, move_case
from keheng.performance.models import Indicator
from keheng.performance.queries.readings import figured
from keheng.portal.actions.surveys import answer_survey, close_survey, make_survey, open_survey
from keheng.portal.models import Participant, Survey
from keheng.portal.queries.surveys import ready_questionnaires
from keheng.portal.rules.occasions import all_occasions
from keheng.portal.rules.surveys import SurveyFacts
from keheng.portal.service import Served, ask_after
from keheng.site.demo_funds import _talent
from keheng.site.demo_rounds import Firm, begin, do

ORGANISER = Actor("201", "organiser")
pytestmark = pytest.mark.django_db


def standing(occasion="case", subject="") -> Survey:
    ready = ready_questionnaires()["service"]
    said = SurveyFacts(
        title="办事满意度", audience="after", occasion=occasion, subject=subject, closes_at=now() + timedelta(days=30), code=ready.code,
        questions=ready.questions,
    )  # fmt: skip
    return open_survey(actor=ORGANISER, survey=make_survey(actor=ORGANISER, facts=said).pk)


def refused_one():
    """A talent's application that the window did not accept."""
    unit = make_unit(credit_code="91990101000DBCMM5J")
    member, manager = (actor_for(make_account(name, f"unit_{name}", unit=unit), unit.pk) for name in ("member", "manager"))
    firm = Firm(member, manager, unit.name, unit.credit_code)
    case = do(member, begin(member, "yl.talent", _talent(0, firm)), "submit")
    case = do(manager, case, "nominate")
    case.refresh_from_db()
    clerk = actor_for(make_account("clerk", "window_clerk"))
    return move_case(actor=clerk, case=case.pk, wish=MoveWish("refuse", case.version, {}, "不符合申报条件"))


def reactions() -> list[Job]:
    return list(Job.objects.filter(kind__endswith="wiring._to_surveys").order_by("pk"))


def deliver(job: Job) -> None:
    kind_of(job.kind).handler(json.loads(job.payload))


def test_the_applicant_of_a_case_that_ended_is_asked_once(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    survey, other, inside = standing(subject="yl.talent"), standing(subject="yl.it-project"), standing(occasion="office")
    case = refused_one()
    (job,) = reactions()
    for _ in range(3):
        deliver(job)
    message = Message.objects.get(kind="portal.survey")
    assert (message.account, message.title) == (case.applicant, "请您评价：办事满意度")
    assert case.number in message.body
    assert [Participant.objects.filter(survey=one).count() for one in (survey, other, inside)] == [1, 0, 0]
    assert len(Participant.objects.get().ref) == 32
    # The applicant answers by the link, without signing in; an indicator reads what came of it.
    page = Client()
    asked = page.get(message.url).content.decode()
    assert "您对这次办事总体满意吗" in asked
    given = {"t": message.url.partition("?t=")[2], "overall": "4"}
    assert "您的回答已收到" in page.post(message.url.partition("?")[0], given).content.decode()
    close_survey(actor=ORGANISER, survey=survey.pk)
    response = read("portal.survey_response", Period.year(localdate().year), {"occasion": "case", "subject": "yl.talent"})
    assert (response.value.numerator, response.value.denominator, response.rows) == (1, 1, 1)


def test_an_indicator_of_satisfaction_reads_what_came_of_it():
    survey, other = standing(subject="yl.talent"), standing(subject="yl.it-project")
    for number in range(12):
        subject = "yl.talent" if number < 8 else "yl.it-project"
        ask_after(Served(occasion="case", subject=subject, key=f"case:{number}", account=str(900 + number)))
    for place, one in enumerate(Message.objects.filter(kind="portal.survey").order_by("pk")):
        row = survey if place < 8 else other
        answer_survey(survey=row.pk, token=one.url.partition("?t=")[2], given={"overall": 5 if place < 6 else 1})
    for row in (survey, other):
        close_survey(actor=ORGANISER, survey=row.pk)
    bound = Indicator(measure="portal.survey_satisfaction", scope={"occasion": "case", "subject": "yl.talent"}, unit="%")
    read_now = figured(bound, Period.year(localdate().year))
    assert (read_now.actual, read_now.reading.numerator, read_now.reading.denominator, read_now.reading.rows) == (75, "6", "8", 1)


def test_every_matter_is_offered_once_and_those_of_the_house_apart():
    offered = {one.code: dict(one.subjects()) for one in all_occasions()}
    assert sorted(offered) == ["call", "case", "office"]
    assert ("yl.talent" in offered["case"], "yl.talent" in offered["office"], set(offered["case"]) & set(offered["office"])) == (
        True, False, set(),
    )  # fmt: skip
    assert offered["office"]
