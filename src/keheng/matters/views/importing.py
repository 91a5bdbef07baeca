"""Many cases from a sheet: the blank one, the upload, how far it is, and the sheet that comes back with its faults."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, Refused
from keheng.kernel.spreadsheets import template
from keheng.kernel.tables.responding import attachment
from keheng.matters.actions.importing import MOST_BYTES, begin_import, fetch_answer
from keheng.matters.forms import SheetForm
from keheng.matters.models import CaseImport
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import all_in_force, in_force
from keheng.matters.rules.importing import IMPORT, comes_by_sheets, sheet_of

UNPROCESSABLE = 422
_SHOWN = 20


def _importable(name: str) -> Read:
    read = in_force(name, localdate())
    if read is None or not comes_by_sheets(read.matter):
        raise Http404
    return read


@needs(IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """The matters whose cases come in by sheets, and one's latest sheets."""
    matters = [read.matter for read in all_in_force(localdate()) if comes_by_sheets(read.matter)]
    titles = {one.id: one.title for one in matters}
    rows = CaseImport.objects.filter(account=actor_of(request).account).defer("sheet", "answer").order_by("-pk")[:_SHOWN]
    return render(request, "matters/work/imports.html", {"matters": matters, "rows": [(one, titles.get(one.matter, "")) for one in rows]})


@needs(IMPORT)
def bring_in(request: HttpRequest, name: str) -> HttpResponse:
    """Hand a sheet in."""
    read, actor = _importable(name), actor_of(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = begin_import(actor=actor, matter=name, name=file.name, data=file.read(MOST_BYTES + 1), partly=form.cleaned_data["partly"])
        except Refused as refused:
            problems = tuple(refused.problems)
        else:
            messages.success(request, "已收到表格，正在处理")
            return redirect("casework:import-progress", row.pk)
    context = {"matter": read.matter, "form": form, "problems": problems, "many": not actor.unit}
    return render(request, "matters/work/import.html", context, status=UNPROCESSABLE if problems or form.errors else 200)


@needs(IMPORT)
def blank(request: HttpRequest, name: str) -> HttpResponse:
    """The sheet to fill in."""
    matter = _importable(name).matter
    return attachment(template(sheet_of(matter, many_units=not actor_of(request).unit)), f"{matter.title}导入模板.xlsx")


def _own(request: HttpRequest, pk: int) -> CaseImport:
    return get_object_or_404(CaseImport.objects.defer("sheet"), pk=pk, account=actor_of(request).account)


@needs(IMPORT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a sheet is, and what became of it."""
    row = _own(request, pk)
    read = in_force(row.matter, localdate())
    return render(request, "matters/work/import_progress.html", {"row": row, "matter": read.matter if read is not None else None})


@needs(IMPORT)
def faults(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet with everything wrong marked in it; taking it is noted."""
    row = _own(request, pk)
    if not row.answer:
        raise Http404
    return attachment(fetch_answer(actor=actor_of(request), row=row), f"请修改-{row.name.rpartition('.')[0] or row.name}.xlsx")
