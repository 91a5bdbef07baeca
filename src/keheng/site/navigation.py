"""Where one can go: the public site's bar, and the workbench's groups by what the actor may do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from keheng import __version__
from keheng.kernel.powers import Principal
from keheng.portal.views.showing import hotline, identity

Title = str | Promise

# Title and name of the address.
PUBLIC: tuple[tuple[Title, str], ...] = (
    (_("首页"), "portal:home"),
    (_("办事大厅"), "portal:services"),
    (_("办理事项"), "matters:matters"),
    (_("政策"), "portal:policies"),
    (_("资源"), "portal:resources"),
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
            ("待我办理", "check", "casework:waiting", "matters.case.see"),
            ("我的办件", "list-checks", "matters:mine", ""),
            ("批量导入", "upload", "casework:imports", "matters.case.import"),
            ("惠企政策", "hand-helping", "matters:policies", "matters.case.apply"),
            ("政策匹配", "hand-helping", "casework:policies", "matters.case.see"),
            ("我的预约", "calendar-check", "matters:turns", ""),
            ("内部事项", "file-text", "casework:begin", "matters.case.see"),
            ("差评整改", "message-square", "casework:follow-ups", "matters.rating.follow"),
            ("替班", "users", "casework:substitutions", "matters.case.see"),
            ("同事认领的任务", "list-checks", "desk:colleagues", "desk.task.arrange"),
            ("办事窗口", "megaphone", "casework:windows", "matters.window.serve"),
        ),
    ),
    (
        "办件管理",
        (
            ("拨款", "landmark", "casework:payments", "matters.payment.see"),
            ("办件分析", "activity", "casework:analysis", "matters.case.see"),
            ("年度核减", "chart-column", "casework:ledgers", "matters.case.see"),
            ("动态月报", "newspaper", "casework:bulletins", "matters.case.see"),
            ("办件档案", "archive", "casework:archive", "matters.archive.read"),
        ),
    ),
    (
        "绩效",
        (
            ("驾驶舱", "gauge", "performance:cockpit", "performance.cockpit.see"),
            ("绩效项目", "flag", "performance:projects", "performance.project.see"),
            ("抽查复核", "list-checks", "performance:rechecks", "performance.recheck.do"),
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
        "专家评审",
        (
            ("我的评审", "clipboard-list", "review:desk", "review.score"),
            ("评审管理", "badge-check", "review:rounds", "review.round.see"),
            ("价格库", "archive", "review:prices", "review.round.see"),
            ("雷同文本", "copy", "review:hits", "matters.case.see"),
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


def public_bar(path: str, language: str) -> SafeString:
    """The public bar in a language; the place one is at is marked."""
    home, *others = addresses(language)
    return _public_bar(language, frozenset({home} if path == home else {url for url in others if path.startswith(url)}))


@cache
def addresses(language: str) -> tuple[str, ...]:
    """Where the public bar leads in a language, home first."""
    with override(language):
        return tuple(reverse(name) for _title, name in PUBLIC)


@cache
def _public_bar(language: str, at: frozenset[str]) -> SafeString:
    with override(language):
        places = zip(PUBLIC, addresses(language), strict=True)
        return render_to_string("parts/bar.html", {"entries": [Entry(title, url, current=url in at) for (title, _), url in places]})


@cache
def foot(language: str, *, demo: bool = False) -> SafeString:
    """The foot of every public page in a language; that of the demo city leads to what is wrong with it on purpose."""
    with override(language):
        return render_to_string("parts/foot.html", {"hotline": hotline(), "identity": identity(), "version": __version__, "demo": demo})


def work_places(actor: Principal, path: str) -> SafeString:
    """The workbench's places that the actor may open, in their groups."""
    # Of places one within the other it is the inner one.
    at = frozenset(sorted((url for url in _work_addresses().values() if _within(path, url)), key=len)[-1:])
    return _work_places(frozenset(power.permission for power in actor.powers), at)


@cache
def _work_addresses() -> dict[str, str]:
    return {view: reverse(view) for _title, places in WORK for _name, _icon, view, _permission in places}


@lru_cache(maxsize=2000)
def _work_places(held: frozenset[str], at: frozenset[str]) -> SafeString:
    """Drawn once for each set of permissions and each place: forty links with icons cost more than most pages' own content."""
    groups = []
    for title, places in WORK:
        entries = tuple(
            Entry(name, url, icon, url in at)
            for name, icon, view, permission in places
            if not permission or permission in held
            for url in [_work_addresses()[view]]
        )
        if entries:
            groups.append(Group(title, entries))
    return render_to_string("parts/places.html", {"groups": groups})


def _within(path: str, url: str) -> bool:
    return path == url if url == "/desk/" else path.startswith(url)
