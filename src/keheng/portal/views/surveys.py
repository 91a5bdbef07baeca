"""Public pages of surveys: what runs, one's answer, the results. Whoever answers is nobody to these pages."""

from __future__ import annotations

from secrets import token_hex

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import public, shared
from keheng.kernel.errors import Problem, Refused
from keheng.portal.actions.surveys import answer_survey
from keheng.portal.enums.surveys import Audience, QuestionKind, SurveyState
from keheng.portal.forms.surveys import AnswerForm
from keheng.portal.models import Survey
from keheng.portal.queries.survey_results import Outcome, Result, asked_questions, outcome_of
from keheng.portal.queries.surveys import public_surveys
from keheng.portal.queries.texts import spoken
from keheng.portal.queries.tickets import survey_token
from keheng.portal.rules.surveys import answering_problems
from keheng.portal.views.asking import UNPROCESSABLE, beside, posted, told

_A_PAGE = 20


@shared
def survey_list(request: HttpRequest) -> HttpResponse:
    """Surveys that run, and results of those that are over."""
    page = Paginator(public_surveys(), _A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, spoken(one, "title")) for one in page.object_list]
    return render(request, "portal/surveys/list.html", {"page": page, "rows": rows})


@public
@never_cache
def survey_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a survey. The token is in the link for those who were asked; whoever comes by an open link gets one with the form."""
    survey = get_object_or_404(Survey.objects.select_related("questionnaire").exclude(state=SurveyState.DRAFT), pk=pk)
    language = get_language() or "zh-hans"
    token = (request.POST or request.GET).get("t", "") or (survey_token(pk, token_hex(16)) if survey.audience == Audience.LINK else "")
    form = AnswerForm(posted(request), questions=asked_questions(survey), language=language)
    problems: tuple[Problem, ...] = ()
    context = {"survey": survey, "title": spoken(survey, "title"), "intro": spoken(survey, "intro"), "token": token}
    closed = answering_problems(survey, now())
    if closed or not token:
        return render(request, "portal/surveys/closed.html", context | {"results": survey.state == SurveyState.CLOSED})
    if request.method == "POST" and form.is_valid():
        try:
            first = answer_survey(survey=pk, token=token, given=form.given())
        except Refused as refusal:
            problems = refusal.problems
        else:
            return render(request, "portal/surveys/thanks.html", context | {"first": first})
    shown = beside(form, problems)
    status = UNPROCESSABLE if form.errors or problems else 200
    return render(request, "portal/surveys/answer.html", context | {"form": form, "problems": told(shown)}, status=status)


@shared
def survey_results(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a survey that is over."""
    survey = get_object_or_404(Survey.objects.select_related("questionnaire", "activity"), pk=pk, state=SurveyState.CLOSED)
    outcome = outcome_of(survey, get_language() or "zh-hans")
    context = {"survey": survey, "title": spoken(survey, "title"), "outcome": outcome, "results": drawn(outcome)}
    return render(request, "portal/surveys/results.html", context)


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
