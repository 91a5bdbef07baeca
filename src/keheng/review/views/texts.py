"""Texts of cases of all years and matters that share passages: the list, and a pair side by side."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.doors import actor_of, needs, signed_in
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.matters.service import all_in_force
from keheng.review.actions.looking import note_comparison
from keheng.review.models import CopyHit, KeptText
from keheng.review.queries.copies import passages_between
from keheng.review.queries.hits import hits_for, open_hit, words_now
from keheng.review.queries.hits_shown import SEE_CASES

_HALF, _MUCH = 50, 80
_SHARES = ((str(_HALF), "一半以上"), (str(_MUCH), "八成以上"))


def _number(hit: CopyHit, side: str) -> str:
    return str(getattr(hit, side).kept.case.number)


def _said(hit: CopyHit, side: str) -> str:
    """What the text is, for who may read its case."""
    text = getattr(hit, side)
    return f"{text.kept.case.called} · {text.label}" if getattr(hit, f"sees_{side}") else "（无权查看）"


def _other_said(hit: CopyHit) -> str:
    one, other = hit.one.kept.case, hit.other.kept.case
    same = one.unit_id is not None and one.unit_id == other.unit_id and getattr(hit, "sees_other", False)
    return f"{_said(hit, 'other')}{'（同一单位）' if same else ''}"


def _case(hit: CopyHit, side: str) -> str:
    return reverse("casework:case", args=[getattr(hit, side).kept.case_id]) if getattr(hit, f"sees_{side}") else ""


def _pair(hit: CopyHit) -> str:
    both = getattr(hit, "sees_one", False) and getattr(hit, "sees_other", False)
    return reverse("review:hit", args=[hit.pk]) if both else ""


def _tone(hit: CopyHit) -> str:
    return "bad" if hit.percent >= _HALF else "warn"


def _of_matter(rows: Rows, matter: str) -> Rows:
    return rows.filter(matter=matter)


def _of_case(rows: Rows, number: str) -> Rows:
    # A case has a handful of texts: asked for first, each side is found by its index.
    texts = list(KeptText.objects.filter(kept__case__number=number.strip().upper()).values_list("pk", flat=True))
    return rows.filter(Q(one__in=texts) | Q(other__in=texts))


def _share(rows: Rows, least: str) -> Rows:
    return rows.filter(percent__gte=int(least))


TABLE = register_table(Table(
    "review.hits", "雷同文本",
    columns=(
        Column("percent", "重合（%）", sort="percent", kind="integer", link=_pair, tag=_tone),
        Column("one", "办件", lambda hit: _number(hit, "one"), kind="code", link=lambda hit: _case(hit, "one")),
        Column("one_text", "文本", lambda hit: _said(hit, "one")),
        Column("one_year", "年度", "one.kept.year"),
        Column("other", "相似办件", lambda hit: _number(hit, "other"), kind="code", link=lambda hit: _case(hit, "other")),
        Column("other_text", "相似文本", _other_said),
        Column("other_year", "相似办件年度", "other.kept.year"),
    ),
    filters=(
        Filter("number", "办件编号", apply=_of_case, hint="完整编号，如 BJ-2026-00001"),
        Filter(
            "matter", "事项", "choice", apply=_of_matter,
            choices=lambda: [(read.matter.id, read.matter.title) for read in all_in_force(localdate())],
        ),
        Filter("share", "重合", "choice", apply=_share, choices=_SHARES),
    ),
    order="-percent", empty_title="没有发现雷同文本",
    empty_text="提交后约十分钟内，系统把申报书的文字和文档与历年全部事项比对；有重合的会列在这里。",
))  # fmt: skip


@needs(SEE_CASES)
def hits(request: HttpRequest) -> HttpResponse:
    """Pairs with a case within reach, the most alike first."""
    return respond(request, TABLE, hits_for(actor_of(request)), "review/hits.html")


@signed_in
def hit(request: HttpRequest, pk: int) -> HttpResponse:
    """Two texts side by side, for who may read both cases; that they were read is recorded."""
    actor = actor_of(request)
    found = open_hit(actor, pk)
    if found is None:
        raise Http404
    note_comparison(actor=actor, hit=found)
    left, right = passages_between(words_now(found.one), words_now(found.other))
    return render(request, "review/hit.html", {"hit": found, "sides": [(found.one, left), (found.other, right)]})
