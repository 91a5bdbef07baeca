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


class Difficulty(TextChoices):
    """How hard it is to put right what somebody rated badly: it has a longer or a shorter limit."""

    SIMPLE = "simple", "简单"
    ORDINARY = "ordinary", "一般"
    HARD = "hard", "复杂"


class Finding(TextChoices):
    """What looking into a bad rating showed."""

    VALID = "valid", "属实"
    MISTAKEN = "mistaken", "误评"
    MALICIOUS = "malicious", "恶意评价"


class Reached(TextChoices):
    """How somebody who rated badly was called back."""

    PHONE = "phone", "电话"
    MET = "met", "当面"
    WRITTEN = "written", "书面"
    NOBODY = "nobody", "没有联系上"
