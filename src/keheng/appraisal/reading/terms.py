"""The words printed on forms, looked up: labels, column heads, level names, totals, grades."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from keheng.appraisal.definitions import load_definition
from keheng.appraisal.model import Column
from keheng.appraisal.reading.pieces import fold

_POINTS_IN_BRACKETS = re.compile(r"[(（]\d+(?:\.\d+)?(?:分|%)?[)）]$")
_LONGEST_LEVEL = 8
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 60
_LIST_NUMBER = re.compile(r"^\d+[.、．]")
_LEVEL_NUMBER = re.compile(r"^[(（]?[一二三四五六1-9][)）、.．]+")


def _data() -> dict[str, Any]:
    return load_definition("reading.json")  # type: ignore[no-any-return]  # a JSON object by construction


@cache
def _labels() -> dict[str, str]:
    return {fold(name): label for label, names in _data()["labels"].items() for name in names}


@lru_cache(maxsize=16_384)
def label_of(folded: str) -> str | None:
    """The head label a piece prints (``project``, ``goal`` …), or None. A colon and bracketed units are ignored."""
    bare = _LIST_NUMBER.sub("", folded.rstrip(":："))
    known = _labels()
    if bare in known:
        return known[bare]
    bare = re.sub(r"[(（][^()（）]{0,6}[)）]$", "", bare)
    return known.get(bare)


@cache
def _label_start() -> re.Pattern[str]:
    names = sorted(_labels(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, names))})(?:[(（](?:元|万元|%)[)）])?[:：]")


@lru_cache(maxsize=16_384)
def label_with_value(folded: str) -> tuple[str, int] | None:
    """For ``label:value`` in one piece: the label and how many characters it takes, colon included."""
    match = _label_start().match(folded)
    return (_labels()[match[1]], match.end()) if match and match.end() < len(folded) else None


@cache
def _column_pattern() -> re.Pattern[str]:
    names = [fold(name) for names in _data()["columns"].values() for name in names]
    tails = "|".join(re.escape(fold(tail)) for tail in sorted(_data()["column_tail"], key=len, reverse=True))
    return re.compile(rf"({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?:{tails})*(?:[(（][^()（）]{{1,14}}[)）])?")


@cache
def _column_names() -> dict[str, Column]:
    return {fold(name): Column(column) for column, names in _data()["columns"].items() for name in names}


@lru_cache(maxsize=16_384)
def columns_in(text: str) -> tuple[tuple[int, int, Column], ...]:
    """The column heads that a run of folded header text begins with: (start, end, column), one after the other."""
    found: list[tuple[int, int, Column]] = []
    position = 0
    while match := _column_pattern().match(text, position):
        found.append((match.start(), match.end(), _column_names()[match[1]]))
        position = match.end()
    return tuple(found)


@cache
def _level_names() -> tuple[dict[str, str], dict[str, str]]:
    first = {fold(name) for name in _data()["level1"]}
    second = {fold(name): parent for parent, names in _data()["level2"].items() for name in names}
    return {name: name for name in first}, second


@lru_cache(maxsize=16_384)
def level_of(folded: str) -> int:
    """1 or 2 when the piece is certainly a level name (with 指标 or points behind it), else 0."""
    bare = _LEVEL_NUMBER.sub("", folded)
    pointed = _POINTS_IN_BRACKETS.search(bare) is not None
    bare = _POINTS_IN_BRACKETS.sub("", bare).rstrip(":：")
    named = bare.endswith("指标")
    stem = bare.removesuffix("指标")
    first, second = _level_names()
    if not stem or not (named or pointed):
        return 0
    if stem in first:
        return 1
    if stem in second:
        return 2
    return 1 if pointed and len(stem) <= _LONGEST_LEVEL and "指标" not in stem and not any(c.isdigit() for c in stem) else 0


@lru_cache(maxsize=4_096)
def may_be_second(folded: str) -> bool:
    """True for the names that stand on either level, such as 满意度指标 and 成本指标."""
    stem = _POINTS_IN_BRACKETS.sub("", _LEVEL_NUMBER.sub("", folded)).removesuffix("指标")
    return level_of(folded) == 1 and stem in _level_names()[1]


@cache
def _level_beginnings() -> frozenset[str]:
    first, second = _level_names()
    whole = [f"{stem}指标" for stem in (*first, *second)]
    return frozenset(name[:size] for name in whole for size in range(1, len(name) + 1))


@lru_cache(maxsize=16_384)
def begins_level(folded: str) -> bool:
    """True when the piece could be the beginning of a level name that a line end tore."""
    return _LEVEL_NUMBER.sub("", folded) in _level_beginnings()


@lru_cache(maxsize=4_096)
def natural_parent(folded: str) -> str | None:
    """The level-1 name a level-2 name usually stands under (社会效益指标 under 效益指标), or None."""
    stem = _POINTS_IN_BRACKETS.sub("", _LEVEL_NUMBER.sub("", folded)).removesuffix("指标")
    return _level_names()[1].get(stem)


@cache
def _sets() -> dict[str, frozenset[str]]:
    keys = ("funds_total", "funds_parts", "totals", "grades", "qualities", "side_labels", "table_side_labels", "unit_words")
    return {key: frozenset(fold(word) for word in _data()[key]) for key in keys}


def is_word(kind: str, folded: str) -> bool:
    """True when the folded text is one of the words of a list in ``reading.json``."""
    return folded in _sets()[kind]


@cache
def _funds_columns() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {fold(name): column for column, names in _data()["funds_columns"].items() for name in names}
    joined = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"({joined})(?:[(（][^()（）]{{1,14}}[)）])?"), names


def funds_columns_in(text: str) -> list[tuple[int, int, str]]:
    """The heads of a funds table that the folded text begins with: (start, end, column)."""
    pattern, names = _funds_columns()
    found: list[tuple[int, int, str]] = []
    position = 0
    while match := pattern.match(text, position):
        found.append((match.start(), match.end(), names[match[1]]))
        position = match.end()
    return found


@cache
def title_pattern() -> re.Pattern[str]:
    """Matches the title of a form inside folded text."""
    return re.compile(_data()["title"])


@lru_cache(maxsize=8_192)
def is_title(folded: str) -> bool:
    """True for a short line that names a self-evaluation or target form."""
    return (
        _SHORTEST_TITLE <= len(folded) <= _LONGEST_TITLE
        and title_pattern().search(folded) is not None
        and re.search(_data()["not_title"], folded) is None
    )


@lru_cache(maxsize=1_024)
def is_target_title(folded: str) -> bool:
    """True when the title says that the form only declares targets."""
    return re.search(_data()["target_title"], folded) is not None


_PROMPT = re.compile(r"指标\d+[:：]?|[…．.]+|目标\d+[:：]?")


@lru_cache(maxsize=4_096)
def is_prompt(folded: str) -> bool:
    """True for what the empty template prints and nobody filled in: ``指标2:``, ``……``."""
    return _PROMPT.fullmatch(folded) is not None


@cache
def _table_end() -> tuple[str, ...]:
    return tuple(fold(word) for word in _data()["table_end"])


@lru_cache(maxsize=16_384)
def ends_table(folded: str) -> bool:
    """True for a piece that begins what stands below an indicator table: notes, signatures, conclusions."""
    return folded.startswith(_table_end())
