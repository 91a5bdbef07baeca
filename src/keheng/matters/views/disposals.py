"""Archives past their term: what is due, what was proposed, who decides, and the register of what was destroyed."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, needs, needs_or
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.powers import Principal
from keheng.kernel.row_numbers import wholes
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Bulk, Column, Filter, Table, register_table
from keheng.matters.actions.disposing import decide_disposal, propose_disposal
from keheng.matters.models import Destruction, Disposal, Package
from keheng.matters.queries.archives.disposals import disposals_for, due_for
from keheng.matters.rules.acting import APPRAISE, DESTROY

UNPROCESSABLE = 422
_HIDDEN = ("case__answers", "case__private", "case__marks", "case__unit__contact_phone")
_TONES = {"proposed": "warn", "approved": "brand", "refused": "bad", "done": "ok"}


def _address(package: Package) -> str:
    return reverse("casework:package", args=[package.pk])


DUE = register_table(Table(
    "matters.due", "到期档案",
    columns=(
        Column("number", "编号", "case.number", kind="code", link=_address), Column("subject", "内容", "case.subject"),
        Column("title", "事项", "case.title"), Column("unit", "单位", "case.unit.name"),
        Column("ended_at", "办结时间", "case.ended_at", kind="time"), Column("keep_until", "保管至", sort="keep_until", kind="date"),
    ),
    filters=(Filter("subject", "内容", apply="case__subject", hint="如项目名称"),),
    order="keep_until", empty_title="没有到期的档案", empty_text="过了保管期限、还没有提请鉴定的档案会出现在这里。",
    actions=(Bulk("dispose", "提请销毁", "casework:disposal-new"),),
))  # fmt: skip
DISPOSALS = register_table(Table(
    "matters.disposals", "鉴定和销毁",
    columns=(
        Column("number", "编号", sort="number", kind="code", link=lambda one: reverse("casework:disposal", args=[one.pk])),
        Column("reason", "鉴定意见"), Column("state", "状态", "get_state_display", tag=lambda one: _TONES[one.state]),
        Column("proposed_at", "提出时间", sort="proposed_at", kind="time"), Column("done_at", "销毁时间", kind="time"),
    ),
    filters=(Filter("state", "状态", "choice", choices=tuple(Disposal.State.choices)),),
    order="-number", empty_title="还没有鉴定", empty_text="在“到期档案”里勾选档案，写明鉴定意见后提请销毁，由另一个人审定。",
))  # fmt: skip
REGISTER = register_table(Table(
    "matters.destructions", "销毁清册",
    columns=(
        Column("number", "办件编号", kind="code"), Column("title", "事项"), Column("unit", "单位"),
        Column("ended_at", "办结时间", kind="time", shown=False), Column("keep_until", "保管至", kind="date"),
        Column("disposal", "鉴定编号", "disposal.number", link=lambda one: reverse("casework:disposal", args=[one.disposal_id])),
        Column("proposer", "鉴定人"), Column("approver", "批准人"), Column("at", "销毁时间", sort="at", kind="time"),
        Column("size", "字节", kind="integer", shown=False), Column("digest", "SHA-256", shown=False),
    ),
    filters=(Filter("number", "办件编号", apply="number"), Filter("title", "事项", apply="title"), Filter("at", "销毁时间", "dates")),
    order="-at", empty_title="没有销毁过档案", empty_text="每份销毁的档案在这里永久留一行。",
))  # fmt: skip


def _decides(request: HttpRequest) -> bool:
    return actor_of(request).may(DESTROY)


sees = needs_or(APPRAISE, _decides)


@needs(APPRAISE)
def due(request: HttpRequest) -> HttpResponse:
    """Packages within reach whose term is over, the longest first."""
    rows = due_for(actor_of(request), localdate()).select_related("case__unit").defer(*_HIDDEN)
    return respond(request, DUE, rows, "matters/archive/due.html")


@needs(APPRAISE)
@require_POST
def disposal_new(request: HttpRequest) -> HttpResponse:
    """What was ticked, the reason, and every problem; proposed once a reason comes with it."""
    actor, ticked = actor_of(request), set(wholes(request.POST.getlist("rows")))
    reason, problems = request.POST.get("reason"), tuple[Problem, ...]()
    if reason is not None:
        made: list[Disposal] = []
        problems = attempt(lambda: made.append(propose_disposal(actor=actor, packages=ticked, reason=reason)))
        if not problems:
            messages.success(request, "已提请销毁，由另一位有权限的人审定")
            return redirect("casework:disposal", made[0].pk)
    rows = list(due_for(actor, localdate()).filter(pk__in=ticked).select_related("case").order_by("keep_until", "pk"))
    if not rows and not problems:
        messages.error(request, "请勾选到期的档案")
        return redirect("casework:archive-due")
    context = {"rows": rows, "problems": problems, "reason": reason or ""}
    return render(request, "matters/archive/disposal_new.html", context, status=UNPROCESSABLE if problems else 200)


@sees
def disposals(request: HttpRequest) -> HttpResponse:
    """All disposals within reach, the latest first."""
    return respond(request, DISPOSALS, disposals_for(actor_of(request)), "matters/archive/disposals.html")


@sees
def disposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A disposal with its packages, and the form for who decides."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request)
    row = get_object_or_404(disposals_for(actor), pk=pk)
    names = accounts().names({row.proposed_by, row.decided_by} - {""})
    items = row.items.select_related("package__case__unit", "package__destruction").order_by("pk")
    context = {
        "disposal": row, "items": items, "problems": problems, "tone": _TONES[row.state], "decides": _may_decide(actor, row),
        "proposer": names.get(row.proposed_by, ""), "decider": names.get(row.decided_by, ""), "note": request.POST.get("note", ""),
    }  # fmt: skip
    return render(request, "matters/archive/disposal.html", context, status=UNPROCESSABLE if problems else 200)


def _may_decide(actor: Principal, row: Disposal) -> bool:
    return row.state == Disposal.State.PROPOSED and actor.may(DESTROY) and actor.account != row.proposed_by


@needs(DESTROY)
@require_POST
def disposal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or refuse."""
    approved = request.POST.get("decision") == "approve"
    act = partial(decide_disposal, actor=actor_of(request), disposal=pk, approved=approved, note=request.POST.get("note", ""))
    problems = attempt(act)
    if problems:
        return _page(request, pk, problems)
    messages.success(request, "已批准，系统正在销毁" if approved else "已退回，档案继续保管")
    return redirect("casework:disposal", pk)


@sees
def destroyed(request: HttpRequest) -> HttpResponse:
    """The register of what was destroyed, kept for good."""
    rows = Destruction.objects.filter(disposal__in=disposals_for(actor_of(request))).select_related("disposal")
    return respond(request, REGISTER, rows, "matters/archive/register.html")
