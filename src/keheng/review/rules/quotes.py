"""Quotes for one purchase: were they made by one hand? And prices that stand out of the price book.

The sharpest test: quotes that were made from one another by a factor differ by nearly the same factor on every line, so that the
standard deviation of the log ratios of two quotes is far smaller than honest ones ever reach. All findings are hints for a reviewer,
never a verdict. Parameters with their sources: ``definitions/review/quotes.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import log
from statistics import stdev
from typing import Any

from keheng.kernel.definitions import definitions_folder


@dataclass(frozen=True, slots=True)
class Line:
    """One priced line: the item's code, how the supplier wrote it, the unit price in fen."""

    item: str
    text: str
    fen: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A supplier's quote with what its file and letterhead say; '' where nothing is known."""

    supplier: str
    lines: Sequence[Line]
    phone: str = ""
    address: str = ""
    author: str = ""
    saved_at: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """Two suppliers and what their quotes share; ``value`` is the figure the hint rests on, ``limit`` what it is held against."""

    kind: str
    one: str
    other: str
    zh: str
    value: float | None = None
    limit: float | None = None


@cache
def parameters() -> Mapping[str, Any]:
    """Thresholds with their sources."""
    content = json.loads((definitions_folder("review") / "quotes.json").read_text(encoding="utf-8"))
    return {name: row["value"] for name, row in content["parameters"].items()}


def spread_of_ratios(one: Quote, other: Quote) -> tuple[float, int] | None:
    """Standard deviation of the log ratios of prices, and over how many common lines; None where too few lines are common."""
    prices = {line.item: line.fen for line in one.lines if line.fen > 0}
    ratios = [log(line.fen / prices[line.item]) for line in other.lines if line.fen > 0 and line.item in prices]
    return (stdev(ratios), len(ratios)) if len(ratios) >= parameters()["least_lines"] else None


def collusion_hints(quotes: Sequence[Quote]) -> list[Hint]:
    """What speaks for quotes that one hand made, pair by pair."""
    texts = Counter(line.text for quote in quotes for line in {one.text: one for one in quote.lines}.values())
    return [hint for one, other in combinations(quotes, 2) for hint in _of_pair(one, other, texts, len(quotes))]


def _of_pair(one: Quote, other: Quote, texts: Counter[str], count: int) -> Iterator[Hint]:
    def hint(kind: str, zh: str, value: float | None = None, limit: float | None = None) -> Hint:
        return Hint(kind, one.supplier, other.supplier, zh, value, limit)

    given, limit = parameters(), parameters()["least_spread"]
    spread = spread_of_ratios(one, other)
    if spread is not None and spread[0] < limit:
        yield hint("proportional", f"{spread[1]} 行报价几乎同一比例，离散度 {spread[0]:.3f}，正常报价不低于 {limit}", spread[0], limit)
    if (same := _same_endings(one, other)) is not None and same >= given["same_endings"]:
        yield hint("rounding", f"{same:.0%} 的单价尾数相同", same, given["same_endings"])
    if _order(one, other) and len(one.lines) >= given["least_lines"] and not _order_is_common(one):
        yield hint("order", "明细行的排列顺序相同，且不是目录的顺序")
    # Wording of two suppliers alone, which neither the request nor a third one uses.
    odd = sorted({line.text for line in one.lines} & {line.text for line in other.lines} & {text for text, n in texts.items() if n == 2})  # noqa: PLR2004 -- two of them and nobody else
    if count > 2 and len(odd) >= given["same_wording"]:  # noqa: PLR2004 -- with two quotes nobody is left to compare with
        yield hint("wording", f"只有这两家使用的写法 {len(odd)} 处，如“{odd[0]}”", float(len(odd)), given["same_wording"])
    for kind, zh, mine, theirs in (
        ("phone", "联系电话相同", one.phone, other.phone),
        ("address", "地址相同", one.address, other.address),
        ("author", "文件作者相同", one.author, other.author),
        ("saved_at", "文件保存时间相同", one.saved_at, other.saved_at),
        ("digest", "附件内容相同", one.digest, other.digest),
    ):
        if mine and mine == theirs:
            yield hint(kind, zh)


def _same_endings(one: Quote, other: Quote) -> float | None:
    """How many of the common lines end in equal yuan below a hundred, round prices left out; None where too few are left."""
    hundred = 10_000
    prices = {line.item: line.fen for line in one.lines}
    pairs = [(prices[line.item] % hundred, line.fen % hundred) for line in other.lines if line.item in prices]
    telling = [(mine, theirs) for mine, theirs in pairs if mine or theirs]
    return sum(mine == theirs for mine, theirs in telling) / len(telling) if len(telling) >= parameters()["least_lines"] else None


def _order(one: Quote, other: Quote) -> bool:
    return [line.item for line in one.lines] == [line.item for line in other.lines]


def _order_is_common(one: Quote) -> bool:
    """Whether the lines stand in the order of their codes, as the request has them."""
    codes = [line.item for line in one.lines]
    return codes == sorted(codes)
