"""Numbers as Chinese forms write them: digits with separators, full-width digits, Chinese numerals."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
# Glyphs that NFKC leaves alone but forms use for the plain sign.
_GLYPHS = str.maketrans(
    {"≧": "≥", "≦": "≤", "═": "=", "﹦": "=", "﹥": ">", "﹤": "<", "〉": ">", "〈": "<", "⩾": "≥", "⩽": "≤", "萬": "万", "億": "亿"}
    | dict.fromkeys("－–—−﹣", "-")
    | dict.fromkeys("～〜∼", "~")
)

CHINESE_NUMERAL = "[零〇一二三四五六七八九十百千两]+"
NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER_ONLY = re.compile(NUMBER)


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """Compatibility forms folded (full-width digits, ＞, ％), look-alike operators unified, outer blanks gone."""
    return unicodedata.normalize("NFKC", text.translate(_GLYPHS)).translate(_GLYPHS).strip()


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral such as 三十二, 一百零五 or 二〇二三; None when the text is no numeral."""
    if not text or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SMALL:
            section += (digit or 1) * _SMALL[c]
            digit = 0
        else:
            total = (total + section + digit) * _LARGE[c]
            section = digit = 0
    return total + section + digit


@lru_cache(maxsize=65_536)
def plain_number(text: str) -> Decimal | None:
    """The value of a cell that is nothing but one number, such as ``1,234.50``; None for anything else.

    Thousands separators must stand in threes: ``1,2`` is no number, since nobody can say whether it is 12 or two numbers.
    """
    folded = normalise(text).replace(" ", "")
    if not _NUMBER_ONLY.fullmatch(folded):
        return None
    return Decimal(folded.replace(",", ""))
