"""What every page shows around its content: where one can go, for whom one acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keheng import __version__
from keheng.access import demo
from keheng.kernel.powers import Principal
from keheng.site.installation import is_demo

# Title, name of the address, the permission it needs; pages without one are for everybody who has signed in.
ENTRIES = (
    ("单位", "directory:organisations", "directory.organisation.see"),
    ("重复记录", "directory:duplicates", "directory.duplicates.merge"),
    ("人员", "directory:people", "directory.person.see"),
    ("专家", "directory:experts", "directory.expert.see"),
    ("单位成员", "access:members", "access.members.manage"),
    ("账号", "access:accounts", "access.accounts.see"),
    ("授权", "access:grants", "access.grants.see"),
    ("接入系统", "access:clients", "access.clients.manage"),
    ("角色", "access:roles", "access.roles.see"),
    ("后台任务", "site:jobs", "site.jobs.see"),
    ("个人信息请求", "personal:requests", "personal.requests.decide"),
    ("保全", "personal:holds", "personal.holds.manage"),
    ("保存期限", "personal:retention", "personal.retention.see"),
    ("审计记录", "site:trail", "site.trail.read"),
)
_ASKING = ("/account/login/", "/account/2fa/", "/account/reauthenticate/")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the main navigation."""

    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom one acts, and for whom else one may."""

    unit_name: str
    roles: str
    others: list[dict[str, Any]]


class May:
    """What the actor may do, for templates: ``{% if may.access.grants.decide %}``."""

    def __init__(self, actor: Principal, permission: str = "") -> None:
        self._actor, self._permission = actor, permission

    def __getitem__(self, part: str) -> May:
        """The permission below."""
        return May(self._actor, f"{self._permission}.{part}".lstrip("."))

    def __bool__(self) -> bool:
        """Whether it is held."""
        return self._actor.may(self._permission)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of ``page.html``."""
    actor: Principal = getattr(request, "actor", Principal(""))
    home = Entry("首页", reverse("site:home"), request.path == "/")
    entries = [
        Entry(title, url, request.path.startswith(url))
        for title, name, permission in ENTRIES
        if actor.may(permission)
        for url in [reverse(name)]
    ]
    return {
        "navigation": [home, *entries],
        "acting": _acting(request),
        "may": May(actor),
        "version": __version__,
        "demo": _demo(request),
    }


def _demo(request: HttpRequest) -> dict[str, Any] | None:
    """How to get into the demo city, beside every page that asks who one is."""
    if not request.path.startswith(_ASKING) or not is_demo():
        return None
    return {"accounts": demo.accounts(), "password": demo.PASSWORD, "code": demo.code()}


def _acting(request: HttpRequest) -> Acting | None:
    held = getattr(request, "standing", None)
    if held is None:
        return None
    others = [{"id": number, "name": name} for number, name in held.units.items() if number != held.unit]
    roles = "、".join(dict.fromkeys(role.zh for role, grant in held.acting if grant is not None))
    return Acting(held.units.get(held.unit, ""), roles, others)
