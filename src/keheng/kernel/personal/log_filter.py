"""Logs without personal data: phone numbers, id numbers, e-mail addresses, card numbers and tokens are masked before a record is written.

In ``LOGGING``: ``"filters": {"personal": {"()": "keheng.kernel.personal.log_filter.PersonalFilter"}}``, on every handler (a filter on a
logger does not see the records of its children).
"""

from __future__ import annotations

import logging
import re

from keheng.kernel.personal.masks import HIDDEN, mask

_NOT_IN_A_NUMBER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("secret", re.compile(r"(?i)\b((?:authorization|proxy-authorization)[\"']?\s*[:=]\s*[\"']?(?:bearer|basic)?\s*)[^\s\"',;&]+")),
    ("secret", re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}")),
    (
        "secret",
        re.compile(
            r"(?i)\b([\w-]*(?:token|secret|passw(?:or)?d|cookie|sessionid|api[_-]?key|ticket|otp)[\w-]*[\"']?\s*[:=]\s*[\"']?)[^\s\"',;&]+"
        ),
    ),
    ("jwt", re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "id_number",
        re.compile(
            rf"{_NOT_IN_A_NUMBER[0]}[1-9][0-9]{{5}}(?:(?:18|19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}[0-9Xx]"
            rf"|[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}){_NOT_IN_A_NUMBER[1]}"
        ),
    ),
    ("bank_card", re.compile(rf"{_NOT_IN_A_NUMBER[0]}(?:62|4|5[1-5])[0-9]{{14,17}}{_NOT_IN_A_NUMBER[1]}")),
    ("phone", re.compile(rf"(?:(?<![0-9A-Za-z+])\+?86[ -]?)?{_NOT_IN_A_NUMBER[0]}1[3-9][0-9](?:[ -]?[0-9]{{4}}){{2}}(?![0-9])")),
    ("phone", re.compile(r"(?<![0-9+])(?:\+?86)1[3-9][0-9]{9}(?![0-9])")),
    ("phone", re.compile(rf"{_NOT_IN_A_NUMBER[0]}0[0-9]{{2,3}}-[0-9]{{7,8}}(?![0-9])")),
)


def redacted(text: str) -> str:
    """The text with personal values and tokens masked."""
    for kind, pattern in _PATTERNS:
        text = pattern.sub(lambda found, kind=kind: _shown(kind, found), text)  # type: ignore[misc]  # mypy cannot type a bound default
    return text


def _shown(kind: str, found: re.Match[str]) -> str:
    if kind == "secret":
        return f"{found.group(1)}{HIDDEN}"
    return HIDDEN if kind == "jwt" else mask(kind, found.group())


class PersonalFilter(logging.Filter):
    """Masks the message, its arguments, the traceback and the stack of every record; lets all records pass."""

    _formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """True, after the record was masked in place."""
        record.msg, record.args = redacted(_message(record)), ()
        if record.exc_info:
            record.exc_text = self._formatter.formatException(record.exc_info) if record.exc_info[0] is not None else None
            # Whatever formats the exception anew would bring the values back.
            record.exc_info = None
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        if record.stack_info:
            record.stack_info = redacted(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    """The message; when its arguments do not fit, the fault must not print them either."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (arguments do not fit the message)"
