"""From a table and its rows to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.timezone import localdate

from keheng.kernel.doors import actor_of, proof_asked
from keheng.kernel.errors import Refused
from keheng.kernel.tables.asking import kept_query
from keheng.kernel.tables.exporting import MEDIA_TYPE, export_at_once, hand_over
from keheng.kernel.tables.showing import show
from keheng.kernel.tables.table import Rows, Table

UNPROCESSABLE = 422


def respond(
    request: HttpRequest, table: Table, rows: Rows, template: str, context: Mapping[str, Any] | None = None, *, scope: str = "",
) -> HttpResponse:  # fmt: skip
    """The page with the list as ``table`` in its context, or the sheet where it was posted with ``export``.

    ``rows`` are those the actor may see; what their columns read should be joined. ``scope`` is what ``table.exports`` needs to find
    the same rows again. A view that uses it must accept POST.
    """
    if request.method == "POST" and "export" in request.POST:
        bound = table.export_permission and table.may_export(actor_of(request))
        asked = proof_asked(request, table.export_permission) if bound else None
        return asked or _export(request, table, rows, scope)
    shown = show(request, table, rows)
    return render(request, template, {**(context or {}), "table": shown})


def attachment(content: bytes, name: str) -> HttpResponse:
    """A workbook to be saved under a name."""
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"})


def _export(request: HttpRequest, table: Table, rows: Rows, scope: str) -> HttpResponse:
    actor, query = actor_of(request), kept_query(table, request.GET)
    back = HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    try:
        made = export_at_once(actor=actor, table=table, rows=table.exports(actor, scope) if table.exports else rows, query=query)
    except Refused as refused:
        messages.error(request, "；".join(f"{one.zh}：{one.remedy_zh}" for one in refused.problems))
        return back
    if made is None:
        hand_over(actor=actor, table=table, query=query, scope=scope)
        messages.success(request, "记录较多，正在后台生成表格；完成后会在“消息”中告诉您，可以从那里下载。")
        return back
    return attachment(made.content, f"{table.title}-{localdate()}.xlsx")
