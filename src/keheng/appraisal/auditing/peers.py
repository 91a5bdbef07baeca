"""What one form tells the others: compact facts, so that ten thousand forms fit into memory side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from sys import intern
from zlib import crc32

from keheng.appraisal.model import EvaluationForm, Row
from keheng.appraisal.numerals import normalise
from keheng.appraisal.policy import Policy
from keheng.appraisal.prose.text import bare_words, sentences
from keheng.appraisal.quantity import Kind, Op

_LONG_SENTENCE = 12


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One row as other forms see it; ratios are floats since they are only compared, never printed as points."""

    ordinal: int
    name: str
    target: str
    actual: str
    unit: str
    is_percent: bool
    qualitative: bool
    downward: bool
    target_value: float | None
    actual_value: float | None
    score_rate: float | None


@dataclass(frozen=True, slots=True, eq=False)
class FormFacts:
    """One form as other forms see it; ``texts`` are hashes of long sentences by field.

    Compared by identity: forms are counted in sets, and hashing all their rows each time took most of the comparing.
    """

    file: str
    form_index: int
    unit: str
    year: int
    project: str
    rows: tuple[RowFacts, ...]
    texts: tuple[tuple[str, frozenset[int]], ...]


def facts_of(form: EvaluationForm) -> FormFacts:
    """The facts of a form; ``unit`` falls back to the department, ``year`` to 0."""
    fields = {
        "goal": form.goal,
        "achieved": form.achieved,
        **{k: form.extras[k] for k in ("results", "problems", "improvements") if k in form.extras},
    }
    texts = tuple((name, _fingerprints(cell.text)) for name, cell in fields.items() if cell)
    reasons = frozenset(mark for row in form.rows if row.reason for mark in _fingerprints(row.reason.text))
    if reasons:
        texts = (*texts, ("reason", reasons))
    unit = form.unit.text or form.department.text
    return FormFacts(
        form.file,
        form.form_index,
        intern(bare_words(unit)),
        form.year or 0,
        bare_words(form.project.text),
        tuple(map(_row_facts, form.rows)),
        texts,
    )


def _fingerprints(text: str) -> frozenset[int]:
    """Stable marks of the long sentences of a text, the same in every process."""
    return frozenset(crc32(sentence.encode()) << 16 | len(sentence) for sentence in sentences(text) if len(sentence) >= _LONG_SENTENCE)


def _row_facts(row: Row) -> RowFacts:
    wanted, reached = row.wanted, row.reached
    weight, given = row.weight.value, row.score.value
    return RowFacts(
        row.ordinal, intern(bare_words(row.name.text)), intern(normalise(row.target.text)), intern(normalise(row.actual.text)),
        intern(reached.unit or wanted.unit), reached.is_percent, reached.kind is Kind.WORDS, wanted.op in (Op.LE, Op.LT),
        float(wanted.base) if wanted.base is not None else None, float(reached.base) if reached.base is not None else None,
        float(given / weight) if given is not None and weight else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """All forms audited together, in order, with the policy whose thresholds hold between forms."""

    forms: tuple[FormFacts, ...]
    policy: Policy

    def by_unit_and_year(self) -> Iterable[list[FormFacts]]:
        """Groups of at least two forms of one unit and year; forms without a unit belong to none."""
        return [g for key, g in self._grouped(lambda f: (f.unit, f.year)) if key[0] and len(g) > 1]

    def by_unit(self) -> Iterable[list[FormFacts]]:
        """Groups of at least two forms of one unit over all years."""
        return [g for key, g in self._grouped(lambda f: (f.unit,)) if key[0] and len(g) > 1]

    def _grouped(self, key: Callable[[FormFacts], tuple[Hashable, ...]]) -> Iterable[tuple[tuple[Hashable, ...], list[FormFacts]]]:
        groups: dict[tuple[Hashable, ...], list[FormFacts]] = defaultdict(list)
        for facts in self.forms:
            groups[key(facts)].append(facts)
        return groups.items()
