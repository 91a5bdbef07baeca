"""Whether a survey may be made, opened, answered and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keheng.kernel.errors import Problem, problem
from keheng.portal.enums.activities import OVER
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Attendance, Survey
from keheng.portal.rules.questions import Question

S = SurveyState


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFacts:
    """What is said of a survey; ``code`` names the questionnaire of which these questions become a version."""

    title: str
    audience: str
    closes_at: datetime
    code: str
    questions: tuple[Question, ...]
    intro: str = ""
    activity: int | None = None


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
    return found


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
