"""Where one can go: the public site's bar, and the workbench's groups by what the actor may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keheng.kernel.powers import Principal

Title = str | Promise

# Title and name of the address.
PUBLIC: tuple[tuple[Title, str], ...] = (
    (_("首页"), "portal:home"),
    (_("办事大厅"), "portal:services"),
    (_("办理事项"), "matters:matters"),
    (_("政策"), "portal:policies"),
    (_("信息公开"), "portal:disclosure"),
    (_("活动"), "portal:activities"),
    (_("展厅"), "portal:halls"),
    (_("调查"), "portal:surveys"),
    (_("留言"), "portal:feedback"),
    (_("帮助"), "portal:help"),
)
# Group: title, icon, name of the address, the permission it needs; "" for whoever has signed in.
WORK: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "",
        (
            ("工作台", "layout-dashboard", "desk:desk", ""),
            ("消息", "inbox", "desk:messages", ""),
            ("日历", "calendar", "desk:calendar", ""),
            ("个人中心", "user", "desk:personal", ""),
            ("单位中心", "building-2", "desk:unit", "directory.organisation.see"),
            ("账号与安全", "shield-check", "access:security", ""),
        ),
    ),
    (
        "办件",
        (
            ("办件", "clipboard-list", "casework:queue", "matters.case.see"),
            ("我的办件", "list-checks", "matters:mine", ""),
        ),
    ),
    (
        "单位与人员",
        (
            ("单位", "building-2", "directory:organisations", "directory.organisation.see"),
            ("人员", "users", "directory:people", "directory.person.see"),
            ("专家", "graduation-cap", "directory:experts", "directory.expert.see"),
            ("重复记录", "copy", "directory:duplicates", "directory.duplicates.merge"),
            ("单位成员", "user-check", "access:members", "access.members.manage"),
        ),
    ),
    (
        "网站内容",
        (
            ("稿件", "newspaper", "manage:articles", "portal.article.see"),
            ("栏目", "columns-3", "manage:columns", "portal.article.see"),
            ("公众留言", "message-square", "manage:feedback-list", "portal.feedback.see"),
            ("访问统计", "chart-column", "manage:visits", "portal.visits.see"),
            ("推送", "megaphone", "manage:pushes", "portal.visits.see"),
            ("网站体检", "activity", "manage:doctor", "portal.doctor.see"),
        ),
    ),
    (
        "活动与宣传",
        (
            ("活动管理", "calendar-days", "manage:activities", "portal.activity.see"),
            ("签到", "user-check", "manage:checkin-list", "portal.attendance.record"),
            ("调查", "clipboard-list", "manage:surveys", "portal.survey.see"),
            ("展厅管理", "presentation", "manage:halls", "portal.hall.see"),
            ("参观预约", "calendar-check", "manage:receptions", "portal.hall.see"),
            ("我的接待", "flag", "manage:guide-day", "portal.visit.receive"),
            ("宣传记录", "newspaper", "manage:media", "portal.media.see"),
        ),
    ),
    (
        "管理",
        (
            ("管理后台", "settings", "desk:office", "desk.office.open"),
            ("账号", "key-round", "access:accounts", "access.accounts.see"),
            ("授权", "badge-check", "access:grants", "access.grants.see"),
            ("角色", "shield-check", "access:roles", "access.roles.see"),
            ("接入系统", "share-2", "access:clients", "access.clients.manage"),
            ("后台任务", "activity", "site:jobs", "site.jobs.see"),
            ("站外消息", "send", "desk:deliveries", "desk.deliveries.manage"),
            ("审计记录", "scroll-text", "site:trail", "site.trail.read"),
            ("个人信息请求", "hand-helping", "personal:requests", "personal.requests.decide"),
            ("保全", "archive", "personal:holds", "personal.holds.manage"),
            ("保存期限", "clock", "personal:retention", "personal.retention.see"),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to go."""

    title: Title
    url: str
    icon: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together."""

    title: str
    entries: tuple[Entry, ...]


def public_entries(path: str) -> Iterator[Entry]:
    """The public bar; the place one is at is marked."""
    home = reverse(PUBLIC[0][1])
    for title, name in PUBLIC:
        url = reverse(name)
        yield Entry(title, url, current=path == url or (url != home and path.startswith(url)))


def work_groups(actor: Principal, path: str) -> Iterator[Group]:
    """The workbench's places that the actor may open, in their groups."""
    for title, places in WORK:
        entries = tuple(
            Entry(name, url, icon, _within(path, url))
            for name, icon, view, permission in places
            if not permission or actor.may(permission)
            for url in [reverse(view)]
        )
        if entries:
            yield Group(title, entries)


def _within(path: str, url: str) -> bool:
    return path == url if url == "/desk/" else path.startswith(url)
