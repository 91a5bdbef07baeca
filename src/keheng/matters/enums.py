"""Words of matters that are the same in every file."""

from __future__ import annotations

from django.db.models import TextChoices


class End(TextChoices):
    """How a case ended; '' while it goes on."""

    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"
    WITHDRAWN = "withdrawn", "撤回"
    CLOSED = "closed", "作结"


class TurnState(TextChoices):
    """Where a turn at a window stands."""

    BOOKED = "booked", "已预约"
    WAITING = "waiting", "已取号"
    CALLED = "called", "办理中"
    DONE = "done", "已办完"
    CANCELLED = "cancelled", "已取消"
    MISSED = "missed", "未到"


class Verdict(TextChoices):
    """How an enterprise stands to a policy: unmet once one clause is, unknown while one is, else met."""

    MET = "met", "符合"
    UNKNOWN = "unknown", "待定"
    UNMET = "unmet", "不符合"


STARS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
# From here on a rating is a complaint: the hotline opens a work order for it (沪府办发〔2019〕20号, copy, 待核).
BAD_STARS = 2
