"""Outreach records: a public page of what was published, and the pages of staff who enter it."""

from __future__ import annotations

from base64 import b64encode

from django.contrib import messages
from django.core.files import File
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs, shared
from keheng.kernel.errors import Problem, Refused, attempt
from keheng.kernel.row_numbers import whole
from keheng.kernel.spreadsheets import error_sheet, template
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.portal.actions.media import (
    attach_copy,
    check_link,
    check_media,
    enter_media,
    export_media,
    import_media,
    keep_copy,
    media_sheet,
)
from keheng.portal.enums.media import LinkState, MediaKind
from keheng.portal.forms.media import CopyForm, MediaForm
from keheng.portal.forms.outreach import FileForm
from keheng.portal.models import MediaItem
from keheng.portal.queries.media import media_of, saying, years_of_media
from keheng.portal.rules.media import LONGEST_TITLE
from keheng.portal.views.asking import UNPROCESSABLE, Asked, act_and_return, form_page, posted, worded
from keheng.portal.views.files import XLSX, attachment
from keheng.portal.views.showing import query_of, show

SEE, EDIT = "portal.media.see", "portal.media.edit"
_A_PAGE, _SHOWN, _MOST_BYTES = 30, 100, 10 << 20


def _year(request: HttpRequest) -> int | None:
    asked = whole(request.GET.get("year", "")) or 0
    return asked if asked in range(1000, 10000) else None


def _years() -> list[tuple[str, str]]:
    return [(str(one), str(one)) for one in years_of_media()]


# A year's records leave by a page of their own, in the form in which such a sheet is taken in.
TABLE = register_table(
    Table(
        "portal.media", "宣传记录",
        columns=(
            Column("title", "标题", sort="title", cell="portal/media/title_cell.html"),
            Column("outlet", "媒体", sort="outlet"),
            Column("published_on", "日期", sort="published_on", kind="date"),
            Column("copy", "存档", "copy_title", cell="portal/media/copy_cell.html"),
            Column("link", "链接", "url", cell="portal/media/link_cell.html"),
        ),
        filters=(
            Filter("q", "标题或媒体", apply=saying),
            Filter("kind", "类型", "choice", choices=lambda: worded(MediaKind.choices)),
            Filter("year", "年份", "choice", apply="published_on__year", choices=_years),
            Filter("link_state", "链接状态", "choice", choices=lambda: worded(LinkState.choices)),
        ),
        order="-published_on", empty_title="没有宣传记录", export=False,
        empty_text="登记一条，或者导入表格。没有存档、链接也没有核对过的，不计入指标。",
    )
)  # fmt: skip


@shared
def media_public(request: HttpRequest) -> HttpResponse:
    """What media published, by year and words."""
    year, text = _year(request), request.GET.get("q", "").strip()[:LONGEST_TITLE]
    page = Paginator(saying(media_of(year), text), _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "year": year, "years": years_of_media(), "q": text, "query": query_of(request)}
    return show(request, "portal/media/public.html", context)


@needs(SEE)
def media_list(request: HttpRequest) -> HttpResponse:
    """All records."""
    return respond(request, TABLE, media_of(), "portal/media/manage_list.html", {"year": _year(request)})


@needs(EDIT)
def media_new(request: HttpRequest) -> HttpResponse:
    """Enter a record with its archived copy."""
    back = reverse("manage:media")
    form = MediaForm(posted(request), request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["copy"]
        problems = attempt(lambda: _enter(request, form, file))
        if not problems:
            messages.success(request, "已登记")
            return redirect(back)
    return form_page(request, Asked("登记宣传记录", "登记", back, crumbs=(("宣传记录", back),)), form, problems)


def _enter(request: HttpRequest, form: MediaForm, file: File[bytes] | None) -> None:
    copy = keep_copy(file) if file else None  # type: ignore[arg-type]  # an uploaded file reads like any other
    enter_media(actor=actor_of(request), facts=form.facts(), copy=copy, copy_title=(file.name or "") if file else "")


@needs(EDIT)
def media_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the archived copy of a record."""
    row, back = get_object_or_404(MediaItem, pk=pk), reverse("manage:media")
    form = CopyForm(posted(request), request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["copy"]
        problems = attempt(lambda: attach_copy(actor=actor_of(request), item=pk, copy=keep_copy(file), copy_title=file.name))
        if not problems:
            messages.success(request, "存档已保存")
            return redirect(back)
    return form_page(request, Asked(f"存档：{row.title}", "保存存档", back, crumbs=(("宣传记录", back),)), form, problems)


@needs(EDIT)
@require_POST
def media_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was found behind the link."""
    get_object_or_404(MediaItem, pk=pk)
    state = request.POST.get("state", "")
    return act_and_return(request, lambda: check_link(actor=actor_of(request), item=pk, state=state), "已记下", reverse("manage:media"))


@needs(EDIT)
def media_template(_request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    return attachment(template(media_sheet()), "宣传记录导入模板.xlsx", XLSX)


@needs(SEE)
def media_export(request: HttpRequest) -> HttpResponse:
    """A year's records as XLSX."""
    year = _year(request) or localdate().year
    return attachment(export_media(actor=actor_of(request), year=year), f"宣传记录 {year}.xlsx", XLSX)


@needs(EDIT)
def media_import(request: HttpRequest) -> HttpResponse:
    """Import a sheet: all rows, or none and the sheet comes back with every problem marked."""
    back = reverse("manage:media")
    asked = Asked(
        "导入宣传记录", "检查并导入", back, "全部检查无误才会导入；有问题的，会退回标出问题的表格。", crumbs=(("宣传记录", back),)
    )
    form = FileForm(posted(request), request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, asked, form)
    data = form.cleaned_data["file"].read(_MOST_BYTES + 1)
    try:
        outcome = check_media(data)
    except Refused as refusal:
        return form_page(request, asked, form, refusal.problems)
    if outcome.problems:
        sheet = b64encode(error_sheet(data, media_sheet(), outcome)).decode()
        context = {"faults": outcome.problems[:_SHOWN], "count": len(outcome.problems), "sheet": f"data:{XLSX};base64,{sheet}"}
        return render(request, "portal/media/faults.html", context, status=UNPROCESSABLE)
    problems = attempt(lambda: import_media(actor=actor_of(request), rows=outcome.rows))
    if problems:
        return form_page(request, asked, form, problems)
    messages.success(request, f"已导入 {len(outcome.rows)} 条")
    return redirect(back)
