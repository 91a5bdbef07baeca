"""Organisations in from a sheet."""

from __future__ import annotations

from base64 import b64encode
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from keheng.directory.actions.importing import check_sheet, import_organisations, organisation_sheet
from keheng.directory.actions.organisations import NOTHING
from keheng.directory.forms import ImportForm
from keheng.directory.rules.scopes import reaches_district
from keheng.directory.views.answers import UNPROCESSABLE, Ask, form_page, posted
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Refused, attempt
from keheng.kernel.spreadsheets import error_sheet, template
from keheng.kernel.tables.exporting import MEDIA_TYPE
from keheng.kernel.tables.responding import attachment

IMPORT = "directory.organisation.import"
_MOST_BYTES = 10 << 20
_SHOWN = 100


@needs(IMPORT)
def organisation_template(_request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    return attachment(template(organisation_sheet()), "单位导入模板.xlsx")


@needs(IMPORT)
def organisation_import(request: HttpRequest) -> HttpResponse:
    """Import a sheet: all rows, or none and the sheet comes back with every problem marked."""
    actor = actor_of(request)
    back = reverse("directory:organisations")
    ask = Ask("导入单位", "检查并导入", "全部检查无误才会导入；有问题的，会退回标出问题的表格。", back=back, crumbs=(("单位", back),))
    form = ImportForm(posted(request), request.FILES or None, actor=actor)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, ask, form)
    data = form.cleaned_data["file"].read(_MOST_BYTES + 1)
    said = frozenset({"DIR_NAME_ALIKE"}) if form.cleaned_data["like"] else NOTHING
    try:
        outcome = check_sheet(data, partial(reaches_district, actor, IMPORT), said)
    except Refused as refusal:
        return form_page(request, ask, form, refusal.problems)
    if outcome.problems:
        sheet = b64encode(error_sheet(data, organisation_sheet(), outcome)).decode()
        rows = {fault.row for fault in outcome.problems}
        context = {
            "ask": ask, "form": ImportForm(actor=actor), "faults": outcome.problems[:_SHOWN], "count": len(outcome.problems),
            "rows": len(rows), "sheet": f"data:{MEDIA_TYPE};base64,{sheet}",
        }  # fmt: skip
        return render(request, "directory/import_faults.html", context, status=UNPROCESSABLE)
    problems = attempt(lambda: import_organisations(actor=actor, rows=outcome.rows, accepted=said))
    if problems:
        return form_page(request, ask, form, problems)
    messages.success(request, f"已导入 {len(outcome.rows)} 个单位")
    return redirect(back)
