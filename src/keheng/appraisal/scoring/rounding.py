"""Rounding as policies name it."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

_MODES = {"half_up": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def rounded(value: Decimal, rule: tuple[str, int]) -> Decimal:
    """``value`` rounded by (mode, places); modes are half_up, down and up."""
    mode, places = rule
    return value.quantize(Decimal(1).scaleb(-places), rounding=_MODES[mode])


def plain(value: Decimal) -> str:
    """A number as people write it: at most four places, no trailing zeros."""
    text = f"{value.quantize(Decimal('0.0001'), rounding=ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"
