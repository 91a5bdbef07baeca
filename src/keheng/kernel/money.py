"""Money as whole fen 分. Never a float: a sum of amounts is the sum a cashier finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_LARGEST = 10**18
_FEN_A_YUAN, _FEN_A_JIAO, _GROUP = 100, 10, 10_000
_FEN = Decimal("0.01")
_PRINTED = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?")


class NotMoneyError(ValueError):
    """What was given is no amount in yuan with at most two decimals."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen; below 10^18 fen either way."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int or abs(self.fen) >= _LARGEST:
            raise NotMoneyError(f"{self.fen!r} is no number of fen")

    @classmethod
    def yuan(cls, amount: Decimal | int | str) -> Money:
        """From yuan; text may have thousands separators. Raises NotMoneyError for floats, fractions of a fen, and other text."""
        if isinstance(amount, str):
            text = amount.strip()
            if not _PRINTED.fullmatch(text):
                raise NotMoneyError(f"{amount!r} is no amount in yuan")
            amount = Decimal(text.replace(",", ""))
        if isinstance(amount, bool | float) or not isinstance(amount, int | Decimal):
            raise NotMoneyError(f"{amount!r}: amounts are Decimal, int or text, never float")
        try:
            # A product would be rounded to the digits of the context, and a fraction of a fen be lost; a comparison is exact.
            rounded = Decimal(amount).quantize(_FEN)
        except InvalidOperation as error:
            raise NotMoneyError("this is no amount, or too large a one") from error
        if rounded != amount:
            raise NotMoneyError(f"{amount} has fractions of a fen")
        return cls(int(rounded * _FEN_A_YUAN))

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __mul__(self, count: int) -> Money:
        return Money(self.fen * count)

    def __bool__(self) -> bool:
        return bool(self.fen)

    def share(self, rate: Decimal) -> Money:
        """A part of the amount, such as ``Decimal("0.5")`` of it, rounded once, half away from zero, to the fen.

        Raises NotMoneyError for a float and for what is no number.
        """
        if not isinstance(rate, Decimal) or not rate.is_finite():
            raise NotMoneyError(f"{rate!r}: a rate is a Decimal, never float")
        above, below = rate.as_integer_ratio()
        exact = self.fen * above
        size = (2 * abs(exact) + below) // (2 * below)
        return Money(-size if exact < 0 else size)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Parts in proportion to weights (not negative, not all 0) that add up exactly; the largest remainders get the last fen."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are not negative, and one at least is above 0")
        sign, whole = (-1 if self.fen < 0 else 1), abs(self.fen)
        parts = [whole * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda n: (-(whole * weights[n] % total), n))
        for n in by_remainder[: whole - sum(parts)]:
            parts[n] += 1
        return [Money(sign * part) for part in parts]

    def __str__(self) -> str:
        """As printed: ``1,234.56``."""
        yuan, fen = divmod(abs(self.fen), _FEN_A_YUAN)
        return f"{'-' if self.fen < 0 else ''}{yuan:,}.{fen:02d}"

    def in_capitals(self) -> str:
        """As receipts write it: 壹仟贰佰叁拾肆元伍角陆分; 整 after whole yuan or jiao (会计基础工作规范 art. 52)."""
        yuan, rest = divmod(abs(self.fen), _FEN_A_YUAN)
        jiao, fen = divmod(rest, _FEN_A_JIAO)
        text = f"{_integer(yuan)}元" if yuan else ""
        if jiao:
            text += f"{_DIGITS[jiao]}角"
        elif fen and yuan:
            text += _DIGITS[0]
        text += f"{_DIGITS[fen]}分" if fen else "整"
        return ("负" if self.fen < 0 else "") + (text if self.fen else "零元整")


ZERO = Money(0)


def total(amounts: Sequence[Money]) -> Money:
    """The sum; zero of none."""
    return Money(sum(amount.fen for amount in amounts))


def _integer(number: int) -> str:
    """A whole number above 0 in capitals; one 零 for any run of empty places inside."""
    text, gap = "", False
    groups: list[int] = []
    while number:
        number, group = divmod(number, _GROUP)
        groups.append(group)
    for index in reversed(range(len(groups))):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < _GROUP // 10):
            text += _DIGITS[0]
        text += _below_ten_thousand(group) + _GROUPS[index]
        gap = False
    # 万亿 already ends in 亿: with hundreds of millions after it the 亿 is said once.
    return text.replace("万亿", "万", 1) if len(groups) > 3 and groups[2] else text  # noqa: PLR2004 -- four groups reach 万亿


def _below_ten_thousand(group: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            text += (_DIGITS[0] if gap and text else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return text


_VALUES = {char: value for value, char in enumerate(_DIGITS)}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def from_capitals(text: str) -> Money:
    """The amount of a text in capitals; raises NotMoneyError unless writing it again gives the same text."""
    body = text.removeprefix("负").removesuffix("整")
    yuan, _, rest = body.rpartition("元") if "元" in body else ("", "", body)
    jiao, _, fen = rest.rpartition("角") if "角" in rest else ("", "", rest)
    try:
        amount = _number(yuan) * _FEN_A_YUAN + _number(jiao) * _FEN_A_JIAO + _number(fen.removesuffix("分"))
        money = Money(-amount if text.startswith("负") else amount)
    except (KeyError, NotMoneyError) as error:
        raise NotMoneyError(f"{text} is no amount in capitals") from error
    if money.in_capitals() != text:
        raise NotMoneyError(f"{text}: this amount is written {money.in_capitals()}")
    return money


def _number(text: str) -> int:
    whole = section = digit = 0
    for char in text:
        if char in _UNITS:
            section, digit = section + digit * _UNITS[char], 0
        elif char == "万":
            whole, section, digit = whole + (section + digit) * _GROUP, 0, 0
        elif char == "亿":
            whole, section, digit = (whole + section + digit) * _GROUP**2, 0, 0
        else:
            digit = _VALUES[char]
    return whole + section + digit
