"""Choices of exhibition halls."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VisitState(TextChoices):
    """Where a visit stands."""

    REQUESTED = "requested", _("申请")
    APPROVED = "approved", _("已审核")
    SCHEDULED = "scheduled", _("已排期")
    RECEIVING = "receiving", _("接待中")
    DONE = "done", _("完成")
    CANCELLED = "cancelled", _("取消")
    NO_SHOW = "no_show", _("未到")
    REFUSED = "refused", _("未通过")


class GuideLanguage(TextChoices):
    """Languages in which groups are guided."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
    JAPANESE = "ja", "日本語"
    KOREAN = "ko", "한국어"


class ItemState(TextChoices):
    """What the inspection found of one thing."""

    OK = "ok", "正常"
    DEFECT = "defect", "有问题"
    ABSENT = "absent", "不适用"


# Monday first, as short as a calendar's head wants them.
WEEKDAYS = (
    pgettext_lazy("weekday", "周一"), pgettext_lazy("weekday", "周二"), pgettext_lazy("weekday", "周三"), pgettext_lazy("weekday", "周四"),
    pgettext_lazy("weekday", "周五"), pgettext_lazy("weekday", "周六"), pgettext_lazy("weekday", "周日"),
)  # fmt: skip
V = VisitState
# A visit in one of these holds its slot and its guide.
HOLDING = frozenset({V.REQUESTED, V.APPROVED, V.SCHEDULED, V.RECEIVING, V.DONE})
AHEAD = frozenset({V.REQUESTED, V.APPROVED, V.SCHEDULED})
