"""Monthly bulletins: preview with every number open to its rows, freeze, take away."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.matters.actions.bulletins import FREEZE, freeze_bulletin
from keheng.matters.models import Bulletin
from keheng.matters.queries.bulletins import (
    bulletin_docx,
    bulletin_pdf,
    changed_since,
    digest_of_content,
    drawn,
    figures_of,
    months,
    rows_behind,
)
from keheng.matters.rules.acting import SEE
from keheng.matters.rules.bulletins import Template, templates
from keheng.matters.views.applying import done_or_told

_KINDS = {
    "pdf": (bulletin_pdf, "application/pdf"),
    "docx": (bulletin_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def _which(name: str, month: str) -> tuple[Template, date]:
    try:
        return templates()[name], date.fromisoformat(f"{month}-01")
    except (KeyError, ValueError) as error:
        raise Http404 from error


@needs(SEE)
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Every bulletin, month by month."""
    return render(request, "matters/bulletins/list.html", {"bulletins": [(one, months(one)) for one in templates().values()]})


@needs(SEE)
def bulletin_page(request: HttpRequest, name: str, month: str) -> HttpResponse:
    """A bulletin as it was frozen, with what changed since, or as it would read now."""
    template, day = _which(name, month)
    frozen = Bulletin.objects.filter(code=name, month=day).first()
    content = drawn(template, day)
    shown = frozen.content if frozen is not None else content
    context = {
        "template": template, "title": frozen.title if frozen else template.heading(day), "month": month, "frozen": frozen,
        "content": shown, "figures": figures_of(shown), "digest": digest_of_content(content),
        "changed": changed_since(frozen, content) if frozen else [],
        "over": day < localdate().replace(day=1), "may": actor_of(request).may(FREEZE),
    }  # fmt: skip
    return render(request, "matters/bulletins/bulletin.html", context)


@needs(FREEZE)
@require_POST
def freeze(request: HttpRequest, name: str, month: str) -> HttpResponse:
    """Freeze it as it was seen."""
    _template, day = _which(name, month)
    act = partial(freeze_bulletin, actor=actor_of(request), code=name, month=day, digest=request.POST.get("digest", ""))
    return done_or_told(request, act, "已定稿", reverse("casework:bulletin", args=[name, month]))


@needs(SEE)
def rows(request: HttpRequest, name: str, month: str, query: str) -> HttpResponse:
    """The rows behind a number, as they are now."""
    template, day = _which(name, month)
    if query not in template.queries:
        raise Http404
    heads, found, more = rows_behind(template, query, day)
    context = {
        "template": template, "title": template.heading(day), "month": month, "query": template.queries[query],
        "period": template.queries[query].period(day), "heads": heads, "rows": [list(row.values()) for row in found], "more": more,
    }  # fmt: skip
    return render(request, "matters/bulletins/rows.html", context)


@needs(SEE)
def download(_request: HttpRequest, name: str, month: str, file_format: str) -> HttpResponse:
    """The bulletin as PDF or Word; one that is not frozen says so."""
    template, day = _which(name, month)
    if file_format not in _KINDS:
        raise Http404
    frozen = Bulletin.objects.filter(code=name, month=day).first()
    write, kind = _KINDS[file_format]
    foot = f"{localtime(frozen.frozen_at):%Y-%m-%d} 定稿 · {frozen.digest[:16]}" if frozen else "未定稿，仅供核对"
    made = write(template.heading(day), frozen.content if frozen else drawn(template, day), foot)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{month}.{file_format}"'}
    return HttpResponse(made, content_type=kind, headers=headers)
