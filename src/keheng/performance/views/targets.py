"""Pages of targets: the table with last year beside it and warnings, rows, submission, approval, the library."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.row_numbers import whole
from keheng.performance.actions.targets import (
    add_indicator,
    begin_goals,
    change_indicator,
    decide_goals,
    facts_of,
    note_goals,
    remove_indicator,
    submit_goals,
    write_goal,
)
from keheng.performance.enums import EvidenceKind, GoalState
from keheng.performance.forms.base import NothingForm, packed, unpacked
from keheng.performance.forms.targets import DecisionForm, DocumentForm, GoalForm, IndicatorForm, NoteForm
from keheng.performance.models import GoalVersion, Indicator, Project
from keheng.performance.queries.advising import on_goal, on_row, warnings_of
from keheng.performance.queries.audit import findings_of
from keheng.performance.queries.evaluations import targets_form
from keheng.performance.queries.money import funds_of
from keheng.performance.queries.projects import (
    EDIT,
    SEE,
    goals_in_force,
    last_year,
    may,
    name_of,
    open_rectifications,
    projects_for,
    rows_of,
    standing_goals,
)
from keheng.performance.rules.library import label_of, library
from keheng.performance.rules.targets import LONGEST_GOAL, section_sums, target_of, weight_sum, weight_wanted
from keheng.performance.rules.values import actual_text
from keheng.performance.views.asking import Asked, act_and_return, answered, crumbs_of, posted, project_of

APPROVE = "performance.goals.approve"


def _address(project: Project) -> str:
    return reverse("performance:targets", args=[project.pk])


def _draft(request: HttpRequest, pk: int, permission: str = EDIT) -> GoalVersion:
    found = GoalVersion.objects.filter(project__in=projects_for(actor_of(request), permission))
    return get_object_or_404(found.select_related("project__unit", "project__department"), pk=pk)


@needs(SEE)
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    """The targets: those worked on, else those in force."""
    project = project_of(request, pk)
    force, work = standing_goals(project)
    goals = work or force
    rows = rows_of(goals) if goals else []
    before = last_year(project)
    context = {
        "project": project, "tab": "targets", "goals": goals, "force": force, "rows": [_shown(row, before, project) for row in rows],
        "total": weight_sum(rows), "wanted": weight_wanted(project.layout),
        "sections": [(label_of("level1", code, project.layout), total) for code, total in section_sums(rows).items()],
        "findings": findings_of(targets_form(project, goals, rows, funds_of(project))) if goals and rows else [],
        "dropped": [one for name, one in before.items() if name not in {name_of(row) for row in rows}] if goals else [],
        "rectifications": open_rectifications(project),
        "mine": may(actor_of(request), EDIT, project), "states": GoalState,
    }  # fmt: skip
    return render(request, "performance/targets.html", context)


def _shown(row: Indicator, before: Any, project: Project) -> dict[str, Any]:
    """A row beside last year's, with what is to be said of it."""
    then = before.get(name_of(row))
    return {
        "row": row, "target": target_of(row).printed(), "level1": label_of("level1", row.level1, project.layout),
        "level2": label_of("level2", row.level2, project.layout), "warnings": warnings_of(row, before),
        "then": None if then is None else (target_of(then.indicator).printed(), actual_text(then.actual, then.indicator.unit, then.words)),
        "proof": EvidenceKind(row.evidence).label,
    }  # fmt: skip


@needs(EDIT)
def targets_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin targets, or an adjustment of those in force."""
    project, actor = project_of(request, pk, EDIT), actor_of(request)
    if goals_in_force(project) is None:
        form: NothingForm | DocumentForm = NothingForm(posted(request))
        hint = "有上年项目的，会带入上年的目标和指标，供修改。"
        asked = Asked("申报绩效目标", "开始申报", _address(project), hint, crumbs=crumbs_of(project))
        return answered(request, asked, form, lambda: begin_goals(actor=actor, project=pk), "可以填写了")
    form = DocumentForm(posted(request))
    asked = Asked("调整绩效目标", "开始调整", _address(project), "批复前，现行目标继续有效。", crumbs=crumbs_of(project))
    return answered(request, asked, form, lambda: begin_goals(actor=actor, project=pk, **form.cleaned_data), "可以调整了")


@needs(EDIT)
def goal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the goal."""
    goals = _draft(request, pk)
    form = GoalForm(posted(request), initial={"goal": goals.goal, "base": goals.goal})
    advice = {"advice": reverse("performance:goals-advice", args=[pk])}
    asked = Asked("年度总体目标", "保存", _address(goals.project), crumbs=crumbs_of(goals.project), more=advice)

    def act() -> None:
        write_goal(actor=actor_of(request), goals=pk, base=form.cleaned_data["base"], goal=form.cleaned_data["goal"])

    return answered(request, asked, form, act, "已保存")


