"""Pages of projects: the list, one project with its money, adjustments, payments, import."""

from __future__ import annotations

from base64 import b64encode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.service import organisations_for
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Refused
from keheng.kernel.spreadsheets import Import, error_sheet, template
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.performance.actions.projects import (
    adjust_budget,
    check_execution,
    execution_sheet,
    import_execution,
    open_project,
    payment_of,
    post_execution,
)
from keheng.performance.enums import EvaluationState, Source
from keheng.performance.forms.base import FileForm
from keheng.performance.forms.projects import AdjustmentForm, PaymentForm, ProjectForm
from keheng.performance.models import Project
from keheng.performance.queries.drawing import wan
from keheng.performance.queries.money import funds_of, in_all, rate_of
from keheng.performance.queries.projects import (
    EDIT,
    SEE,
    current_evaluation,
    may,
    open_rectifications,
    projects_for,
    standing_goals,
    years,
)
from keheng.performance.queries.standing import standing
from keheng.performance.rules.library import layout_choices
from keheng.performance.views.asking import UNPROCESSABLE, Asked, answered, attachment, crumbs_of, form_page, posted, project_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_BYTES, _SHOWN = 10 << 20, 100
_KINDS = ("authority", "institution", "institute")


def _address(row: Project) -> str:
    return reverse("performance:project", args=[row.pk])


def _year(rows: Rows, value: object) -> Rows:
    return rows.filter(year=value)


def _stood(rows: Rows, value: object) -> Rows:
    if value == "none":
        return rows.exclude(evaluations__state__in=[one for one in EvaluationState.values if one != EvaluationState.RETURNED])
    return rows.filter(evaluations__state=value)


_TAGS = {"draft": "warn", "submitted": "brand", "reviewed": "brand", "frozen": "ok"}


def _standing(row: Project) -> tuple[str, str]:
    """How far the self-evaluation of a project with prefetched rounds is, with its tag."""
    current = next((one for one in row.evaluations.all() if one.state != EvaluationState.RETURNED), None)
    if current is None:
        return "没有开始", ""
    return f"{EvaluationState(current.state).label} {standing(current).text}".rstrip(), _TAGS[current.state]


def _layouts(row: Project) -> str:
    return dict(layout_choices())[row.layout]


TABLE = register_table(Table(
    "performance.projects", "绩效项目",
    columns=(
        Column("title", "项目", sort="title", link=_address),
        Column("year", "年度", sort="year", kind="integer"),
        Column("code", "编码", sort="code"),
        Column("unit", "实施单位", "unit.name"),
        Column("layout", "表式", _layouts, shown=False),
        Column("state", "自评", lambda row: _standing(row)[0], tag=lambda row: _standing(row)[1]),
    ),
    filters=(
        Filter("q", "项目名称", apply="title"),
        Filter("year", "年度", "choice", apply=_year, choices=lambda: [(str(one), f"{one} 年") for one in years()]),
        Filter("state", "自评", "choice", apply=_stood, choices=lambda: [("none", "没有开始"), *EvaluationState.choices]),
    ),
    order="-year", empty_title="还没有绩效项目", empty_text="登记一个项目，填报年初预算，再申报绩效目标。",
))  # fmt: skip


@needs(SEE)
def projects(request: HttpRequest) -> HttpResponse:
    """Projects that one sees."""
    rows = projects_for(actor_of(request)).select_related("unit").prefetch_related("evaluations__recheck")
    return respond(request, TABLE, rows, "performance/projects.html")


@needs(SEE)
def project_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: where it stands and its money."""
    row = project_of(request, pk)
    funds, (force, work), current = funds_of(row), standing_goals(row), current_evaluation(row)
    context = {
        "project": row, "tab": "project", "funds": [(Source(source).label, one) for source, one in funds.items()], "total": in_all(funds),
        "annual": wan(in_all(funds).annual), "executed": wan(in_all(funds).executed),
        "rate": rate_of(in_all(funds), row.layout),
        "adjustments": row.adjustments.order_by("-decided_on", "-pk"), "payments": row.executions.order_by("-paid_on", "-pk")[:50],
        "force": force, "work": work, "evaluation": current, "counts": standing(current) if current else None,
        "rectifications": open_rectifications(row), "mine": may(actor_of(request), EDIT, row),
        "layout": _layouts(row),
    }  # fmt: skip
    return render(request, "performance/project.html", context)


@needs(EDIT)
def project_new(request: HttpRequest) -> HttpResponse:
    """Set a project up."""
    actor, back = actor_of(request), reverse("performance:projects")
    units = organisations_for(actor).filter(kind__in=_KINDS, status="active").order_by("name").values_list("pk", "name")[:500]
    before = projects_for(actor, EDIT).filter(following=None).order_by("-year", "title")[:500]
    form = ProjectForm(
        posted(request), units=list(units), projects=[(one.pk, str(one)) for one in before], initial={"year": localdate().year}
    )
    asked = Asked("登记绩效项目", "登记", back, crumbs=(("绩效项目", back),))
    return answered(request, asked, form, lambda: open_project(actor=actor, facts=form.facts(), budget=form.budget()), "已登记")


@needs(EDIT)
def project_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the budget by a document."""
    row = project_of(request, pk, EDIT)
    form = AdjustmentForm(posted(request), initial={"decided_on": localdate()})
    asked = Asked("调整预算", "登记调整", _address(row), crumbs=crumbs_of(row))
    return answered(request, asked, form, lambda: adjust_budget(actor=actor_of(request), project=pk, **form.facts()), "已登记调整")


@needs(EDIT)
def project_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a payment."""
    row = project_of(request, pk, EDIT)
    form = PaymentForm(posted(request), initial={"paid_on": localdate()})
    asked = Asked("登记支付", "登记", _address(row), crumbs=crumbs_of(row))
    return answered(request, asked, form, lambda: post_execution(actor=actor_of(request), project=pk, payment=form.payment()), "已登记")


@needs(EDIT)
def execution_template(_request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    return attachment(template(execution_sheet()), "预算执行导入模板.xlsx", XLSX)


@needs(EDIT)
def execution_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Import a sheet of the finance system: all rows, or none; rows that are known are passed over."""
    row = project_of(request, pk, EDIT)
    asked = Asked(
        "导入预算执行", "检查并导入", _address(row), "按凭证号识别：同一文件再次导入不会重复计数。有问题的，会退回标出问题的表格。",
        crumbs=crumbs_of(row),
    )  # fmt: skip
    form = FileForm(posted(request), request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, asked, form)
    data = form.cleaned_data["file"].read(_MOST_BYTES + 1)
    try:
        outcome = check_execution(data, row)
        if outcome.problems:
            return _faults(request, asked, data, outcome)
        new, known = import_execution(actor=actor_of(request), project=pk, payments=[payment_of(one) for one in outcome.rows])
    except Refused as refusal:
        return form_page(request, asked, form, refusal.problems)
    messages.success(request, f"已导入 {new} 笔" + (f"，另有 {known} 笔以前已导入" if known else ""))
    return redirect(_address(row))


def _faults(request: HttpRequest, asked: Asked, data: bytes, outcome: Import) -> HttpResponse:
    sheet = b64encode(error_sheet(data, execution_sheet(), outcome)).decode()
    context = {"asked": asked, "faults": outcome.problems[:_SHOWN], "count": len(outcome.problems), "sheet": f"data:{XLSX};base64,{sheet}"}
    return render(request, "performance/faults.html", context, status=UNPROCESSABLE)
