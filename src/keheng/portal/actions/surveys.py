"""Surveys are made, opened for a frozen audience, answered without a trace to the person, closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from secrets import token_hex
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import override

from keheng.kernel.desk.deliveries import page_address
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.numbers import draw, written
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.portal.actions.publishing import show_survey
from keheng.portal.enums.outreach import parameter
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Answer, Attendance, Participant, Questionnaire, Survey, WaitingAnswer
from keheng.portal.queries.addresses import address
from keheng.portal.queries.survey_results import asked_questions
from keheng.portal.queries.texts import spoken
from keheng.portal.queries.tickets import participant_of, survey_token
from keheng.portal.rules.questions import checked, questions_json
from keheng.portal.rules.surveys import SurveyFacts, answering_problems, closing_problems, opening_problems, survey_problems

KIND, SEND = "portal.survey", "portal.send_survey"
# Whoever answers stands on the trail as nobody.
NOBODY = Actor("")
S = SurveyState


@act("survey.make", Refused)
def make_survey(*, actor: Actor, facts: SurveyFacts) -> Survey:
    """A survey that nobody sees yet; its questions become a version of their questionnaire unless they are one already."""
    if found := survey_problems(facts, now()):
        raise Refused(found)
    year = localdate().year
    made = Survey.objects.create(
        number=written("DC", year, draw("DC", year)), author=actor.account, questionnaire=_version(facts), **_columns(facts)
    )
    record("survey.make", actor=actor, target=f"survey:{made.pk}", after=digest_of({"title": made.title}))
    return made


@act("survey.change", Refused)
def change_survey(*, actor: Actor, survey: int, facts: SurveyFacts) -> Survey:
    """Rewrite a survey that is not open yet."""
    row = Survey.objects.select_for_update().get(pk=survey)
    found = [] if row.state == S.DRAFT else [problem("SUR_STATE", state=row.get_state_display())]
    if found := [*found, *survey_problems(facts, now())]:
        raise Refused(found)
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.questionnaire = _version(facts)
    row.save()
    record("survey.change", actor=actor, target=f"survey:{row.pk}", after=digest_of({"title": row.title}))
    return row


@act("survey.open", Refused)
def open_survey(*, actor: Actor, survey: int) -> Survey:
    """Freeze the audience and ask it; whoever comes later is not asked. One that asks after a service begins with nobody."""
    row = Survey.objects.select_for_update().get(pk=survey)
    if found := opening_problems(row, now()):
        raise Refused(found)
    row.state, row.opened_at = S.OPEN, now()
    if row.audience == Audience.ATTENDEES:
        came = list(Attendance.objects.filter(session__activity=row.activity_id).select_related("registration").order_by("pk"))
        # One who came to several sessions of the activity is asked once.
        people = list({one.person: one for one in came}.values())
        Participant.objects.bulk_create([Participant(survey=row, ref=_ref(one)) for one in people])
        row.reached = len(people)
        for one in people:
            _ask(row, one)
    elif row.audience == Audience.AFTER:
        row.reached = 0
    row.save(update_fields=["state", "opened_at", "reached"])
    show_survey(row)
    record("survey.open", actor=actor, target=f"survey:{row.pk}", after=digest_of({"reached": row.reached}))
    return row


def _ask(row: Survey, one: Attendance) -> None:
    """Send the link with the token: to the inbox, else by short message; walk-ins left no number."""
    registration, key = one.registration, f"survey:{row.pk}:{one.pk}"
    if registration is None:
        return
    if registration.account:
        title, body = words_of(row, registration.language)
        link = link_for(row, _ref(one), registration.language)
        tell([registration.account], kind=KIND, key=key, title=title, body=body, url=link)
    elif registration.phone:
        enqueue(SEND, {"survey": row.pk, "attendance": one.pk}, key=key)


def words_of(row: Survey, language: str) -> tuple[str, str]:
    """What the message that asks somebody is called, and what it says."""
    with override(language):
        return _("请您评价：%(title)s") % {"title": spoken(row, "title")}, spoken(row, "intro")


def link_for(row: Survey, ref: str, language: str) -> str:
    """Where a participant answers, with the token that is theirs."""
    return f"{address('survey', row.pk, language=language)}?t={survey_token(row.pk, ref)}"


def _ref(one: Attendance) -> str:
    return f"a{one.pk}"


def survey_message(survey: int, attendance: int) -> tuple[str, str] | None:
    """Number and text of the short message that asks somebody; None where there is nobody to ask any more."""
    row = Survey.objects.filter(pk=survey, state=S.OPEN).first()
    one = Attendance.objects.select_related("registration").filter(pk=attendance).first()
    if row is None or one is None or one.registration is None or not one.registration.phone:
        return None
    language = one.registration.language
    return one.registration.phone, f"{words_of(row, language)[0]} {page_address(link_for(row, _ref(one), language))}"


def answer_survey(*, survey: int, token: str, given: Mapping[str, Any]) -> bool:
    """Take an answer; False when the token was used before: then the first answer stands. Raises Refused with everything wrong."""
    return _answer(actor=NOBODY, survey=survey, token=token, given=given)


@act("survey.answer", Refused)
def _answer(*, actor: Actor, survey: int, token: str, given: Mapping[str, Any]) -> bool:
    row = Survey.objects.select_for_update().filter(pk=survey).first()
    if row is None:
        raise Refused(problem("SUR_CLOSED"))
    values, found = checked(asked_questions(row), given)
    found = [*answering_problems(row, now()), *found]
    ref = participant_of(row.pk, token)
    if not ref:
        found.append(problem("SUR_TOKEN"))
    if found:
        raise Refused(found)
    first = _mark(row, ref)
    if first:
        WaitingAnswer.objects.create(survey=row, body=json.dumps(values, ensure_ascii=False))
    record("survey.answer", actor=actor, target=f"survey:{row.pk}")
    return first


def _mark(row: Survey, ref: str) -> bool:
    """Mark the participant; False when they answered before. Raises Refused for somebody who was not asked."""
    if row.audience == Audience.LINK:
        return Participant.objects.get_or_create(survey=row, ref=ref, defaults={"answered": True})[1]
    asked = Participant.objects.filter(survey=row, ref=ref, left_out="")
    if asked.filter(answered=False).update(answered=True):
        return True
    if not asked.exists():
        raise Refused(problem("SUR_TOKEN"))
    return False


def gather_answers() -> int:
    """Write waiting answers of open surveys where enough of them have come together, and close what is over; how many surveys."""
    touched = 0
    for number, closes_at in Survey.objects.filter(state=S.OPEN).order_by("pk").values_list("pk", "closes_at"):
        if closes_at <= now():
            close_survey(actor=SYSTEM, survey=number)
            touched += 1
        else:
            touched += _gather(number)
    return touched


def _gather(survey: int) -> bool:
    with transaction.atomic():
        row = Survey.objects.select_for_update().get(pk=survey)
        waiting = list(WaitingAnswer.objects.filter(survey=row))
        if len(waiting) < max(parameter("survey_batch"), parameter("smallest_cell")):
            return False
        _write(row, [json.loads(one.body) for one in waiting])
        WaitingAnswer.objects.filter(pk__in=[one.pk for one in waiting]).delete()
        return True


@act("survey.close", Refused)
def close_survey(*, actor: Actor, survey: int) -> Survey:
    """End a survey. All answers and all marks are written anew in random order, so that no order is left to read anything from."""
    row = Survey.objects.select_for_update().get(pk=survey)
    if found := closing_problems(row):
        raise Refused(found)
    bodies = [json.loads(one.body) for one in WaitingAnswer.objects.filter(survey=row)]
    bodies += list(Answer.objects.filter(survey=row).values_list("body", flat=True))
    WaitingAnswer.objects.filter(survey=row).delete()
    Answer.objects.filter(survey=row).delete()
    _write(row, bodies)
    _forget_marks(row)
    # What the clock closes a little late belongs to the period in which it was to end.
    row.state, row.closed_at = S.CLOSED, min(now(), row.closes_at)
    row.save(update_fields=["state", "closed_at"])
    show_survey(row)
    record("survey.close", actor=actor, target=f"survey:{row.pk}", after=digest_of({"answers": len(bodies)}))
    return row


def _write(row: Survey, bodies: list[Any]) -> None:
    SystemRandom().shuffle(bodies)
    Answer.objects.bulk_create([Answer(id=uuid4(), survey=row, body=body) for body in bodies])


def _forget_marks(row: Survey) -> None:
    """Marks stay countable: whom they were of is forgotten."""
    marks = list(Participant.objects.filter(survey=row).values_list("answered", "left_out"))
    Participant.objects.filter(survey=row).delete()
    SystemRandom().shuffle(marks)
    Participant.objects.bulk_create([Participant(survey=row, ref=token_hex(16), answered=one, left_out=why) for one, why in marks])


def _version(facts: SurveyFacts) -> Questionnaire:
    """The version of the questionnaire with these questions, the same one for the same questions."""
    content = questions_json(facts.questions)
    for one in Questionnaire.objects.filter(code=facts.code).order_by("-version"):
        if one.questions == content:
            return one
    last = Questionnaire.objects.filter(code=facts.code).aggregate(last=Max("version"))["last"] or 0
    return Questionnaire.objects.create(code=facts.code, version=last + 1, title=facts.title.strip(), questions=content)


def _columns(facts: SurveyFacts) -> dict[str, Any]:
    closes_at: datetime = facts.closes_at
    standing = facts.audience == Audience.AFTER
    return {
        "title": facts.title.strip(), "intro": facts.intro.strip(), "audience": facts.audience, "activity_id": facts.activity,
        "closes_at": closes_at, "occasion": facts.occasion, "subject": facts.subject,
        "begins_at": facts.begins_at if standing else None, "share": facts.share if standing else None,
        "quiet_days": facts.quiet_days if standing else None,
        "translations": {code: dict(texts) for code, texts in facts.translations.items()},
    }  # fmt: skip
