"""By what those who came are told apart: a mark that holds for one calendar year."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.utils.timezone import localdate


def year_of(ends_at: datetime) -> int:
    """The year whose figures a session belongs to: the one in which it ends, by the clock of the installation."""
    return localdate(ends_at).year


def year_mark(key: str, mark: str) -> str:
    """The mark of a person in a year, 32 hexadecimal digits: HMAC-SM3 (GB/T 32905-2016) of the server's mark under the year's key."""
    return hmac.new(key.encode(), mark.encode(), "sm3").hexdigest()[:32]
