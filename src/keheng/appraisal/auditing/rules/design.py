"""Family H on one form: the design of indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import combinations

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.auditing.rules.actuals import satisfaction_rows
from keheng.appraisal.auditing.rules.targets import goal_words
from keheng.appraisal.definitions import load_definition
from keheng.appraisal.model import Column, EvaluationForm, Row
from keheng.appraisal.prose.text import bare_words, bigrams
from keheng.appraisal.prose.words import pattern
from keheng.appraisal.scoring.rounding import plain

_SAME_NAME, _FEW_ROWS = 0.9, 3
_GENERIC_SHARE = 0.75
_SHORTEST_NAME = 2
_COMMON_UNITS = frozenset({"percent", "days", "time", "money", "次", "年", "个月", "级", ""})
_WORDS = re.compile(r"[A-Za-z0-9]+")


@lru_cache(maxsize=16_384)
def _core(name: str) -> str:
    return bare_words(name).replace("的", "")


def _same_subject(one: Row, other: Row) -> bool:
    a, b = _core(one.name.text), _core(other.name.text)
    if not a or not b or abs(len(a) - len(b)) > _SHORTEST_NAME:
        return False
    shared = len(bigrams(a) & bigrams(b)) / max(1, len(bigrams(a) | bigrams(b)))
    return a == b or (shared >= _SAME_NAME)


def _same_count(one: Row, other: Row) -> bool:
    """Two counts of the same kind with the same target and the same result, in different sections."""
    a, b = one.wanted, other.wanted
    if a.base is None or a.dimension in _COMMON_UNITS or a.base <= 1 or one.level1.text == other.level1.text:
        return False
    same = (
        (a.op, a.base, a.dimension) == (b.op, b.base, b.dimension)
        and one.reached.base is not None
        and one.reached.base == other.reached.base
    )
    return same and bool(bigrams(_core(one.name.text)) & bigrams(_core(other.name.text)))


@form_rule("IND_DUP")
def measured_twice(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Two rows that measure the same fact."""
    for one, other in combinations(form.rows, 2):
        named = _same_subject(one, other) and (not one.target or one.target.text == other.target.text)
        if named or _same_count(one, other):
            values = {"first": one.name.text, "second": other.name.text, "value": one.actual.text or one.target.text or "—"}
            yield find(
                form,
                "IND_DUP",
                rows=[one, other],
                place="name",
                cells=[one.name, other.name],
                values=values,
                points=other.weight.value,
                confidence=0.8,
            )


@form_rule("IND_CLASS")
def wrong_class(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """An output or a quality measure that poses as an outcome."""
    for row in form.rows:
        if "效益" not in row.level1.text and "效益" not in row.level2.text:
            continue
        name = row.name.text
        hit = pattern("quality_in_outcome").search(name) or pattern("output_in_outcome").search(name)
        if hit:
            values = {"name": name, "level": row.level2.text or row.level1.text, "word": hit[0]}
            yield find(
                form, "IND_CLASS", rows=[row], place="name", cells=[row.name], values=values, points=row.weight.value, confidence=0.7
            )


@cache
def _content_free() -> re.Pattern[str]:
    listed = sorted(load_definition("vocabulary.json")["content_free"], key=len, reverse=True)
    return re.compile("|".join(listed) + "|[的率度性数]")


@lru_cache(maxsize=16_384)
def _content(name: str) -> frozenset[str]:
    """Character pairs of a name that say what it is about."""
    return frozenset(pair for part in _content_free().split(bare_words(name)) for pair in bigrams(part))


@form_rule("IND_IRRELEVANT")
def beside_the_point(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Rows about something that neither project, goal nor account mentions; only where few rows stand apart."""
    told = bigrams(goal_words(form))
    if not form.goal or not told or Column.TARGET not in form.columns:
        return
    apart = [row for row in form.rows if not row.is_execution and (content := _content(row.name.text)) and not content & told]
    if apart and len(apart) * 3 <= len(form.rows) + 1:
        for row in apart:
            yield find(
                form,
                "IND_IRRELEVANT",
                rows=[row],
                place="name",
                cells=[row.name],
                values={"name": row.name.text},
                points=row.weight.value,
                confidence=0.5,
            )


@form_rule("IND_SAT_OBJECT")
def satisfied_with_oneself(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Satisfaction of those who run the project, not of those it serves."""
    for row in satisfaction_rows(form):
        hit = pattern("internal_party").search(row.name.text)
        if hit:
            values = {"name": row.name.text, "party": hit[0]}
            yield find(
                form, "IND_SAT_OBJECT", rows=[row], place="name", cells=[row.name], values=values, points=row.weight.value, confidence=0.9
            )


@form_rule("IND_UNMEASURABLE")
def cannot_be_measured(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A 'contribution' or 'influence' in per cent without a way to compute it."""
    for row in form.rows:
        hit = pattern("unmeasurable").search(row.name.text)
        if hit and (row.wanted.is_number or not row.target) and not row.rule and not row.explanation:
            values = {"name": row.name.text, "target": row.target.text or "—", "word": hit[0]}
            yield find(
                form, "IND_UNMEASURABLE", rows=[row], place="name", cells=[row.name, row.target], values=values, points=row.weight.value
            )


@form_rule("IND_UNCONTROLLABLE")
def beyond_control(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A value that others decide: rankings, market prices, the weather."""
    for row in form.rows:
        hit = pattern("uncontrollable").search(row.name.text + row.target.text)
        if hit:
            values = {"name": row.name.text, "target": row.target.text, "word": hit[0]}
            yield find(form, "IND_UNCONTROLLABLE", rows=[row], place="target", cells=[row.name, row.target], values=values, confidence=0.7)


@cache
def _generic_words() -> re.Pattern[str]:
    listed = sorted(load_definition("vocabulary.json")["generic"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, listed)))


@lru_cache(maxsize=16_384)
def _is_generic(name: str) -> bool:
    return not _generic_words().sub("", bare_words(name))


@form_rule("IND_GENERIC")
def fits_any_project(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Nearly all rows are made of words that fit any project."""
    rows = [row for row in form.rows if not row.is_execution]
    generic = [row for row in rows if _is_generic(row.name.text)]
    if len(rows) >= _FEW_ROWS and len(generic) >= _GENERIC_SHARE * len(rows):
        total = sum((row.weight.value or Decimal(0) for row in rows), start=Decimal(0))
        yield find(
            form,
            "IND_GENERIC",
            rows=rows,
            place="name",
            cells=[row.name for row in rows],
            values={"count": str(len(generic)), "points": plain(total)},
            confidence=0.9,
        )


@form_rule("IND_NAME")
def name_says_too_little(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A name of one or two characters, or one that breaks off."""
    for row in form.rows:
        name = bare_words(row.name.text)
        if row.name and not _WORDS.fullmatch(name) and (len(name) <= _SHORTEST_NAME or name.endswith(("的", "和", "及", "与"))):
            yield find(form, "IND_NAME", rows=[row], place="name", cells=[row.name], values={"name": row.name.text}, confidence=0.6)
