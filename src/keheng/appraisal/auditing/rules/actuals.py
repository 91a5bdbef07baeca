"""Family D: actual values and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.definitions import load_definition
from keheng.appraisal.model import Cell, Column, EvaluationForm, FormKind, Row
from keheng.appraisal.numerals import normalise
from keheng.appraisal.prose.matching import pairings
from keheng.appraisal.prose.mentions import Mention, mentions
from keheng.appraisal.prose.text import bare_words, bigrams, tidy
from keheng.appraisal.prose.words import pattern, words
from keheng.appraisal.quantity import Kind, Op

_HUNDRED = Decimal(100)
_COMPARISONS = (Op.GE, Op.GT, Op.LE, Op.LT)
_SURE = 0.8
# How far before a number its definition may stand, in characters.
_NEAR = 24
_FEW_SHARED = 0.3


def narrative_of(form: EvaluationForm) -> Cell:
    """The account of results: its own cell, or 主要绩效 of the 2019 form."""
    return form.achieved or form.extras.get("results", form.achieved)


def _names(rows: list[Row]) -> str:
    return "、".join(row.name.text for row in rows)


def _at_the_line(row: Row) -> bool:
    """At least x %, and exactly x came out."""
    wanted, reached = row.wanted, row.reached
    if wanted.op is not Op.GE or not wanted.is_percent or not wanted.is_number or wanted.base is None or not 0 < wanted.base < _HUNDRED:
        return False
    return reached.is_number and reached.op is None and reached.base == wanted.base and reached.dimension in ("percent", "")


@form_rule("ACT_EQ_TARGET")
def exactly_at_the_line(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Percentages of at least x that came out at exactly x: one finding for all rows."""
    rows = [row for row in form.rows if _at_the_line(row)]
    if rows:
        values = {"names": _names(rows), "count": str(len(rows)), "target": rows[0].target.text, "actual": rows[0].actual.text}
        yield find(form, "ACT_EQ_TARGET", rows=rows, place="actual", cells=[row.actual for row in rows], values=values)


def _says_only_attained(row: Row) -> bool:
    word = bare_words(row.actual.text)
    if word not in words("attained_words") or word == bare_words(row.target.text):
        return False
    return row.wanted.kind in (Kind.NUMBER, Kind.RANGE) or pattern("quantifiable_targets").search(row.target.text) is not None


