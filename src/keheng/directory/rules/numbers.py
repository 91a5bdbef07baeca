"""Numbers of people: resident id numbers (GB 11643-1999) and phone numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from operator import mul

from keheng.kernel.errors import Problem, problem

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"
_ID = re.compile(r"\d{17}[\dX]")
_OLD_ID = re.compile(r"\d{15}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_WITH_EXTENSION = re.compile(r"(0\d{2,3})-?(\d{7,8})(?:-(\d{1,6}))?")
_FIXED = re.compile(r"0\d{2,3}\d{7,8}(?:-\d{1,6})?|[48]00\d{7}")


def id_check_digit(first17: str) -> str:
    """Check character of the first 17 digits of an id number: ISO 7064, MOD 11-2."""
    return _CHECKS[sum(map(mul, _WEIGHTS, map(int, first17))) % 11]


def normal_id(number: str) -> str:
    """An id number as it is kept: half width, capital X, no blanks; one of 15 digits (before 1999) in its form of 18."""
    found = "".join(unicodedata.normalize("NFKC", number).upper().split())
    if _OLD_ID.fullmatch(found):
        found = f"{found[:6]}19{found[6:]}"
        found += id_check_digit(found)
    return found


def birth_of(number: str) -> date | None:
    """The day of birth in a normal id number; None when it is no day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def id_problems(number: str, field: str) -> list[Problem]:
    """Everything wrong with a normal id number; nothing of it is repeated in the message."""
    if not _ID.fullmatch(number):
        return [problem("DIR_ID_SHAPE", field)]
    found = [] if birth_of(number) else [problem("DIR_ID_BIRTH", field)]
    if number[17] != id_check_digit(number[:17]):
        found.append(problem("DIR_ID_CHECK", field))
    return found


def normal_phone(number: str) -> str:
    """A phone number as it is kept: half width digits without the country code; a hyphen only before an extension."""
    half = "".join(unicodedata.normalize("NFKC", number).split()).replace("转", "-").replace("(", "").replace(")", "-")
    local = re.sub(r"^(?:\+|00)86-?", "", half)
    if found := _WITH_EXTENSION.fullmatch(local):
        return "-".join(filter(None, ("".join(found.group(1, 2)), found[3])))
    return local.replace("-", "")


def phone_problems(number: str, field: str) -> list[Problem]:
    """What is wrong with a normal phone number: a mobile or a fixed one with area code, or one of a service line."""
    return [] if _MOBILE.fullmatch(number) or _FIXED.fullmatch(number) else [problem("DIR_PHONE_SHAPE", field)]