@needs(EDIT)
def indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a row; ``key`` of the library fills it in."""
    goals = _draft(request, pk)
    known = library().get(request.GET.get("key", ""))
    usual = {
        "title": known.title, "level1": known.level1, "level2": known.level2, "target": known.targets[0] if known.targets else "",
        "evidence": known.evidence, "measure": known.measure, "direction": known.direction,
        "scope": " ".join(f"{name}={value}" for name, value in known.scope.items()),
    } if known else {}  # fmt: skip
    form = IndicatorForm(posted(request), initial=usual)
    asked = Asked(
        "添加指标", "添加", _address(goals.project), crumbs=crumbs_of(goals.project),
        more={
            "known": form.known(), "library": f"{reverse('performance:library')}?goals={pk}",
            "advice": reverse("performance:goals-advice", args=[pk]),
        },
    )  # fmt: skip
    return answered(request, asked, form, lambda: add_indicator(actor=actor_of(request), goals=pk, facts=form.facts()), "已添加")


def _row(request: HttpRequest, pk: int) -> Indicator:
    found = Indicator.objects.filter(goals__project__in=projects_for(actor_of(request), EDIT)).select_related("goals__project")
    return get_object_or_404(found, pk=pk)


@needs(EDIT)
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row."""
    row = _row(request, pk)
    facts = facts_of(row)
    form = IndicatorForm(posted(request), initial={**IndicatorForm.shown(facts), "base": packed(facts.plain())})
    project = row.goals.project
    more = {"known": form.known(), "advice": f"{reverse('performance:goals-advice', args=[row.goals_id])}?indicator={pk}"}
    asked = Asked(f"修改指标：{row.title}", "保存", _address(project), crumbs=crumbs_of(project), more=more)

    def act() -> None:
        base = unpacked(form.cleaned_data["base"], facts.plain())
        change_indicator(actor=actor_of(request), indicator=pk, base=base, facts=form.facts())

    return answered(request, asked, form, act, "已保存")


@needs(EDIT)
def indicator_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row out."""
    row = _row(request, pk)
    project = row.goals.project
    asked = Asked(f"删除指标：{row.title}", "删除", _address(project), "删除后分值需要重新分配。", danger=True, crumbs=crumbs_of(project))
    return answered(request, asked, NothingForm(posted(request)), lambda: remove_indicator(actor=actor_of(request), indicator=pk), "已删除")


@needs(EDIT)
@require_POST
def goals_advice(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be said of the goal, or of a row, as it is typed: a piece of the page."""
    goals = _draft(request, pk)
    if "goal" in request.POST:
        return render(request, "performance/advice.html", {"findings": on_goal(goals, request.POST["goal"][:LONGEST_GOAL])})
    form, indicator = IndicatorForm(request.POST), request.GET.get("indicator", "")
    form.is_valid()
    if not form.cleaned_data.get("title") or not form.cleaned_data.get("target"):
        return render(request, "performance/advice.html", {})
    warnings, findings = on_row(goals, form.so_far(), whole(indicator))
    return render(request, "performance/advice.html", {"warnings": warnings, "findings": findings})


@needs(EDIT)
def goals_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why indicators of last year are left out."""
    goals = _draft(request, pk)
    form = NoteForm(posted(request), initial={"note": goals.note})
    asked = Asked("未延续指标的说明", "保存", _address(goals.project), crumbs=crumbs_of(goals.project))
    return answered(request, asked, form, lambda: note_goals(actor=actor_of(request), goals=pk, **form.cleaned_data), "已保存")


@needs(EDIT)
@require_POST
def goals_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for approval."""
    goals = _draft(request, pk)
    return act_and_return(request, lambda: submit_goals(actor=actor_of(request), goals=pk), "已提交批复", _address(goals.project))


@needs(APPROVE)
def goals_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or send back."""
    goals = _draft(request, pk, APPROVE)
    form = DecisionForm(posted(request))
    asked = Asked(f"批复绩效目标：{goals.project.title}", "确定", _address(goals.project), crumbs=crumbs_of(goals.project))

    def act() -> None:
        values = form.cleaned_data
        decide_goals(actor=actor_of(request), goals=pk, approved=values["approved"] == "yes", reason=values["reason"])

    return answered(request, asked, form, act, "已办理")


@needs(SEE)
def library_page(request: HttpRequest) -> HttpResponse:
    """The indicator library: usual names, units, targets, what proves each."""
    asked, goals = request.GET.get("q", "").strip(), request.GET.get("goals", "")
    known = [one for one in library().values() if asked in one.title]
    rows = [
        {
            "one": one, "level1": label_of("level1", one.level1), "level2": label_of("level2", one.level2),
            "proof": EvidenceKind(one.evidence).label,
        }
        for one in known
    ]  # fmt: skip
    context = {"rows": rows, "q": asked, "goals": whole(goals)}
    return render(request, "performance/library.html", context)
