"""Whether a self-evaluation may be saved, submitted, signed: all problems at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from keheng.appraisal.scoring.scorecard import Basis, RowScore
from keheng.kernel.errors import Problem, problem
from keheng.performance.enums import EvaluationState, EvidenceKind, Step
from keheng.performance.models import EvaluationRow, Indicator, SelfEvaluation, SignOff
from keheng.performance.rules.values import target_from

TOKEN = re.compile(r"\{([^{}\s]{1,12})\}")
_CENT = Decimal("0.01")
_NEAR = 6


def proposal(scored: RowScore) -> Decimal | None:
    """The score that is proposed: the expected one, for words the top of their level; None where the rule says nothing."""
    found = scored.legal_max if scored.expected is None and scored.basis is Basis.LEVEL else scored.expected
    return None if found is None else found.quantize(_CENT)


def score_problems(score: Decimal | None, reason: str, row: EvaluationRow, scored: RowScore, weight: Decimal) -> list[Problem]:
    """A score keeps to the row's points and the legal interval, and another than the proposed one has its reason."""
    if score is None:
        return []
    if not 0 <= score <= weight:
        return [problem("PERF_SCORE_RANGE", "score", title=row.indicator.title, weight=f"{weight:.2f}")]
    if scored.known and score > scored.legal_max.quantize(_CENT):
        return [problem("PERF_SCORE_HIGH", "score", title=row.indicator.title, most=f"{scored.legal_max:.2f}", formula=scored.formula)]
    if score != proposal(scored) and not reason.strip():
        return [problem("PERF_SCORE_REASON", "score_reason", title=row.indicator.title)]
    return []


def actual_problems(indicator: Indicator, typed: str) -> list[Problem]:
    """What is typed as an actual value is a number in the target's unit where the target is one."""
    if indicator.value is None or not typed.strip():
        return []
    found = target_from(typed)
    if found.value is None or found.high is not None:
        return [problem("PERF_ACTUAL_NUMBER", "actual", title=indicator.title, unit=indicator.unit or "—")]
    return []


def tokens_of(text: str) -> list[str]:
    """What an account of results refers to: places of rows and names of figures."""
    return TOKEN.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The account with its figures."""
    return TOKEN.sub(lambda found: values.get(found[1], found[0]), text)


def pieces(text: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The account cut where figures stand: texts with what each refers to, '' for words between them."""
    parts = TOKEN.split(text)
    return [(values.get(one, f"{{{one}}}"), one) if place % 2 else (one, "") for place, one in enumerate(parts)]


def story_problems(text: str, values: Mapping[str, str], titles: Iterable[str]) -> list[Problem]:
    """An account refers to rows that there are, and repeats no row's figure as typed digits."""
    found: list[Problem] = []
    unknown = sorted({token for token in tokens_of(text) if token not in values})
    if unknown:
        found.append(problem("PERF_TOKEN", "achieved", tokens="、".join(f"{{{one}}}" for one in unknown)))
    typed = [title for title in titles if re.search(rf"{re.escape(title)}[^\d{{}}，。；,;]{{0,{_NEAR}}}\d", text)]
    if typed:
        found.append(problem("PERF_TYPED_FIGURE", "achieved", titles="、".join(typed)))
    return found


def row_problems(rows: Sequence[EvaluationRow], proven: Collection[int], scored: Mapping[int, RowScore], over: Decimal) -> list[Problem]:
    """What is missing in rows: values, evidence, scores, reasons, a word on a definition that changed."""
    found: list[Problem] = []
    for row in rows:
        found += _missing(row, proven, scored[row.place], over)
    return found


def _missing(row: EvaluationRow, proven: Collection[int], scored: RowScore, over: Decimal) -> Iterable[Problem]:
    title, field = row.indicator.title, f"row-{row.place}"
    if row.actual is None and not row.words:
        yield problem("PERF_NO_DATA", field, title=title) if row.indicator.measure else problem("PERF_NO_ACTUAL", field, title=title)
        return
    if row.reading_id is None and row.pk not in proven:
        yield problem("PERF_NO_EVIDENCE", field, title=title)
    if row.reading is not None and row.reading.version != row.indicator.measure_version and not row.definition_note:
        yield problem("PERF_DEFINITION", field, title=title, then=row.indicator.measure_version, now=row.reading.version)
    if row.score is None:
        yield problem("PERF_NO_SCORE", field, title=title)
    else:
        yield from score_problems(row.score, row.score_reason, row, scored, row.indicator.weight)
    missed = row.score is not None and row.score < row.indicator.weight
    far = scored.ratio is not None and scored.ratio >= over and row.indicator.direction == "more"
    if (missed or far) and not row.reason.strip():
        yield problem("PERF_DEVIATION", field, title=title) if missed else problem("PERF_OVER", field, title=title)


def step_problems(evaluation: SelfEvaluation, account: str, wanted: str, signatures: Iterable[SignOff]) -> list[Problem]:
    """A signature comes in its turn, from somebody who has not signed."""
    found: list[Problem] = []
    if evaluation.state != wanted:
        found.append(problem("PERF_STATE", state=EvaluationState(evaluation.state).label))
    found.extend(problem("PERF_SAME_PERSON", step=Step(one.step).label) for one in signatures if one.account == account)
    return found


def evidence_problems(kind: str, title: str, page: int | None, sample: int | None, population: int | None, method: str) -> list[Problem]:
    """A stated source can be found again: a file by its page, a survey by sample and method, minutes by their number."""
    found: list[Problem] = []
    if kind not in {EvidenceKind.FILE, EvidenceKind.SURVEY, EvidenceKind.MINUTES}:
        found.append(problem("PERF_EVIDENCE_KIND", "kind"))
    if not title.strip():
        found.append(problem("PERF_TITLE", "title"))
    if kind == EvidenceKind.FILE and not page:
        found.append(problem("PERF_PAGE", "page"))
    if kind == EvidenceKind.SURVEY and not sample:
        found.append(problem("PERF_SAMPLE", "sample"))
    if kind == EvidenceKind.SURVEY and not method.strip():
        found.append(problem("PERF_METHOD", "method"))
    if sample and population and sample > population:
        found.append(problem("PERF_POPULATION", "population"))
    return found
