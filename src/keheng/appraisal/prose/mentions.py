"""Quantities in prose: which number, with which unit, of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from keheng.appraisal.numerals import NUMBER
from keheng.appraisal.prose.text import likeness, tidy
from keheng.appraisal.quantity import Op, Quantity, parse_quantity

_UNIT = (
    "台套|台\\(套\\)|人次|万人次|场次|家次|个月|个工作日|小时|分钟|毫秒|平方米|公里|百分比|百分点|ms|MS|S|s|M|G|%|‰|万元|亿元|元"
    "|[台套人场家个次项篇件条份期户名位处根座本部批辆例册株亩吨米秒天分级种类所支组款起]"
)
_BEFORE = (
    "不少于|不低于|不小于|不得低于|不高于|不超过|不大于|大于等于|小于等于|至少|最少|大于|超过|超|高于|多于|小于|少于|低于"
    "|≥|≤|>=|<=|>|<|=|约|近"
)
_AFTER = "及以上|以上|以下|以内|左右|余|多"
_MENTION = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<number>(?<![\d.〔\[第]){NUMBER}(?:[-~至]{NUMBER})?|(?<![第十百])[二两三四五六七八九十](?=[根个次场份篇套本家处期](?!方面)))(?P<odd>余|多)?(?P<times>万|亿|千万|百万)?(?P<odd2>余|多)?"
    rf"(?P<unit>{_UNIT})?(?P<after>{_AFTER})?|(?P<magnitude>[百千]万级|亿级|十万级)"
)
_BREAK = re.compile(r"[,，。；;：:、!！?？()（）“”\"]")
_STOP = re.compile(r"[。；;!！?？]")
_LEAD = re.compile(
    r"^(?:其中|举办|开展|组织|包括|全年|年度|本年度|共计|累计|合计|目前|已|将|确保|保证|达到了?|实现|完成|新增|拥有|支持了?|保持|全部|以及|和|与|并|及|对|为|共)+"
)
_TRAIL = re.compile(r"(?:达到了?|达|为|是|共计|共|累计|合计|完成|约|增至|提升至|提高到|降至|控制在|均为|已|了|等)+$")
_NOT_COUNTED = re.compile(r"^(?:年(?!均)|月(?!均)|日(?!均)|号|届|周年|大(?=精神|报告))")
_MAGNITUDES = {"十万级": Decimal(100_000), "百万级": Decimal(1_000_000), "千万级": Decimal(10_000_000), "亿级": Decimal(100_000_000)}
_LIST_NUMBER = re.compile(r"^[.、)）]\D")
_CONTEXT = 14


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in prose: ``noun`` before it, ``after`` behind it, ``partial`` when it is a part (其中, 包括) of another.

    ``position`` and ``end`` are offsets in the tidy text; ``sentence`` counts sentences; ``rough`` marks 约, 余, 多, 近.
    """

    noun: str
    after: str
    quantity: Quantity
    text: str
    position: int
    end: int
    sentence: int
    partial: bool
    rough: bool


@lru_cache(maxsize=4_096)
def mentions(text: str) -> tuple[Mention, ...]:
    """All quantities of a text in order; years, dates, list numbers and document numbers are left out."""
    plain = tidy(text)
    found: list[Mention] = []
    stops = [m.start() for m in _STOP.finditer(plain)]
    last_end, sentence, in_parts = 0, 0, False
    for match in _MENTION.finditer(plain):
        while sentence < len(stops) and stops[sentence] < match.start():
            sentence += 1
            in_parts = False
        if _is_no_count(plain, match):
            continue
        start = max(last_end, _segment_start(plain, match.start()))
        raw = plain[start : match.start()]
        stretch = plain[last_end : match.start()]
        if "其中" in stretch or "包括" in stretch or "包含" in stretch or "分别" in stretch:
            in_parts = True
        quantity = _quantity(match)
        if quantity is None:
            continue
        noun = _TRAIL.sub("", _LEAD.sub("", raw))
        rough = (
            bool(match["odd"] or match["odd2"]) or match["after"] in ("左右", "余", "多") or match["before"] in ("约", "近", "超", "超过")
        )
        tail = _BREAK.split(plain[match.end() : match.end() + _CONTEXT], maxsplit=1)[0]
        found.append(Mention(noun[-_CONTEXT * 2 :], tail, quantity, match[0], match.start(), match.end(), sentence, in_parts, rough))
        last_end = match.end()
    return tuple(found)


def _segment_start(plain: str, position: int) -> int:
    best = 0
    for match in _BREAK.finditer(plain, max(0, position - _CONTEXT * 3), position):
        best = match.end()
    return best


def _is_no_count(plain: str, match: re.Match[str]) -> bool:
    if match["magnitude"]:
        return False
    behind = plain[match.end() : match.end() + 2]
    if not match["unit"] and _NOT_COUNTED.match(behind):
        return True
    at_start = match.start() == 0 or plain[match.start() - 1] in "。；;,，:： "
    return at_start and match["unit"] is None and _LIST_NUMBER.match(plain[match.end() : match.end() + 2] + " ") is not None


def _quantity(match: re.Match[str]) -> Quantity | None:
    if match["magnitude"]:
        value = _MAGNITUDES[match["magnitude"]]
        return Quantity(parse_quantity("1").kind, match["magnitude"], Op.GE, value, None, "", "", "", value)
    before = {"约": "", "近": "", "超": ">", None: ""}.get(match["before"], match["before"] or "")
    after = match["after"] if match["after"] in ("以上", "及以上", "以下", "以内") else ""
    quantity = parse_quantity(f"{before}{match['number']}{match['times'] or ''}{match['unit'] or ''}{after}")
    return quantity if quantity.base is not None else None


def same_kind(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities count the same sort of thing: equal dimensions, or one without a unit that is no rate."""
    if one.dimension == other.dimension:
        return True
    if one.is_percent or other.is_percent or "time" in (one.dimension, other.dimension):
        return False
    counts = {one.dimension, other.dimension}
    return "" in counts or counts in (
        {"people", "visits"},
        {"个", "家"},
        {"个", "项"},
        {"sessions", "次"},
        {"个", "sets"},
        {"份", "个"},
        {"个", "次"},
        {"个", "件"},
    )


# 服务企业数 is counted where the prose speaks of 服务企业; a short name keeps the word that tells what it counts.
_COUNT_WORD = re.compile(r"(?<=.{4})(?:数量|次数|人数|数|量|情况)$")


def matching(name: str, mention: Mention) -> float:
    """How surely a mention speaks of the indicator with this name, 0 to 1."""
    noun = mention.noun
    name = _COUNT_WORD.sub("", name)
    best = likeness(name, noun) if len(noun) >= _SHORTEST_NOUN else 0.0
    if mention.after and (not noun or len(noun) < _SHORTEST_NOUN or mention.quantity.text.endswith("级")):
        best = max(best, likeness(name, mention.after) * 0.9)
    return best


_SHORTEST_NOUN = 3
