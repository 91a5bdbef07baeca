"""Masks of personal values, as pages show them until someone with the right to do so asks for the value with a reason.

A value that is too short or odd for its kind is not shown at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache

from keheng.kernel.definitions import definitions_folder

HIDDEN = "****"
_MOBILE, _ID, _OLD_ID = 11, 18, 15
_SHORTEST_PHONE, _SHORTEST_DOCUMENT, _SHORTEST_CARD, _LONGEST_CARD = 7, 8, 12, 19
_TO_DISTRICT = re.compile(
    r"(?:[^\W\d_]{2,7}?(?:特别行政区|自治区|省))?"
    r"(?:[^\W\d_省市区县]{1,8}?(?:自治州|地区|盟|市))?"
    r"(?:[^\W\d_省市区县旗镇乡街路村巷弄号小社园]{1,7}(?:新区|区|县|旗|市))?"
)


def mask(kind: str, value: str) -> str:
    """The value as shown by default; '' for an empty one. Raises KeyError for a kind without a mask."""
    plain = value.strip()
    return MASKS[kind](plain) if plain else ""


@cache
def compound_surnames() -> frozenset[str]:
    """Family names of two characters that are in use; others are taken to have one."""
    return frozenset(json.loads((definitions_folder("personal") / "surnames.json").read_text(encoding="utf-8"))["compound"])


def _phone(value: str) -> str:
    digits = re.sub(r"[\s()（）-]", "", value).removeprefix("+")
    if not re.fullmatch(r"[0-9]+", digits):
        return HIDDEN
    if len(digits) == _MOBILE + 2:
        digits = digits.removeprefix("86")
    if len(digits) >= _MOBILE:
        return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    return f"{HIDDEN}{digits[-2:]}" if len(digits) >= _SHORTEST_PHONE else HIDDEN


def _id_number(value: str) -> str:
    """First 3 and last 4 of an identity card; of another document the first and the last two."""
    if not re.fullmatch(r"[0-9A-Za-z]+", value):
        return HIDDEN
    if len(value) in {_ID, _OLD_ID}:
        return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"
    return f"{value[0]}{HIDDEN}{value[-2:]}" if len(value) >= _SHORTEST_DOCUMENT else HIDDEN


def _name(value: str) -> str:
    """Family name and one star, so that the length of the given name is not told either."""
    if len(value) == 1:
        return "*"
    return f"{value[:2] if len(value) > 2 and value[:2] in compound_surnames() else value[0]}*"  # noqa: PLR2004 -- a family name of two and a given name


def _email(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not at or not local or not domain:
        return HIDDEN
    return f"{local[0] if len(local) > 1 else ''}{HIDDEN}@{domain}"


def _address(value: str) -> str:
    """Province, city and district; what follows is hidden, and an address that is no more than that is hidden whole."""
    found = _TO_DISTRICT.match(value)
    shown = found.group() if found else ""
    return f"{shown}{HIDDEN}" if len(value) > len(shown) else HIDDEN


def _bank_card(value: str) -> str:
    digits = value.replace(" ", "")
    return f"{HIDDEN}{digits[-4:]}" if re.fullmatch(rf"[0-9]{{{_SHORTEST_CARD},{_LONGEST_CARD}}}", digits) else HIDDEN


def _birth(value: str) -> str:
    """The year."""
    found = re.match(r"((?:19|20)[0-9]{2})[-年/.]", value)
    return f"{found.group(1)}-**-**" if found else HIDDEN


def _whole(_value: str) -> str:
    return HIDDEN


MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": _phone,
    "id_number": _id_number,
    "name": _name,
    "email": _email,
    "address": _address,
    "bank_card": _bank_card,
    "birth": _birth,
    "text": _whole,
}
