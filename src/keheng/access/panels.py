"""What access shows on composite pages: one's account and devices, the members of one's unit; cards of the back office."""

from __future__ import annotations

from collections.abc import Mapping

from keheng.access.models import Account, Grant
from keheng.access.queries import devices_and_factors, locks, members_of, standing
from keheng.kernel.desk.office import Card, register_card
from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.powers import Principal

_SHOWN = 6


def _security(actor: Principal) -> Mapping[str, object]:
    account = Account.objects.get(pk=actor.account)
    held = standing(account)
    roles = [(role, grant) for role, grant in held.acting if grant is not None]
    return {"account": account, "roles": roles, **devices_and_factors(account)}


def _members(actor: Principal) -> Mapping[str, object]:
    members = list(members_of(int(actor.unit)))
    return {"members": members[:_SHOWN], "count": len(members)}


def _waiting() -> int:
    return Grant.objects.filter(state=Grant.State.APPLIED).count()


register_panel(Panel("access.security", PanelPlace.PERSONAL, "账号与安全", 10, None, "access/security_panel.html", _security))
register_panel(
    Panel("access.members", PanelPlace.UNIT, "单位成员", 20, "access.members.manage", "access/members_panel.html", _members)
)  # fmt: skip
for _card in (
    Card("账号与授权", "账号", "停用、启用，登录锁定", "key-round", "access:accounts", "access.accounts.see"),
    Card(
        "账号与授权", "登录锁定", "现在被锁定的登录", "triangle-alert", "access:accounts", "access.accounts.unlock", lambda: locks().count()
    ),
    Card("账号与授权", "授权", "申请和收回，到期自动失效", "badge-check", "access:grants", "access.grants.apply"),
    Card(
        "账号与授权",
        "待审批的授权",
        "申请人、审批人和被授权人是三个人",
        "clipboard-check",
        "access:grants",
        "access.grants.decide",
        _waiting,
    ),
    Card("账号与授权", "角色和权限", "每个角色能做什么", "shield-check", "access:roles", "access.roles.see"),
    Card("账号与授权", "接入系统", "由本平台统一登录的系统", "share-2", "access:clients", "access.clients.manage"),
):
    register_card(_card)
