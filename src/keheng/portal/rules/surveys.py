"""Whether a survey may be made, opened, answered and closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from keheng.kernel.errors import Problem, problem
from keheng.portal.enums.activities import OVER
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Attendance, Survey
from keheng.portal.rules.occasions import is_offered
from keheng.portal.rules.questions import Question

S = SurveyState
EVERYBODY = 100
# Messages, by which it is known who was asked, are kept for a year.
LONGEST_QUIET = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFacts:
    """What is said of a survey; ``code`` names the questionnaire of which these questions become a version.

    ``occasion`` and ``subject`` say what service it is about; from when, how many of a hundred and how many days
    of quiet for a person are of one that asks after it. ``translations`` holds title and intro by language: ``{"en": {"title": …}}``.
    """

    title: str
    audience: str
    closes_at: datetime
    code: str
    questions: tuple[Question, ...]
    intro: str = ""
    activity: int | None = None
    occasion: str = ""
    subject: str = ""
    begins_at: datetime | None = None
    share: int = 100
    quiet_days: int = 30
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def survey_problems(facts: SurveyFacts, moment: datetime) -> list[Problem]:
    """What is wrong with the facts of a survey."""
    found: list[Problem] = []
    if not facts.title.strip():
        found.append(problem("ACT_TITLE", "title"))
    if not facts.questions:
        found.append(problem("SUR_NO_QUESTION", "questions"))
    if facts.closes_at <= moment:
        found.append(problem("SUR_PAST", "closes_at"))
    if (facts.audience == Audience.ATTENDEES) != (facts.activity is not None):
        found.append(problem("SUR_ACTIVITY", "activity"))
    return [*found, *_standing_problems(facts)]


def _standing_problems(facts: SurveyFacts) -> list[Problem]:
    """What is wrong with the service that a survey is about, with whom it asks after it, and when.

    Whoever was served is asked about a service; a link may be about one, those who came to an activity are asked about that alone.
    """
    named = is_offered(facts.occasion, facts.subject) if facts.occasion else facts.audience != Audience.AFTER
    if facts.audience == Audience.ATTENDEES:
        named = not facts.occasion
    found = [] if named else [problem("SUR_OCCASION", "service")]
    if facts.audience != Audience.AFTER:
        return found
    if facts.begins_at is not None and facts.begins_at >= facts.closes_at:
        found.append(problem("SUR_SPAN", "begins_at"))
    if not 1 <= facts.share <= EVERYBODY:
        found.append(problem("SUR_SHARE", "share"))
    if not 1 <= facts.quiet_days <= LONGEST_QUIET:
        found.append(problem("SUR_QUIET", "quiet_days", most=LONGEST_QUIET))
    return found


def asks_after(survey: Survey, occasion: str, subject: str, moment: datetime) -> bool:
    """Whether a standing survey asks now after such a service."""
    begun = survey.begins_at is None or survey.begins_at <= moment
    return (
        survey.state == S.OPEN and begun and moment < survey.closes_at and survey.occasion == occasion and survey.subject in {"", subject}
    )


def is_drawn(ref: str, share: int) -> bool:
    """Whether somebody is asked: by the mark itself, so that the same service is drawn or not however often it is told.

    ``ref`` is a keyed mark of 32 hexadecimal digits, which nobody can foretell; ``share`` is in per cent.
    """
    return int(ref, 16) % EVERYBODY < share


def opening_problems(survey: Survey, moment: datetime) -> list[Problem]:
    """Whether the audience can be frozen: those who came, once the activity is over."""
    found = [] if survey.state == S.DRAFT else [problem("SUR_STATE", state=survey.get_state_display())]
    if survey.closes_at <= moment:
        found.append(problem("SUR_PAST", "closes_at"))
    activity = survey.activity
    if activity is not None:
        if activity.state not in OVER:
            found.append(problem("SUR_NOT_OVER", "activity"))
        elif not Attendance.objects.filter(session__activity=activity).exists():
            found.append(problem("SUR_NOBODY", "activity"))
    return found


def answering_problems(survey: Survey, moment: datetime) -> list[Problem]:
    """Whether the survey takes answers now."""
    return [] if survey.state == S.OPEN and moment < survey.closes_at else [problem("SUR_CLOSED")]


def closing_problems(survey: Survey) -> list[Problem]:
    """Only an open one is closed."""
    return [] if survey.state == S.OPEN else [problem("SUR_STATE", state=survey.get_state_display())]