@form_rule("ACT_NOT_STATED")
def actual_not_stated(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A quantifiable target answered by 'attained' only: one finding for all rows."""
    rows = [row for row in form.rows if _says_only_attained(row)]
    if rows:
        values = {"names": _names(rows), "count": str(len(rows)), "target": rows[0].target.text, "actual": rows[0].actual.text}
        yield find(form, "ACT_NOT_STATED", rows=rows, place="actual", cells=[row.actual for row in rows], values=values)


@form_rule("ACT_COPIES_TARGET")
def actual_copies_target(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """An actual value in the words of a comparison: nothing was measured."""
    for row in form.rows:
        if row.reached.op in _COMPARISONS and row.reached.is_number and normalise(row.actual.text)[:1] not in "0123456789":
            values = {"name": row.name.text, "target": row.target.text, "actual": row.actual.text}
            yield find(form, "ACT_COPIES_TARGET", rows=[row], place="actual", cells=[row.target, row.actual], values=values, confidence=0.9)
    goal = {(m.quantity.op, m.quantity.base, m.quantity.dimension) for m in mentions(form.goal.text) if m.quantity.op in _COMPARISONS}
    account = narrative_of(form)
    copied = [
        m
        for m in mentions(account.text)
        if not m.rough and m.quantity.op in _COMPARISONS and (m.quantity.op, m.quantity.base, m.quantity.dimension) in goal
    ]
    if copied:
        values = {"name": copied[0].noun, "target": copied[0].text, "actual": copied[0].text}
        yield find(form, "ACT_COPIES_TARGET", place="achieved", cells=[account], values=values, variant="narrative", confidence=0.7)


@form_rule("COUNT_AS_QUAL")
def count_answered_in_words(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """An indicator named as a count or rate with words for both target and actual."""
    endings = tuple(words("counted_names"))
    for row in form.rows:
        name = bare_words(row.name.text).partition("(")[0]
        if (
            name.endswith(endings)
            and bare_words(row.target.text) in words("vague_words")
            and bare_words(row.actual.text) in words("vague_words")
        ):
            values = {"name": row.name.text, "target": row.target.text, "actual": row.actual.text}
            yield find(
                form, "COUNT_AS_QUAL", rows=[row], place="actual", cells=[row.target, row.actual], values=values, points=row.weight.value
            )


@form_rule("UNIT_MIX")
def units_differ(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Target and actual of one row in different units, convertible or not; names of one unit (场, 场次) are the same."""
    for row in form.rows:
        wanted, reached = row.wanted, row.reached
        if wanted.base is None or reached.base is None or not wanted.unit or not reached.unit:
            continue
        one, other = (wanted.dimension, wanted.factor, wanted.multiplier), (reached.dimension, reached.factor, reached.multiplier)
        if one != other:
            units = f"{wanted.multiplier}{wanted.unit} / {reached.multiplier}{reached.unit}"
            values = {"name": row.name.text, "target": row.target.text, "actual": row.actual.text, "units": units}
            yield find(form, "UNIT_MIX", rows=[row], place="actual", cells=[row.target, row.actual], values=values)


@form_rule("EVID_MISSING")
def nothing_to_rest_on(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A table without actual values whose scored indicators the account of results never mentions."""
    account = narrative_of(form)
    if Column.ACTUAL in form.columns or not account or form.kind is not FormKind.SELF_EVALUATION:
        return
    told = bigrams(bare_words(account.text))
    rows = []
    for row in form.rows:
        pairs = bigrams(bare_words(row.name.text))
        produces = any(word in row.level1.text for word in ("产出", "效果", "效益", "满意"))
        if produces and row.score.value and pairs and len(pairs & told) / len(pairs) < _FEW_SHARED:
            rows.append(row)
    if rows:
        values = {"names": _names(rows), "count": str(len(rows))}
        yield find(form, "EVID_MISSING", rows=rows, place="score", cells=[row.name for row in rows], values=values, confidence=0.7)


def satisfaction_rows(form: EvaluationForm) -> list[Row]:
    """Rows that measure satisfaction."""
    return [row for row in form.rows if "满意" in row.name.text or "满意" in row.level1.text]


def _everything_said(form: EvaluationForm) -> str:
    reasons = "".join(row.reason.text + row.actual.text + row.explanation.text for row in form.rows)
    return reasons + form.achieved.text + "".join(cell.text for cell in form.extras.values())


@form_rule("SAT_NO_EVID")
def satisfaction_without_survey(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Satisfaction with points and not a word on how, when and whom one asked: one finding for all rows."""
    rows = [row for row in satisfaction_rows(form) if row.score.value and row.actual]
    if rows and not pattern("survey").search(_everything_said(form)):
        values = {"names": _names(rows), "actual": "、".join(dict.fromkeys(row.actual.text for row in rows))}
        yield find(form, "SAT_NO_EVID", rows=rows, place="actual", cells=[row.actual for row in rows], values=values, confidence=0.9)


@form_rule("SAT_NO_SURVEY")
def admits_no_survey(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """The form says that nobody was asked, and gives full points for satisfaction."""
    rows = [row for row in satisfaction_rows(form) if row.score.value is not None and row.score.value == row.weight.value]
    admitted = pattern("no_survey").search(tidy(_everything_said(form)))
    if rows and admitted:
        values = {"names": _names(rows), "words": admitted[0]}
        yield find(form, "SAT_NO_SURVEY", rows=rows, place="score", cells=[row.score for row in rows], values=values)


@form_rule("DEF_MISMATCH")
def other_basis_in_prose(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Table and prose count on a different basis: granted and applied for, new and cumulative."""
    account = narrative_of(form)
    found = mentions(account.text)
    if not found:
        return
    plain = tidy(account.text)
    numbers = {pairing.row.ordinal: pairing.mention for pairing in pairings(form.rows, account.text, "actual") if pairing.sureness >= _SURE}
    for row in form.rows:
        defined = row.name.text + row.explanation.text
        for wanted, said in _pairs():
            if wanted not in defined or said in defined:
                continue
            mention = numbers.get(row.ordinal) or next((m for m in found if _same_thing(row, m, plain, said)), None)
            context = plain[max(0, mention.position - _NEAR) : mention.end] if mention else ""
            if mention is not None and said in context and wanted not in context:
                values = {"name": row.name.text, "table": wanted, "prose": said, "words": mention.text}
                yield find(form, "DEF_MISMATCH", rows=[row], place="achieved", cells=[row.name, account], values=values, confidence=0.6)
                break


def _pairs() -> list[tuple[str, str]]:
    return [(wanted, said) for wanted, said in load_definition("vocabulary.json")["basis_pairs"]]


def _same_thing(row: Row, mention: Mention, plain: str, said: str) -> bool:
    context = plain[max(0, mention.position - _NEAR) : mention.end]
    return said in context and bool(bigrams(bare_words(row.name.text)) & bigrams(bare_words(context)))
