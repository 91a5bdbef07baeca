"""Figures of surveys: satisfaction and response. Evidence is counts by survey and question, never a single answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import get_current_timezone

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, opened_with, ratio, register
from keheng.kernel.periods import Period
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Survey
from keheng.portal.queries.survey_results import asked_questions, bodies_of
from keheng.portal.rules.disclosure import smallest
from keheng.portal.rules.questions import SATISFIED

# How it was kept from one person answering twice, said beside each figure.
_METHODS = {
    Audience.LINK.value: "公开链接，每个浏览器一次",
    Audience.ATTENDEES.value: "到会人员各有一个链接，每人一次",
    Audience.AFTER.value: "每次服务一个链接，每件一次",
}


def _closed(period: Period, scope: Scope) -> QuerySet[Survey]:
    """Closed within the period; ``survey`` (a number), ``questionnaire`` (a code), ``occasion`` and ``subject`` narrow them."""
    zone = get_current_timezone()
    begin, end = datetime.combine(period.begin, time(), zone), datetime.combine(period.end, time(), zone)
    found = Survey.objects.filter(state=SurveyState.CLOSED, closed_at__gte=begin, closed_at__lt=end).select_related("questionnaire")
    if "survey" in scope:
        found = found.filter(number=scope["survey"])
    if "questionnaire" in scope:
        found = found.filter(questionnaire__code=scope["questionnaire"])
    return found.filter(**{name: scope[name] for name in ("occasion", "subject") if name in scope})


def _grades(period: Period, scope: Scope) -> Iterator[tuple[Survey, str, int, int]]:
    """Survey, question, how many graded it 4 or 5, how many graded it, where enough did."""
    for survey in _closed(period, scope).order_by("pk"):
        bodies = bodies_of(survey)
        for question in asked_questions(survey):
            grades = [body[question.code] for body in bodies if question.satisfaction and question.code in body]
            if len(grades) >= smallest():
                yield survey, question.code, sum(grade >= SATISFIED for grade in grades), len(grades)


def _satisfaction(period: Period, scope: Scope) -> Value:
    counted = [(happy, graded) for _, _, happy, graded in _grades(period, scope)]
    return ratio(sum(happy for happy, _ in counted), sum(graded for _, graded in counted))


def _satisfaction_rows(period: Period, scope: Scope) -> Iterator[Row]:
    for survey, question, happy, graded in _grades(period, scope):
        yield {
            "id": survey.pk,
            "survey": survey.number,
            "questionnaire": str(survey.questionnaire),
            "question": question,
            "method": _METHODS[survey.audience],
            "satisfied": happy,
            "answers": graded,
        }


def _asked(period: Period, scope: Scope) -> QuerySet[Any]:
    answered = Count("participants", filter=Q(participants__answered=True))
    return _closed(period, scope).filter(reached__gt=0).annotate(answered=answered).order_by("pk")


def _response(period: Period, scope: Scope) -> Value:
    counted = list(_asked(period, scope).values_list("answered", "reached"))
    return ratio(sum(answered for answered, _ in counted), sum(reached or 0 for _, reached in counted))


def _response_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _asked(period, scope).values("id", "number", "reached", "answered").iterator()


_STAFF_PAGE = opened_with("portal.survey.see", "manage:survey")

register(Measure(
    "portal.survey_satisfaction", "%",
    "期内结束的调查中，满意度题评 4、5 分的份数 ÷ 作答份数（不足公布人数的调查不计；凭公开链接的调查每个浏览器一份，"
    "不能保证每人一份，记录中逐题写明收集方法和份数）", 3,
    _satisfaction, _satisfaction_rows, Records("survey", "id", "survey", _STAFF_PAGE),
))  # fmt: skip
register(Measure(
    "portal.survey_response", "%", "期内结束、对象已冻结的调查中，作答人数 ÷ 调查对象人数", 2, _response, _response_rows,
    Records("survey", "id", "number", _STAFF_PAGE),
))  # fmt: skip
