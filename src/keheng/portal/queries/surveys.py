"""Surveys for lists and pages, and questionnaires that stand ready."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keheng.kernel.definitions import definitions_folder
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Participant, Survey
from keheng.portal.queries.tickets import participant_of
from keheng.portal.rules.questions import Question, questions_from


@dataclass(frozen=True, slots=True)
class Ready:
    """A questionnaire of the definitions."""

    code: str
    title: str
    questions: tuple[Question, ...]


@cache
def ready_questionnaires() -> Mapping[str, Ready]:
    """Questionnaires of ``definitions/portal/questionnaires`` by code."""
    found = {}
    for file in sorted((definitions_folder("portal") / "questionnaires").glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        found[content["code"]] = Ready(content["code"], content["title"], questions_from(content["questions"]))
    return found


def public_surveys() -> QuerySet[Survey]:
    """Open ones that anybody with the link may answer, and closed ones, whose results are public; the latest first."""
    shown = Q(state=SurveyState.CLOSED) | Q(state=SurveyState.OPEN, audience=Audience.LINK)
    return Survey.objects.filter(shown).select_related("questionnaire").order_by("-opened_at", "-pk")


def all_surveys() -> QuerySet[Survey]:
    """All of them with how many answered, the latest first; counted for the surveys that are shown, not for all at once."""
    of_one = Participant.objects.filter(survey=OuterRef("pk"), answered=True).order_by().values("survey").values(number=Count("pk"))
    answered = Coalesce(Subquery(of_one, output_field=IntegerField()), 0)
    return Survey.objects.select_related("questionnaire", "activity").annotate(answered=answered).order_by("-pk")


def has_answered(survey: Survey, token: str) -> bool:
    """Whether the token was used, while the survey runs."""
    return Participant.objects.filter(survey=survey, ref=participant_of(survey.pk, token), answered=True).exists()
