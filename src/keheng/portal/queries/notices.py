"""The words of messages about registrations, in the language of whoever registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from keheng.portal.models import Registration, Visit
from keheng.portal.queries.texts import spoken

_TITLES: Mapping[str, Callable[[], str]] = {
    "confirmed": lambda: _("报名成功：%(title)s"),
    "pending": lambda: _("报名已提交，等待审核：%(title)s"),
    "waiting": lambda: _("已进入候补：%(title)s"),
    "promoted": lambda: _("候补成功，您有名额了：%(title)s"),
    "refused": lambda: _("报名未通过：%(title)s"),
    "cancelled": lambda: _("报名已取消：%(title)s"),
    "called_off": lambda: _("活动取消：%(title)s"),
    "postponed": lambda: _("活动延期：%(title)s"),
    "moved": lambda: _("活动时间已定：%(title)s"),
    "reminder": lambda: _("活动提醒：%(title)s"),
}


def registration_text(registration: Registration, what: str) -> tuple[str, str]:
    """Title and body of a message, in the active language; the body names no person. Raises KeyError for an unknown occasion."""
    session, activity = registration.session, registration.session.activity
    when = date_format(timezone.localtime(session.begins_at), "DATETIME_FORMAT")
    lines = [
        _("报名编号：%(number)s") % {"number": registration.number},
        _("时间：%(when)s") % {"when": when},
        _("地点：%(place)s") % {"place": session.place or _("线上")},
    ]
    if what in {"called_off", "postponed"} and activity.reason:
        lines.append(_("原因：%(reason)s") % {"reason": activity.reason})
    if what == "refused" and registration.reason:
        lines.append(_("原因：%(reason)s") % {"reason": registration.reason})
    if what in {"reminder", "promoted"}:
        lines.append(_("不能来，请取消，名额会让给候补的人。"))
    return _TITLES[what]() % {"title": spoken(activity, "title")}, "\n".join(lines)


_VISITS: Mapping[str, Callable[[], str]] = {
    "requested": lambda: _("参观申请已收到：%(title)s"),
    "approved": lambda: _("参观申请已通过：%(title)s"),
    "scheduled": lambda: _("参观已排期：%(title)s"),
    "refused": lambda: _("参观申请未通过：%(title)s"),
    "cancelled": lambda: _("参观已取消：%(title)s"),
}


def visit_text(visit: Visit, what: str) -> tuple[str, str]:
    """Title and body of a message about a visit, in the active language. Raises KeyError for an unknown occasion."""
    lines = [
        _("预约编号：%(number)s") % {"number": visit.number},
        _("时间：%(when)s") % {"when": date_format(timezone.localtime(visit.begins_at), "DATETIME_FORMAT")},
        _("地点：%(place)s") % {"place": visit.hall.place},
    ]
    if visit.reason and what in {"refused", "cancelled"}:
        lines.append(_("原因：%(reason)s") % {"reason": visit.reason})
    return _VISITS[what]() % {"title": spoken(visit.hall, "title")}, "\n".join(lines)
