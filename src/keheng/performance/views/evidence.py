"""Pages of evidence: a signed form cell by cell, a reading with its definition and rows, outside figures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from keheng.appraisal.scoring.rounding import plain
from keheng.directory.service import organisations_for
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Refused, problem
from keheng.kernel.measures import Records, Row, opened
from keheng.kernel.powers import Principal
from keheng.kernel.row_numbers import whole
from keheng.kernel.spreadsheets import error_sheet, read_rows, template
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.performance.actions.certificates import enter_certificate
from keheng.performance.actions.evaluations import keep_proof
from keheng.performance.actions.outside import enter_figure, figure_of, figure_sheet, import_figures
from keheng.performance.actions.reading import export_rows, printed
from keheng.performance.enums import EvaluationState
from keheng.performance.forms.evaluations import FigureForm, UnitFileForm
from keheng.performance.models import FrozenReading, OutsideFigure, SelfEvaluation
from keheng.performance.queries.changes import changes_of
from keheng.performance.queries.projects import EDIT, SEE, projects_for
from keheng.performance.queries.proof import proof_of
from keheng.performance.queries.readings import again, evidence_rows, measure_of, period_of, readings_for, unit_of
from keheng.performance.rules.certificates import paper_of
from keheng.performance.rules.library import column_names
from keheng.performance.views.asking import UNPROCESSABLE, Asked, answered, attachment, form_page, posted
from keheng.performance.views.projects import XLSX

ROWS = "site.measures.see"
_PAGE, _CHANGED_SHOWN, _SHOWN, _MOST_BYTES, _WIDE = 50, 50, 100, 10 << 20, 12


def signed_for(request: HttpRequest, pk: int) -> SelfEvaluation:
    """A signed form that the actor may see; 404 otherwise."""
    found = SelfEvaluation.objects.filter(
        project__in=projects_for(actor_of(request)), state__in=[EvaluationState.FROZEN, EvaluationState.RETURNED]
    )
    return get_object_or_404(found.select_related("project__unit", "project__department", "project__previous", "goals"), pk=pk)


@needs(SEE)
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed form computed again, cell by cell."""
    row = signed_for(request, pk)
    return render(
        request, "performance/proof.html", {"proof": proof_of(row), "project": row.project, "tab": "evaluation", "evaluation": row}
    )


def _reading(request: HttpRequest, pk: int) -> FrozenReading:
    return get_object_or_404(readings_for(actor_of(request)), pk=pk)


def _plain(text: str) -> str:
    """A stored figure as people read it."""
    return plain(Decimal(text)) if text else ""


def linked(records: Records | None, actor: Principal, rows: Sequence[Row], names: list[str]) -> list[list[tuple[str, str]]]:
    """Rows as texts, each with its address: the record's own page stands behind its name, where the reader may open it."""
    keys = [row.get(records.key) for row in rows] if records else []
    addresses = opened(records, actor, [key for key in keys if key is not None])
    at = names.index(records.column) if records and records.column in names else -1
    return [
        [(text, addresses.get(key, "") if place == at else "") for place, text in enumerate(printed(row, names))]
        for row, key in zip(rows, keys or [None] * len(rows), strict=True)
    ]


def upright(names: list[str], lines: list[list[tuple[str, str]]]) -> list[tuple[str, tuple[str, str]]]:
    """One record of many columns, to be read from top to bottom; nothing where a table is read better."""
    return list(zip(names, lines[0], strict=True)) if len(lines) == 1 and len(names) > _WIDE else []


@needs(SEE)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """A figure with everything behind it: definition, formula, period, scope, rows, what changed since."""
    row = _reading(request, pk)
    found, measure = again(row, rows=True), measure_of(row.code)
    page = asked if 0 < (asked := whole(request.GET.get("page", "")) or 0) < 10**6 else 1
    open_to = actor_of(request).may(ROWS)
    lines = evidence_rows(row, (page - 1) * _PAGE, _PAGE + 1) if open_to else []
    changes = changes_of(found, actor_of(request), _CHANGED_SHOWN) if open_to and not found.holds else []
    records = measure.records if measure else None
    shown = [*lines, *(one.row for one in changes if one.row is not None)]
    # The id behind a name is for machines.
    hidden = {records.key} - {records.column} if records else set()
    names = [name for name in dict.fromkeys(name for line in shown for name in line) if name not in hidden]
    told = [column_names().get(name, name) for name in names]
    shown_lines = linked(records, actor_of(request), lines[:_PAGE], names)
    context = {
        "reading": row, "again": found, "measure": measure, "period": period_of(row), "open_to": open_to,
        "names": told, "lines": shown_lines, "upright": upright(told, shown_lines), "page": page, "more": len(lines) > _PAGE,
        "changes": [(one, printed(one.row, names) if one.row else []) for one in changes], "named": bool(records),
        "unit": unit_of(measure, period_of(row), row.scope) if measure else "",
        "value": _plain(row.value), "now": _plain(found.now.value) if found.now else "",
        "numerator": _plain(row.numerator), "denominator": _plain(row.denominator),
        "difference": "" if found.difference is None else _plain(str(found.difference)), "last": period_of(row).last_day,
    }  # fmt: skip
    return render(request, "performance/reading.html", context)


