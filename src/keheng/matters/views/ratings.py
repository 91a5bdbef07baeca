"""Ratings: an applicant gives one; the office looks into the bad ones, puts right what went wrong and answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, needs, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.matters.actions.follow_ups import call_back, close_follow_up
from keheng.matters.actions.rating import rate_case
from keheng.matters.enums import Difficulty, Finding, Reached
from keheng.matters.models import FollowUp
from keheng.matters.models.ratings import ANSWER_LENGTH
from keheng.matters.queries.cases import cases_for
from keheng.matters.queries.follow_ups import follow_ups_for, handlers_of, stage_of
from keheng.matters.queries.ratings import rating_of
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.follow_ups import FOLLOW, hands_off, is_late
from keheng.matters.views.applying import applicants_case, own_case

UNPROCESSABLE = 422
_ASPECT = "aspect-"


@signed_in
@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how it went; what was typed stays where something is wrong with it."""
    one = own_case(request, pk)
    aspects = {name.removeprefix(_ASPECT): _stars(str(given)) for name, given in request.POST.items() if name.startswith(_ASPECT) and given}
    act = partial(
        rate_case, actor=actor_of(request), case=pk, stars=_stars(request.POST.get("stars", "")), aspects=aspects,
        comment=request.POST.get("comment", ""),
    )  # fmt: skip
    problems = attempt(act)
    if problems:
        return applicants_case(request, one, problems)
    messages.success(request, _("感谢评价"))
    return redirect(f"{reverse('matters:case', args=[pk])}#rating")


def _stars(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def _open(rows: Rows) -> Rows:
    return rows.filter(closed_on=None)


def _late(rows: Rows) -> Rows:
    return _open(rows).filter(due_on__lt=localdate())


def _closed(rows: Rows) -> Rows:
    return rows.exclude(closed_on=None)


_PROGRESS: dict[str, tuple[str, Callable[[Rows], Rows]]] = {
    "open": ("未办结", _open), "late": ("已逾期", _late), "closed": ("已办结", _closed),
}  # fmt: skip


def _progress(rows: Rows, value: str) -> Rows:
    return _PROGRESS[value][1](rows)


def _matters() -> list[tuple[str, str]]:
    return [(name, versions[-1].matter.title) for name, versions in shelf().items() if versions[-1].matter.rate]


TABLE = register_table(Table(
    "matters.follow_ups", "差评整改",
    columns=(
        Column("number", "办件", "rating.case.number", link=lambda row: reverse("casework:follow-up", args=[row.pk])),
        Column("title", "事项", "rating.case.title"), Column("stars", "星级", "rating.stars", kind="integer"),
        Column("comment", "意见", "rating.comment"),
        Column("stage", "进度", lambda row: stage_of(row).title, tag=lambda row: stage_of(row).tone),
        Column("due_on", "答复期限", sort="due_on", kind="date"), Column("difficulty", "难易", "get_difficulty_display", shown=False),
        Column("opened_at", "评价时间", sort="opened_at", kind="time"),
        Column("finding", "核实结论", "get_finding_display"), Column("closed_on", "办结日期", kind="date", shown=False),
        Column("done", "整改措施", shown=False), Column("answer", "答复", shown=False),
    ),
    filters=(
        Filter("matter", "事项", "choice", "rating__case__matter", choices=_matters),
        Filter(
            "progress", "进度", "choice", apply=_progress, otherwise=_open, blank="未办结",
            choices=tuple((code, title) for code, (title, _) in _PROGRESS.items() if code != "open"),
        ),
        Filter("finding", "核实结论", "choice", choices=tuple(Finding.choices)), Filter("opened_at", "评价时间", "dates"),
    ),
    order="due_on", empty_title="没有待办的差评整改", empty_text="申请人评一星、二星后会出现在这里；换一个进度可以查看已办结的。",
))  # fmt: skip


@needs(FOLLOW)
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Bad ratings within reach, the most urgent first."""
    return respond(request, TABLE, follow_ups_for(actor_of(request)), "matters/work/follow_ups.html")


@needs(FOLLOW)
def follow_up_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A bad rating: what was said, who was called, what is still to be done."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, problems: tuple[Problem, ...] = (), tried: str = "") -> HttpResponse:
    actor = actor_of(request)
    row = get_object_or_404(follow_ups_for(actor), pk=pk)
    case, calls = row.rating.case, list(row.calls.order_by("pk"))
    handlers = handlers_of(case)
    names = accounts().names({*handlers, *(one.by for one in calls), row.closed_by} - {""})
    typed = request.POST if tried else {}
    context = {
        "row": row,
        "case": case,
        "rated": rating_of(case),
        "stage": stage_of(row),
        "late": is_late(row, localdate()),
        "calls": [(one, names.get(one.by, "")) for one in calls],
        "handlers": sorted(names.get(one, "") for one in handlers),
        "closed_by": names.get(row.closed_by, ""),
        "hindered": hands_off(actor, handlers),
        "problems": problems,
        "tried": tried,
        "typed": typed,
        "difficulty": typed.get("difficulty", row.difficulty),
        "difficulties": Difficulty.choices,
        "reached": Reached.choices,
        "findings": Finding.choices,
        "longest": ANSWER_LENGTH,
        "sees_case": cases_for(actor).filter(pk=case.pk).exists(),
    }
    return render(request, "matters/work/follow_up.html", context, status=UNPROCESSABLE if problems else 200)


def _done(request: HttpRequest, pk: int, act: Callable[[], FollowUp | object], tried: str, said: str) -> HttpResponse:
    get_object_or_404(follow_ups_for(actor_of(request)), pk=pk)
    problems = attempt(act)
    if problems:
        return _page(request, pk, problems, tried)
    messages.success(request, said)
    return redirect("casework:follow-up", pk)


def _posted(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


@needs(FOLLOW)
@require_POST
def follow_up_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a call back."""
    act = partial(call_back, actor=actor_of(request), follow_up=pk, **_posted(request, "reached", "heard", "difficulty"))
    return _done(request, pk, act, "call", "回访已记录")


@needs(FOLLOW)
@require_POST
def follow_up_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was found and done, and answer the rater."""
    act = partial(close_follow_up, actor=actor_of(request), follow_up=pk, **_posted(request, "finding", "done", "answer"))
    return _done(request, pk, act, "close", "已办结，答复已发给评价人")
