"""Staff pages of surveys."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.portal.actions.surveys import change_survey, close_survey, make_survey, open_survey
from keheng.portal.enums.surveys import Audience, QuestionKind, SurveyState
from keheng.portal.forms.outreach import NothingForm
from keheng.portal.forms.surveys import SurveyForm, new_survey, survey_initial
from keheng.portal.models import Survey
from keheng.portal.queries.survey_results import Group, asked_questions, breakdown, frame_of, outcome_of, texts_of
from keheng.portal.queries.surveys import all_surveys
from keheng.portal.rules.occasions import after_what
from keheng.portal.views.asking import Asked, act_and_return, form_page, posted, worded
from keheng.portal.views.surveys import answer_address, drawn

SEE, EDIT = "portal.survey.see", "portal.survey.edit"
_STEPS = {
    "open": ("开始调查", open_survey, "调查已开始", "调查对象从此固定，题目不能再改。"),
    "close": ("结束调查", close_survey, "调查已结束，结果已公布", "结束后不能再答，结果会公布。不能恢复。"),
}


def _whom(one: Survey) -> str:
    """Whom a survey asks, and about what."""
    about = one.activity.title if one.activity else after_what(one.occasion, one.subject)
    return f"{one.get_audience_display()}：{about}" if about else str(one.get_audience_display())


def _titled(rows: Rows, text: str) -> Rows:
    return rows.filter(Q(title__icontains=text) | Q(number=text.upper()))


TABLE = register_table(
    Table(
        "portal.surveys", "调查",
        columns=(
            Column("title", "调查", sort="title", link=lambda one: reverse("manage:survey", args=[one.pk])),
            Column("number", "编号", sort="number", kind="code"),
            Column("audience", "对象", _whom), Column("questionnaire", "问卷", lambda one: str(one.questionnaire)),
            Column("closes_at", "截止", sort="closes_at", kind="time"), Column("answered", "已答", kind="integer"),
            Column("reached", "对象人数", lambda one: "不限" if one.reached is None else f"{one.reached:,}"),
            Column("state", "状态", "get_state_display", tag=lambda one: "ok" if one.state == SurveyState.OPEN else ""),
        ),
        filters=(
            Filter("q", "标题或编号", apply=_titled), Filter("state", "状态", "choice", choices=lambda: worded(SurveyState.choices)),
            Filter("audience", "对象", "choice", choices=lambda: worded(Audience.choices)), Filter("closes_at", "截止", "dates"),
        ),
        empty_title="还没有调查", empty_text="点“新建调查”，可以用现成的问卷。",
    )
)  # fmt: skip


@needs(SEE)
def survey_list(request: HttpRequest) -> HttpResponse:
    """All surveys."""
    return respond(request, TABLE, all_surveys(), "portal/surveys/manage_list.html")


@needs(SEE)
def survey_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: its questions, its link; once it is over its results, by group where one asks."""
    survey = get_object_or_404(all_surveys(), pk=pk)
    questions = asked_questions(survey)
    closed = survey.state == SurveyState.CLOSED
    outcome = outcome_of(survey) if closed else None
    scales = [one for one in questions if one.kind is QuestionKind.SCALE]
    choices = [one for one in questions if one.kind is QuestionKind.SINGLE]
    groups: list[Group] = []
    of, by = request.GET.get("of", ""), request.GET.get("by", "")
    if closed and of and by:
        try:
            groups = breakdown(survey, of, by)
        except KeyError:
            raise Http404 from None
    context = {
        "survey": survey, "questions": questions, "outcome": outcome, "results": drawn(outcome) if outcome else [],
        "texts": [(one.text(), texts_of(survey, one.code)) for one in questions if closed and one.kind is QuestionKind.TEXT],
        "address": answer_address(request, survey) if survey.audience == Audience.LINK and survey.state == SurveyState.OPEN else "",
        "after": after_what(survey.occasion, survey.subject), "frame": None if closed else frame_of(survey),
        "scales": scales, "choices": choices, "of": of, "by": by, "groups": groups,
    }  # fmt: skip
    return render(request, "portal/surveys/manage_page.html", context)


@needs(EDIT)
def survey_new(request: HttpRequest) -> HttpResponse:
    """Make a survey."""
    return _form(request, None)


@needs(EDIT)
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rewrite a survey that is not open yet."""
    return _form(request, get_object_or_404(Survey.objects.select_related("questionnaire"), pk=pk))


@needs(EDIT)
def survey_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Open or close, after a confirmation."""
    if step not in _STEPS:
        raise Http404
    title, act, done, hint = _STEPS[step]
    survey, back = get_object_or_404(Survey, pk=pk), reverse("manage:survey", args=[pk])
    if request.method == "POST":
        return act_and_return(request, lambda: act(actor=actor_of(request), survey=pk), done, back)
    crumbs = (("调查", reverse("manage:surveys")), (survey.title, back))
    return form_page(request, Asked(f"{title}：{survey.title}", title, back, hint, danger=step == "close", crumbs=crumbs), NothingForm())


def _form(request: HttpRequest, survey: Survey | None) -> HttpResponse:
    back = reverse("manage:survey", args=[survey.pk]) if survey else reverse("manage:surveys")
    asked = Asked(
        "修改调查" if survey else "新建调查",
        "保存",
        back,
        "所有调查都是匿名的：参与标记和答卷分开保存，不能对上。",
        crumbs=(("调查", reverse("manage:surveys")),),
    )
    form = SurveyForm(posted(request), initial=survey_initial(survey) if survey else new_survey())
    problems: tuple[Problem, ...] = ()
    made: list[Survey] = []
    if request.method == "POST" and form.is_valid():
        facts, wrong = form.facts()
        actor = actor_of(request)
        problems = tuple(wrong) or attempt(
            lambda: made.append(
                change_survey(actor=actor, survey=survey.pk, facts=facts) if survey else make_survey(actor=actor, facts=facts)
            )
        )  # fmt: skip
    if not made:
        return form_page(request, asked, form, problems, "portal/surveys/form.html")
    messages.success(request, "已保存")
    return redirect("manage:survey", pk=made[0].pk)