@needs(ROWS)
def reading_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows behind a figure as XLSX."""
    row = _reading(request, pk)
    return attachment(export_rows(actor=actor_of(request), reading=row), f"依据 {row.code} {row.begin}.xlsx", XLSX)


def _file(row: OutsideFigure) -> str:
    return reverse("uploads:file", args=[row.digest, row.file_title]) if row.digest else ""


TABLE = register_table(Table(
    "performance.outside", "外部数据",
    columns=(
        Column("title", "数据", sort="title"), Column("key", "代码", sort="key"), Column("value", "数值", kind="decimal"),
        Column("measured_in", "单位"), Column("begin", "自", sort="begin", kind="date"),
        Column("last", "至", lambda row: row.end.fromordinal(row.end.toordinal() - 1), kind="date"),
        Column("origin", "来源"), Column("reference", "来源编号"),
        Column("file", "文件", "file_title", link=_file),
        Column("unit", "单位名称", "unit.name", shown=False),
    ),
    filters=(Filter("q", "数据名称", apply=lambda rows, text: holding(rows, "title", text)), Filter("key", "代码", apply="key")),
    order="-begin", empty_title="还没有外部数据",
    empty_text="平台以外的数字（带宽、论文、专利等）登记在这里，附上来源和文件，就能像系统指标一样核验。",
))  # fmt: skip


def units_of(actor: Principal) -> list[tuple[int, str]]:
    """Units whose projects one makes, by name."""
    own = projects_for(actor, EDIT).values("unit")
    return list(organisations_for(actor).filter(pk__in=own).order_by("name").values_list("pk", "name"))


@needs(SEE)
def outside(request: HttpRequest) -> HttpResponse:
    """Outside figures of units whose projects one sees."""
    rows = OutsideFigure.objects.filter(unit__in=projects_for(actor_of(request)).values("unit")).select_related("unit")
    return respond(request, TABLE, rows, "performance/outside.html")


@needs(EDIT)
def outside_new(request: HttpRequest) -> HttpResponse:
    """Enter a figure."""
    actor, back = actor_of(request), reverse("performance:outside")
    form = FigureForm(posted(request), request.FILES or None, units=units_of(actor))
    asked = Asked("登记外部数据", "登记", back, crumbs=(("外部数据", back),))

    def act() -> None:
        file = form.cleaned_data["file"]
        if file and paper_of(file.read(_MOST_BYTES + 1)) is not None:
            raise Refused(problem("PERF_CERTIFICATE_TYPED", "file"))
        if file:
            file.seek(0)
        kept = keep_proof(file) if file else None
        enter_figure(actor=actor, unit=form.cleaned_data["unit"], figure=form.figure(), file=kept, file_title=file.name if file else "")

    return answered(request, asked, form, act, "已登记")


@needs(EDIT)
def outside_template(_request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    return attachment(template(figure_sheet()), "外部数据导入模板.xlsx", XLSX)


@needs(EDIT)
def outside_import(request: HttpRequest) -> HttpResponse:
    """Import a sheet of figures, or a certificate of load: what is imported is kept as their file."""
    actor, back = actor_of(request), reverse("performance:outside")
    form = UnitFileForm(posted(request), request.FILES or None, units=units_of(actor))
    asked = Asked("导入外部数据", "检查并导入", back, "全部检查无误才会导入；表格或证书本身存档为依据。", crumbs=(("外部数据", back),))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, asked, form)
    file = form.cleaned_data["file"]
    unit, data = form.cleaned_data["unit"], file.read(_MOST_BYTES + 1)
    file.seek(0)
    try:
        if (paper := paper_of(data)) is not None:
            count = enter_certificate(actor=actor, unit=unit, paper=paper, file=keep_proof(file), file_title=file.name)
            messages.success(request, f"证书签名有效，已登记 {count} 个数字")
            return redirect(back)
        outcome = read_rows(data, figure_sheet())
        if outcome.problems:
            sheet = b64encode(error_sheet(data, figure_sheet(), outcome)).decode()
            context = {
                "asked": asked,
                "faults": outcome.problems[:_SHOWN],
                "count": len(outcome.problems),
                "sheet": f"data:{XLSX};base64,{sheet}",
            }
            return render(request, "performance/faults.html", context, status=UNPROCESSABLE)
        figures = [figure_of(one) for one in outcome.rows]
        count = import_figures(actor=actor, unit=unit, figures=figures, file=keep_proof(file), file_title=file.name)
    except Refused as refusal:
        return form_page(request, asked, form, refusal.problems)
    messages.success(request, f"已导入 {count} 条")
    return redirect(back)
