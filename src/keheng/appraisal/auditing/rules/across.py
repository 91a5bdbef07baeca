"""Rules that compare forms: values and sentences used again, sister forms, other years. All linear in the number of forms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from itertools import pairwise

from keheng.appraisal.auditing.codes import code_entry
from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.auditing.peers import Batch, FormFacts, RowFacts
from keheng.appraisal.auditing.registry import batch_rule
from keheng.appraisal.prose.words import words

_MOST_RELATED = 20
_ROUND, _SMALL = 100, 100
_LONG_NAME = 5
_CALENDAR = frozenset({"天", "日", "小时", "个月", "年"})
_SHARED_SENTENCES = 0.6
_USUAL_TIMES = 2
_FORM_WORDS = re.compile("情况|状况|程度|水平|数量|[率度数性]")
_Member = tuple[FormFacts, RowFacts]


def _finding(
    code: str,
    facts: FormFacts,
    rows: tuple[RowFacts, ...],
    place: str,
    values: dict[str, str],
    others: list[_Member],
    confidence: float = 0.9,
) -> Finding:
    related = tuple((f.file, f.form_index, (r.ordinal,)) for f, r in others if f is not facts)[:_MOST_RELATED]
    return Finding(code, Severity(code_entry(code)["severity"]), facts.file, facts.form_index, tuple(r.ordinal for r in rows), place,
                   values=values, confidence=confidence, related=related)  # fmt: skip


def _members(group: list[FormFacts], key: Callable[[RowFacts], Hashable | None]) -> dict[Hashable, list[_Member]]:
    """Rows of a group of forms by key; rows whose key is None belong nowhere."""
    found: dict[Hashable, list[_Member]] = defaultdict(list)
    for facts in group:
        for row in facts.rows:
            value = key(row)
            if value is not None:
                found[value].append((facts, row))
    return found


def _forms(members: list[_Member]) -> int:
    return len({(facts.file, facts.form_index) for facts, _ in members})


def _uneven_satisfaction(row: RowFacts) -> Hashable | None:
    value = row.actual_value
    return value if "满意" in row.name and row.is_percent and value is not None and value != int(value) else None


@batch_rule("SAT_REUSED")
def satisfaction_used_again(batch: Batch) -> Iterator[Finding]:
    """The same uneven satisfaction rate in several forms of one unit and year."""
    for group in batch.by_unit_and_year():
        for members in _members(group, _uneven_satisfaction).values():
            if _forms(members) >= batch.policy.threshold("sat_reused_forms"):
                for facts, row in members:
                    values = {"value": row.actual, "forms": str(_forms(members)), "name": row.name}
                    yield _finding("SAT_REUSED", facts, (row,), "actual", values, members)


def _telling_value(row: RowFacts) -> Hashable | None:
    """Name and value of a count too particular to be met twice by chance."""
    value = row.actual_value
    if value is None or row.is_percent or value < _SMALL or value % _ROUND == 0 or row.unit in _CALENDAR:
        return None
    return row.name, value, row.unit


@batch_rule("XF_DUP_CLAIM")
def claimed_twice(batch: Batch) -> Iterator[Finding]:
    """One output claimed, with points, in two or more projects of one unit and year."""
    for group in batch.by_unit_and_year():
        for members in _members(group, _telling_value).values():
            if _forms(members) > 1:
                for facts, row in members:
                    values = {"name": row.name, "value": row.actual, "forms": str(_forms(members))}
                    yield _finding("XF_DUP_CLAIM", facts, (row,), "actual", values, members)


@batch_rule("XF_VALUE")
def same_name_other_value(batch: Batch) -> Iterator[Finding]:
    """The same indicator of one unit and year with different values."""
    for group in batch.by_unit_and_year():
        for members in _members(group, lambda r: r.name if len(r.name) >= _LONG_NAME and r.actual_value is not None else None).values():
            printed = {(row.actual_value, row.unit) for _, row in members}
            alike = len({(row.unit, row.target_value) for _, row in members}) == 1
            if _forms(members) > 1 and len(printed) > 1 and alike:
                for facts, row in members:
                    values = {
                        "name": row.name,
                        "value": row.actual,
                        "others": "、".join(dict.fromkeys(r.actual for f, r in members if r.actual != row.actual)),
                    }
                    yield _finding("XF_VALUE", facts, (row,), "actual", values, members, 0.5)


def _word_value(row: RowFacts) -> Hashable | None:
    return row.actual if row.qualitative and row.actual and row.score_rate is not None else None


@batch_rule("SCORE_INCONSISTENT")
def same_word_other_score(batch: Batch) -> Iterator[Finding]:
    """The same word scores noticeably differently in forms of one unit and year."""
    gap = float(batch.policy.threshold("score_rate_gap"))
    for group in batch.by_unit_and_year():
        for members in _members(group, _word_value).values():
            rates = [row.score_rate for _, row in members if row.score_rate is not None]
            if _forms(members) < 2 or max(rates) - min(rates) < gap:  # noqa: PLR2004 -- two forms make a comparison
                continue
            lowest = min(members, key=lambda m: m[1].score_rate or 0.0)
            values = {"actual": lowest[1].actual, "low": f"{min(rates) * 100:.0f}%", "high": f"{max(rates) * 100:.0f}%"}
            yield _finding("SCORE_INCONSISTENT", lowest[0], (lowest[1],), "score", values, members, 0.7)


def _subject(name: str) -> frozenset[str]:
    """The characters of a name that say what it is about."""
    return frozenset(_FORM_WORDS.sub("", name))


@batch_rule("COPIED_VALUE")
def value_of_another_indicator(batch: Batch) -> Iterator[Finding]:
    """A word that elsewhere always answers other indicators, where this one is elsewhere answered otherwise."""
    general = words("vague_words") | words("attained_words") | words("no_words")
    for group in batch.by_unit_and_year():
        by_value = _members(group, lambda r: r.target if r.qualitative and r.target and r.target not in general else None)
        by_name = _members(group, lambda r: r.name)
        for value, members in by_value.items():
            for facts, row in members:
                elsewhere = [other for other in members if other[1].name != row.name]
                own = [r for f, r in by_name[row.name] if r.target != value]
                if len(elsewhere) >= _USUAL_TIMES and own and not any(_subject(row.name) & _subject(r.name) for _, r in elsewhere):
                    values = {"name": row.name, "value": row.target, "usual": elsewhere[0][1].name}
                    yield _finding("COPIED_VALUE", facts, (row,), "target", values, elsewhere, 0.8)


def _alike(batch: Batch, fields: frozenset[str]) -> Iterator[tuple[FormFacts, str, set[FormFacts]]]:
    """Forms whose text in a field shares most long sentences with the same field of another form."""
    index: dict[tuple[str, int], list[FormFacts]] = defaultdict(list)
    for facts in batch.forms:
        for name, marks in facts.texts:
            if name in fields:
                for mark in marks:
                    index[(name, mark)].append(facts)
    for facts in batch.forms:
        for name, marks in facts.texts:
            if name not in fields or not marks:
                continue
            shared: dict[FormFacts, int] = defaultdict(int)
            for mark in marks:
                for other in index[(name, mark)][:_MOST_RELATED]:
                    if other is not facts:
                        shared[other] += 1
            alike = {other for other, count in shared.items() if count >= _SHARED_SENTENCES * len(marks)}
            if alike:
                yield facts, name, alike


_PLACES = {"achieved": "achieved", "results": "achieved", "reason": "reason", "goal": "goal"}


@batch_rule("TEXT_BOILERPLATE")
def same_sentences(batch: Batch) -> Iterator[Finding]:
    """Accounts, problems, reasons or measures that are the same in several forms."""
    for facts, name, alike in _alike(batch, frozenset({"achieved", "results", "problems", "improvements", "reason"})):
        others = sorted(alike, key=lambda f: (f.file, f.form_index))
        values = {"field": name, "forms": str(len(others) + 1)}
        finding = _finding("TEXT_BOILERPLATE", facts, (), _PLACES.get(name, "form"), values, [])
        related = tuple((f.file, f.form_index, ()) for f in others[:_MOST_RELATED])
        yield Finding(
            finding.code,
            finding.severity,
            finding.file,
            finding.form_index,
            (),
            finding.place,
            values=values,
            confidence=0.9,
            related=related,
        )


@batch_rule("GOAL_COPIED")
def goal_of_another_project(batch: Batch) -> Iterator[Finding]:
    """A goal that stands word for word in another project of the same year."""
    for facts, _, alike in _alike(batch, frozenset({"goal"})):
        others = sorted((f for f in alike if f.project != facts.project and f.year == facts.year), key=lambda f: (f.file, f.form_index))
        if others:
            related = tuple((f.file, f.form_index, ()) for f in others[:_MOST_RELATED])
            values = {"other": others[0].project, "forms": str(len(others))}
            yield Finding(
                "GOAL_COPIED", Severity.HIGH, facts.file, facts.form_index, (), "goal", values=values, confidence=0.8, related=related
            )


def _by_year(batch: Batch) -> Iterator[list[_Member]]:
    """The same indicator of one unit in consecutive forms, oldest first; at least two different years."""
    for group in batch.by_unit():
        for members in _members(group, lambda r: r.name if r.actual_value is not None else None).values():
            ordered = sorted((m for m in members if m[0].year), key=lambda m: m[0].year)
            if len({facts.year for facts, _ in ordered}) > 1 and len({row.unit for _, row in ordered}) == 1:
                yield ordered


@batch_rule("XY_STALE")
def target_never_moves(batch: Batch) -> Iterator[Finding]:
    """The target stays although an earlier year went far beyond it."""
    ratio = float(batch.policy.threshold("over_achievement_ratio"))
    for ordered in _by_year(batch):
        for (before, old), (now, new) in pairwise(ordered):
            same = before.year < now.year and old.target_value is not None and old.target_value == new.target_value and not new.downward
            if same and old.target_value and old.actual_value is not None and old.actual_value >= ratio * old.target_value:
                values = {"name": new.name, "target": new.target, "year": str(before.year), "actual": old.actual}
                yield _finding("XY_STALE", now, (new,), "target", values, [(before, old)])


@batch_rule("XY_DROP")
def fell_since_last_year(batch: Batch) -> Iterator[Finding]:
    """The actual value is far below the year before."""
    ratio = float(batch.policy.threshold("drop_ratio"))
    for ordered in _by_year(batch):
        for (before, old), (now, new) in pairwise(ordered):
            if (
                before.year < now.year
                and not new.downward
                and old.actual_value
                and new.actual_value is not None
                and new.actual_value < ratio * old.actual_value
            ):
                values = {"name": new.name, "before": old.actual, "now": new.actual, "year": str(before.year)}
                yield _finding("XY_DROP", now, (new,), "actual", values, [(before, old)], 0.8)
