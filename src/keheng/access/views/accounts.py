"""Accounts and locks, for the administrators; one's own security; new accounts."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from keheng.access.actions.accounts import account_problems, open_account, start_account, stop_account
from keheng.access.actions.door import unlock
from keheng.access.actions.members import accept_invitation, open_invitation
from keheng.access.forms import ReasonForm, RegisterForm
from keheng.access.models import Account
from keheng.access.queries import Standing, accounts_for, in_state, locks, named, standing
from keheng.access.rules.roles import roles
from keheng.kernel.doors import actor_of, needs, public, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.kernel.powers import permissions
from keheng.kernel.row_numbers import whole
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.kernel.trail.record import Actor
from keheng.kernel.ways_back import way_back

TABLE = register_table(
    Table(
        "access.accounts", "账号",
        columns=(
            Column("login", "登录名", sort="login", link=lambda one: reverse("access:account", args=[one.pk])),
            Column("name", "姓名"),
            Column("state", "状态", lambda one: "可用" if one.is_active else "停用", tag=lambda one: "ok" if one.is_active else "bad"),
            Column("stopped_because", "停用原因"),
            Column("last_login", "上次登录", sort="last_login", kind="time"),
            Column("ends_on", "到期日", kind="date", shown=False),
        ),
        filters=(
            Filter("q", "登录名或姓名", apply=named),
            Filter("state", "状态", "choice", apply=in_state, choices=(("active", "可用"), ("stopped", "停用"))),
            Filter("seen", "上次登录", "dates", apply="last_login"),
        ),
        order="login", empty_title="没有账号", exports=lambda actor, _scope: accounts_for(actor),
    )
)  # fmt: skip


@needs("access.accounts.see")
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts; locks above them."""
    actor = actor_of(request)
    context = {"locks": locks() if actor.may("access.accounts.unlock") else ()}
    return respond(request, TABLE, accounts_for(actor), "access/accounts.html", context)


@needs("access.accounts.see")
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what it holds, what can be done."""
    shown = get_object_or_404(accounts_for(actor_of(request)), pk=pk)
    grants = shown.grants.select_related("unit", "applied_by", "decided_by").order_by("-pk")
    return render(request, "access/account.html", {"shown": shown, "grants": grants, "roles": roles(), "form": ReasonForm()})


@needs("access.accounts.stop")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop or start an account."""
    shown = get_object_or_404(accounts_for(actor_of(request)), pk=pk)
    actor, form = actor_of(request), ReasonForm(request.POST)
    if shown.is_active:
        problems = attempt(lambda: stop_account(actor=actor, account_id=pk, reason=request.POST.get("reason", "")))
    else:
        problems = attempt(lambda: start_account(actor=actor, account_id=pk))
    if not problems:
        messages.success(request, f"{shown.name}的账号已{'停用' if shown.is_active else '启用'}")
        return redirect("access:account", pk=pk)
    return render(request, "access/account.html", {"shown": shown, "grants": (), "roles": roles(), "form": form, "problems": problems})


@needs("access.accounts.unlock")
@require_POST
def unlock_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lock away."""
    unlock(actor=actor_of(request), lock_id=pk)
    messages.success(request, "已解除锁定")
    return redirect("access:accounts")


@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """One's own roles, second factors, sessions."""
    held = cast("Standing", request.standing)  # type: ignore[attr-defined]  # set by the middleware
    factors = Authenticator.objects.filter(user=held.account).values_list("type", flat=True)
    used = [(role, grant, [permissions()[code].zh for code in role.powers]) for role, grant in held.acting]
    return render(request, "access/security.html", {"account": held.account, "used": used, "factors": sorted(set(factors))})


@signed_in
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for another of one's units."""
    held = standing(cast("Account", request.user), whole(request.POST.get("unit", "")))
    request.session["unit"] = held.unit
    messages.success(request, f"现在代表：{held.units.get(held.unit or 0, '个人')}")
    return HttpResponseRedirect(way_back(request))


@public
def register(request: HttpRequest, token: str = "") -> HttpResponse:
    """Open an account for oneself; with an invitation's token, for a unit."""
    invitation = open_invitation(token) if token else None
    if token and invitation is None:
        return render(request, "access/invitation_dead.html", status=410)
    initial = {"email": invitation.email} if invitation else {}
    form = RegisterForm(request.POST if request.method == "POST" else None, initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        actor = Actor("", address=actor_of(request).address)
        problems = attempt(lambda: _open(request, actor, form.cleaned_data, token))
        if not problems:
            return render(request, "access/check_mail.html", {"email": form.cleaned_data["email"]})
    elif request.method == "POST":
        # What the form itself found is not all: everything is told at once.
        given = {name: str(form.data.get(name, "")) for name in form.fields}
        problems = tuple(account_problems(**given))
    shown = all_problems(form, problems)
    context = {"form": form, "invitation": invitation, "problems": shown}
    return render(request, "access/register.html", context, status=422 if shown else 200)


def _open(request: HttpRequest, actor: Actor, given: dict[str, Any], token: str) -> None:
    with transaction.atomic():
        opened = open_account(actor=actor, **given)
        if token:
            accept_invitation(actor=Actor(str(opened.pk), address=actor.address), token=token)
    address = EmailAddress.objects.get(user=opened, primary=True)
    send_verification_email_to_address(request, address, signup=True)


@signed_in
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take an invitation up with the account one has."""
    invitation = open_invitation(token)
    if invitation is None:
        return render(request, "access/invitation_dead.html", status=410)
    problems = attempt(lambda: accept_invitation(actor=actor_of(request), token=token)) if request.method == "POST" else ()
    if request.method == "POST" and not problems:
        request.session["unit"] = invitation.unit_id
        messages.success(request, f"您现在可以代表{invitation.unit.name}办事")
        return redirect("access:security")
    context = {"invitation": invitation, "role": roles()[invitation.role], "problems": problems}
    return render(request, "access/accept.html", context, status=422 if problems else 200)
