"""Choices of activities."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityKind(TextChoices):
    """What sort of activity it is."""

    OPEN_DAY = "open_day", _("开放日")
    CHANNEL = "channel", _("对接会")
    TRAINING = "training", _("培训")
    LECTURE = "lecture", _("讲座")
    FORUM = "forum", _("论坛")
    OVERSEAS = "overseas", _("海外对接")


class ActivityState(TextChoices):
    """Where an activity stands."""

    PLANNED = "planned", _("策划")
    IN_REVIEW = "in_review", _("审批")
    PUBLISHED = "published", _("即将报名")
    OPEN = "open", _("报名中")
    CLOSED = "closed", _("报名截止")
    RUNNING = "running", _("进行中")
    ENDED = "ended", _("已结束")
    ARCHIVED = "archived", _("已归档")
    POSTPONED = "postponed", _("延期")
    CANCELLED = "cancelled", _("已取消")


class RegistrationState(TextChoices):
    """Where a registration stands."""

    PENDING = "pending", _("待审核")
    CONFIRMED = "confirmed", _("已确认")
    WAITING = "waiting", _("候补")
    REFUSED = "refused", _("未通过")
    CANCELLED = "cancelled", _("已取消")
    ATTENDED = "attended", _("已到")
    NO_SHOW = "no_show", _("未到")


class ScanOutcome(TextChoices):
    """What a scan turned out to be."""

    ACCEPTED = "accepted", "签到成功"
    DOUBLED = "doubled", "重复扫码"
    OTHER_SESSION = "other_session", "不是本场的票"
    CANCELLED = "cancelled", "报名已取消"
    NOT_CONFIRMED = "not_confirmed", "没有名额"
    CLOCK = "clock", "设备时间不对"
    UNKNOWN = "unknown", "无法识别"


class AttendedBy(TextChoices):
    """How it is known that somebody came."""

    TICKET = "ticket", "扫码"
    LIST = "list", "名单"
    WALK_IN = "walk_in", "现场报名"
    ONLINE = "online", "线上"


S, R = ActivityState, RegistrationState
SHOWN = frozenset({S.PUBLISHED, S.OPEN, S.CLOSED, S.RUNNING, S.ENDED, S.ARCHIVED, S.POSTPONED, S.CANCELLED})
COMING = frozenset({S.PUBLISHED, S.OPEN, S.CLOSED, S.RUNNING, S.POSTPONED})
OVER = frozenset({S.ENDED, S.ARCHIVED})
# A registration in one of these has a place in its session.
SEATED = frozenset({R.PENDING, R.CONFIRMED, R.ATTENDED, R.NO_SHOW})
LIVE = SEATED | {R.WAITING}
