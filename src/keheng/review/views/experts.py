"""Experts over the years, for those who organise reviews: whom to call again, and whom not too often."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.review.queries.experts import by_year, experts_called, rounds_served
from keheng.review.rules.rounds import SEE

TABLE = register_table(Table(
    "review.experts", "专家历年评审",
    columns=(
        Column("name", "专家", "person.name", sort="person__name", link=lambda one: reverse("review:expert", args=[one.pk])),
        Column("title", "职称"),
        Column("rounds", "受邀（轮）", sort="rounds", kind="integer"),
        Column("declined", "退出（轮）", sort="declined", kind="integer"),
        Column("drawn", "抽到（份）", sort="drawn", kind="integer"),
        Column("done", "已提交", sort="done", kind="integer"),
        Column("in_time", "按时", sort="in_time", kind="integer"),
        Column("last", "最近一轮", sort="last", kind="date"),
    ),
    filters=(Filter("q", "姓名", apply="person__name"),),
    order="-drawn", empty_title="还没有邀请过专家", empty_text="邀请专家参加评审后，历年的工作量和评分情况会列在这里。",
))  # fmt: skip


@needs(SEE)
def experts(request: HttpRequest) -> HttpResponse:
    """All experts who were ever called."""
    return respond(request, TABLE, experts_called(actor_of(request)), "review/experts.html")


@needs(SEE)
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, by year and by round."""
    one = get_object_or_404(experts_called(actor_of(request)), pk=pk)
    served = rounds_served(actor_of(request), pk)
    return render(request, "review/expert.html", {"expert": one, "served": served, "years": by_year(served)})
