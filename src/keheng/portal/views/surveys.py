"""Public pages of surveys: what runs, one's answer, the results. Whoever answers is nobody to these pages."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import public, shared
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.form_problems import all_problems
from keheng.portal.actions.surveys import answer_survey
from keheng.portal.enums.content import CHINESE
from keheng.portal.enums.surveys import Audience, QuestionKind, SurveyState
from keheng.portal.forms.surveys import AnswerForm
from keheng.portal.models import Survey
from keheng.portal.queries.survey_results import Outcome, Result, asked_questions, outcome_of
from keheng.portal.queries.surveys import has_answered, public_surveys
from keheng.portal.queries.texts import spoken
from keheng.portal.rules.questions import checked
from keheng.portal.rules.surveys import answering_problems
from keheng.portal.views.asking import UNPROCESSABLE, posted
from keheng.portal.views.once import browser_token, count_network, give_token, network_problems
from keheng.portal.views.showing import show

_A_PAGE = 20


@shared
def survey_list(request: HttpRequest) -> HttpResponse:
    """Surveys that run, and results of those that are over."""
    page = Paginator(public_surveys(), _A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, spoken(one, "title")) for one in page.object_list]
    return show(request, "portal/surveys/list.html", {"page": page, "rows": rows})


@public
@never_cache
def survey_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a survey. Who was asked has the token in the link; whoever comes by an open link gets one into the browser, once."""
    survey = get_object_or_404(Survey.objects.select_related("questionnaire").exclude(state=SurveyState.DRAFT), pk=pk)
    by_link = survey.audience == Audience.LINK
    token = browser_token(request, survey) if by_link else (request.POST or request.GET).get("t", "")
    context = {"survey": survey, "title": spoken(survey, "title"), "intro": spoken(survey, "intro"), "token": token, "by_link": by_link}
    if answering_problems(survey, now()) or not (token or by_link):
        return render(request, "portal/surveys/closed.html", context | {"results": survey.state == SurveyState.CLOSED})
    if has_answered(survey, token):
        return render(request, "portal/surveys/thanks.html", context | {"first": False})
    page = _answered(request, survey, token, context)
    if by_link and not token:
        give_token(request, page, survey)
    return page


def _answered(request: HttpRequest, survey: Survey, token: str, context: dict[str, Any]) -> HttpResponse:
    """The questions; thanks for an answer that was taken; all that is wrong with one that was not, beside what was chosen."""
    form = AnswerForm(posted(request), questions=asked_questions(survey), language=get_language() or CHINESE)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems, first = _taken(request, survey, token, form.given())
        if not problems:
            return render(request, "portal/surveys/thanks.html", context | {"first": first})
    elif request.method == "POST":
        problems = tuple(checked(asked_questions(survey), form.given())[1])
    shown = all_problems(form, problems)
    status = UNPROCESSABLE if shown else 200
    return show(request, "portal/surveys/answer.html", context | {"form": form, "problems": shown}, status=status)


def _taken(request: HttpRequest, survey: Survey, token: str, given: dict[str, Any]) -> tuple[tuple[Problem, ...], bool]:
    """What stands against an answer, and whether it was the first one with its token."""
    by_link = survey.audience == Audience.LINK
    found = [] if token else [problem("SUR_COOKIE")]
    found += network_problems(request, survey) if by_link else []
    if found:
        return tuple(found), False
    try:
        first = answer_survey(survey=survey.pk, token=token, given=given)
    except Refused as refusal:
        return refusal.problems, False
    if first and by_link:
        count_network(request, survey)
    return (), first


@shared
def survey_results(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a survey that is over."""
    survey = get_object_or_404(Survey.objects.select_related("questionnaire", "activity"), pk=pk, state=SurveyState.CLOSED)
    outcome = outcome_of(survey, get_language() or CHINESE)
    context = {"survey": survey, "title": spoken(survey, "title"), "outcome": outcome, "results": drawn(outcome)}
    return show(request, "portal/surveys/results.html", context)


def drawn(outcome: Outcome) -> list[tuple[Result, Chart | None]]:
    """Each result with its chart, where it has cells that may be shown."""
    return [(one, _chart(one)) for one in outcome.results]


def _chart(one: Result) -> Chart | None:
    if not any(cell.count is not None for cell in one.cells):
        return None
    shape = Shape.BAR if one.question.kind is QuestionKind.SCALE else Shape.ROWS
    return Chart(one.text, [cell.label for cell in one.cells], [Series(one.text, [cell.count for cell in one.cells])], shape)


def answer_address(request: HttpRequest, survey: Survey) -> str:
    """The whole address of the page on which one answers, for a QR code."""
    return request.build_absolute_uri(reverse("portal:survey", args=[survey.pk]))
