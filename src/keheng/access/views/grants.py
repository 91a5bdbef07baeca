"""Grants, roles, and the members of a unit."""

from __future__ import annotations

from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST

from keheng.access.actions.grants import apply_for_grant, decide_grant, revoke_grant
from keheng.access.actions.members import invite_member, withdraw_invitation
from keheng.access.forms import GrantForm, InviteForm
from keheng.access.models import Account, Grant, Invitation
from keheng.access.queries import grants_for, members_of, named
from keheng.access.rules.roles import roles
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.kernel.powers import permissions
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table

_TONES = {Grant.State.APPLIED: "warn", Grant.State.IN_FORCE: "ok"}


def _of_whom(rows: Rows, text: str) -> Rows:
    return rows.filter(account__in=named(Account.objects.all(), text))


def _role_name(one: Grant) -> str:
    return roles()[one.role].zh if one.role in roles() else one.role


def _persons(one: Grant) -> str:
    return " / ".join(who.name if who else "—" for who in (one.applied_by, one.decided_by))


TABLE = register_table(
    Table(
        "access.grants", "授权",
        columns=(
            Column("account", "谁", "account.name", sort="account__login", cell="access/grant_person.html"),
            Column("role", "角色", _role_name, sort="role"),
            Column("bound", "单位或区", lambda one: one.unit.name if one.unit else one.district or None),
            Column("begins", "开始日期", sort="begins", kind="date"),
            Column("ends", "截止日期", sort="ends", kind="date"),
            Column("reason", "理由", cell="access/grant_why.html"),
            Column("remark", "意见", shown=False),
            Column("persons", "申请 / 审批", _persons),
            Column("state", "状态", "get_state_display", tag=lambda one: _TONES.get(one.state, "")),
            Column("acts", "处理", "pk", cell="access/grant_acts.html", export=False),
        ),
        filters=(
            Filter("q", "登录名或姓名", apply=_of_whom),
            Filter("state", "状态", "choice", choices=tuple(Grant.State.choices)),
            Filter("role", "角色", "choice", choices=lambda: ((role.code, role.zh) for role in roles().values())),
            Filter("ends", "截止日期", "dates"),
        ),
        empty_title="还没有授权", empty_text="由系统管理员申请，由安全管理员审批，到期自动失效。",
        exports=lambda actor, _scope: grants_for(actor),
    )
)  # fmt: skip


@needs("access.grants.see")
def grants(request: HttpRequest) -> HttpResponse:
    """Grants, the newest first."""
    return respond(request, TABLE, grants_for(actor_of(request)), "access/grants.html")


@needs("access.grants.apply")
def apply(request: HttpRequest) -> HttpResponse:
    """Apply for a role for someone."""
    form = GrantForm(request.POST or None, initial={"begins": localdate()})
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        problems = attempt(
            lambda: apply_for_grant(
                actor=actor_of(request), account=given["account"], role=given["role"], begins=given["begins"], ends=given["ends"],
                reason=given["reason"], unit_id=given["unit"], district=given["district"],
            )
        )  # fmt: skip
        if not problems:
            messages.success(request, "已提交，等安全管理员审批")
            return redirect("access:grants")
    shown = all_problems(form, problems)
    return render(request, "access/apply.html", {"form": form, "problems": shown}, status=422 if shown else 200)


@needs("access.grants.decide")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree or refuse."""
    shown = get_object_or_404(grants_for(actor_of(request)), pk=pk)
    agreed, remark = request.POST.get("agreed") == "yes", request.POST.get("remark", "")
    problems = attempt(lambda: decide_grant(actor=actor_of(request), grant_id=shown.pk, agreed=agreed, remark=remark))
    return _after(request, shown, remark, problems)


@needs("access.grants.apply")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant."""
    shown = get_object_or_404(grants_for(actor_of(request)), pk=pk)
    remark = request.POST.get("remark", "")
    return _after(request, shown, remark, attempt(lambda: revoke_grant(actor=actor_of(request), grant_id=shown.pk, remark=remark)))


def _after(request: HttpRequest, grant: Grant, remark: str, problems: tuple[Problem, ...]) -> HttpResponse:
    """Back to the list; or the grant alone, with what was typed and what stands in the way."""
    if not problems:
        messages.success(request, "已处理")
        return redirect("access:grants")
    found = grants_for(actor_of(request)).filter(pk=grant.pk)
    context = {"grants": found, "roles": roles(), "problems": problems, "typed": remark}
    return render(request, "access/grant.html", context, status=422)


@needs("access.roles.see")
def role_table(request: HttpRequest) -> HttpResponse:
    """Roles across, permissions down."""
    rows = [(one, [role.powers.get(one.code) for role in roles().values()]) for one in permissions().values()]
    return render(request, "access/roles.html", {"roles": roles().values(), "rows": rows})


@needs("access.members.manage")
def members(request: HttpRequest) -> HttpResponse:
    """Who acts for the unit one manages; invite others."""
    actor = actor_of(request)
    unit = int(actor.unit)
    form = InviteForm(request.POST or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: _invite(request, unit, form.cleaned_data["email"], form.cleaned_data["role"]))
        if not problems:
            messages.success(request, f"已向 {form.cleaned_data['email']} 发出邀请")
            return redirect("access:members")
    shown = all_problems(form, problems)
    invited = Invitation.objects.filter(unit=unit, accepted_by=None, withdrawn=False, expires_at__gt=now()).order_by("-pk")
    context = {"form": form, "problems": shown, "members": members_of(unit), "invited": invited, "roles": roles()}
    return render(request, "access/members.html", context, status=422 if shown else 200)


def _invite(request: HttpRequest, unit: int, email: str, role: str) -> None:
    invitation, token = invite_member(actor=actor_of(request), unit_id=unit, email=email, role=role)
    link = request.build_absolute_uri(reverse("access:accept", args=[token]))
    new = request.build_absolute_uri(reverse("entrance:register-invited", args=[token]))
    send_mail(
        f"邀请您代表{invitation.unit.name}使用科衡",
        f"{request.user} 邀请您担任“{roles()[role].zh}”。\n已有账号：{link}\n还没有账号：{new}\n"
        f"链接在 {invitation.expires_at:%Y-%m-%d} 前有效，只能使用一次。",
        None,
        [email],
    )


@needs("access.members.manage")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation void."""
    actor = actor_of(request)
    get_object_or_404(Invitation, pk=pk, unit=int(actor.unit))
    problems = attempt(lambda: withdraw_invitation(actor=actor, unit_id=int(actor.unit), invitation_id=pk))
    _tell(request, problems, "邀请已撤回")
    return redirect("access:members")


@needs("access.members.manage")
@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """End a member's role in one's unit."""
    actor = actor_of(request)
    member = get_object_or_404(members_of(int(actor.unit)), pk=pk)
    problems = attempt(lambda: revoke_grant(actor=actor, grant_id=member.pk, remark=request.POST.get("remark", "") or "单位管理员移除"))
    _tell(request, problems, f"{member.account.name}不再代表本单位")
    return redirect("access:members")


def _tell(request: HttpRequest, problems: tuple[object, ...], done: str) -> None:
    if problems:
        messages.error(request, "；".join(str(getattr(one, "zh", one)) for one in problems))
    else:
        messages.success(request, done)
