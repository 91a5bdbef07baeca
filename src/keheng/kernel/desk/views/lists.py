"""Choices for lists, and sheets made in the background."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from keheng.kernel.desk.exports import exports_folder, note_download
from keheng.kernel.desk.lists import choose_columns, forget_filter, save_filter
from keheng.kernel.desk.models import Export
from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.errors import attempt
from keheng.kernel.tables.exporting import MEDIA_TYPE
from keheng.kernel.tables.table import Table, table_of
from keheng.kernel.ways_back import way_back


def back_to(request: HttpRequest, otherwise: str = "/") -> HttpResponseRedirect:
    """Where the form said it stands, on this site only."""
    return HttpResponseRedirect(way_back(request, otherwise))


def _table(code: str) -> Table:
    found = table_of(code)
    if found is None:
        raise Http404
    return found


@signed_in
@require_POST
def columns(request: HttpRequest, code: str) -> HttpResponse:
    """Remember columns and rows on a page."""
    reset = "reset" in request.POST
    chosen = [] if reset else request.POST.getlist("column")
    choose_columns(
        account=actor_of(request).account, table=_table(code), columns=chosen, size="" if reset else request.POST.get("size", "")
    )
    return back_to(request)


@signed_in
@require_POST
def filter_save(request: HttpRequest, code: str) -> HttpResponse:
    """Keep filters under a name."""
    table, name = _table(code), request.POST.get("name", "")
    problems = attempt(lambda: save_filter(actor=actor_of(request), table=table, name=name, query=request.POST.get("query", "")[:2000]))
    if problems:
        messages.error(request, "；".join(f"{one.zh}：{one.remedy_zh}" for one in problems))
    else:
        messages.success(request, f"已保存常用筛选：{' '.join(name.split())}")
    return back_to(request)


@signed_in
@require_POST
def filter_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one."""
    if not forget_filter(actor=actor_of(request), number=pk):
        raise Http404
    messages.success(request, "已删除常用筛选")
    return back_to(request)


@signed_in
@require_GET
def export(request: HttpRequest, pk: int) -> FileResponse:
    """Download a sheet that was made for oneself."""
    actor = actor_of(request)
    row = get_object_or_404(Export.objects.exclude(file=""), pk=pk, account=actor.account)
    path = exports_folder() / row.file
    if not path.is_file():
        raise Http404
    name = note_download(actor=actor, export=row)
    response = FileResponse(path.open("rb"), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
