"""A self-evaluation is begun from the targets in force, filled from measures, completed by hand, explained, and given its account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.timezone import now

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.files import FileRefusedError, Limits
from keheng.kernel.models import StoredFile
from keheng.kernel.periods import Period
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.kernel.uploads.receiving import clean_name, store
from keheng.performance.enums import EvaluationState
from keheng.performance.models import EvaluationRow, Evidence, FindingNote, Indicator, Project, SelfEvaluation
from keheng.performance.queries.evaluations import Sheet, drafted, rows_of_evaluation, sheet_of
from keheng.performance.queries.projects import goals_in_force, rows_of
from keheng.performance.queries.readings import Figured, figured
from keheng.performance.rules.evaluations import actual_problems, evidence_problems, proposal, score_problems, story_problems
from keheng.performance.rules.lengths import long_problem, long_problems
from keheng.performance.rules.merging import merge
from keheng.performance.rules.targets import policy_for
from keheng.performance.rules.values import converted, target_from

PROOFS = Limits(
    20 << 20,
    frozenset({
        "application/pdf", "image/png", "image/jpeg", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "text/csv", "text/plain",
    }),
)  # fmt: skip
_LONGEST_STORY = 3000


def keep_proof(source: BinaryIO) -> StoredFile:
    """Bring a file to the store before the record that names it. Raises Refused for what is no such file."""
    try:
        return store().keep(source, PROOFS)
    except FileRefusedError as refusal:
        raise Refused(problem("upload.refused", "file", zh=refusal.zh, en=refusal.en)) from refusal


Figures = Mapping[int, Figured]


def begin_evaluation(*, actor: Actor, project: int) -> SelfEvaluation:
    """Begin the self-evaluation: rows of the targets in force, the policy of the layout pinned, every bound measure read.

    Measures are read before the transaction opens, which nobody then waits for; targets that are others by then refuse it.
    """
    row = Project.objects.get(pk=project)
    goals = goals_in_force(row)
    open_already = SelfEvaluation.objects.filter(project=row).exclude(state=EvaluationState.RETURNED).exists()
    indicators = [] if goals is None or open_already else rows_of(goals)
    return _begin(actor=actor, project=project, goals=goals.pk if goals else None, figures=_figures(indicators, row.year))


def _figures(indicators: Iterable[Indicator], year: int) -> Figures:
    """What measures say over the year, by the indicator that is bound to them."""
    return {one.pk: figured(one, Period.year(year), marked=True) for one in indicators if one.measure}


@act("evaluation.begin", Refused)
def _begin(*, actor: Actor, project: int, goals: int | None, figures: Figures) -> SelfEvaluation:
    row = Project.objects.select_for_update().get(pk=project)
    force = goals_in_force(row)
    if force is None:
        raise Refused(problem("PERF_NO_GOALS"))
    indicators = rows_of(force)
    if force.pk != goals:
        raise Refused(problem("PERF_MOVED"))
    policy = policy_for(row.layout)
    number = (SelfEvaluation.objects.filter(project=row).aggregate(n=Max("round"))["n"] or 0) + 1
    try:
        with transaction.atomic():
            made = SelfEvaluation.objects.create(
                project=row, goals=force, round=number, layout=row.layout, policy=policy.id, policy_version=policy.version,
                maker=actor.account, begun_at=now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(problem("PERF_EVALUATION_OPEN")) from None
    if any(one.measure and one.pk not in figures for one in indicators):
        # Another one was open when measures would have been read, and was sent back since.
        raise Refused(problem("PERF_MOVED"))
    rows = [EvaluationRow(evaluation=made, indicator=one, place=place) for place, one in enumerate(indicators, 1)]
    EvaluationRow.objects.bulk_create(rows)
    _take_over(made, row)
    _put(made, figures)
    made.achieved = made.achieved or drafted(rows_of_evaluation(made))
    made.save(update_fields=["achieved"])
    record("evaluation.begin", actor=actor, target=f"evaluation:{made.pk}", after=digest_of({"goals": force.pk, "policy": policy.id}))
    return made


def _take_over(made: SelfEvaluation, project: Project) -> None:
    """What was typed in the round before, where it was sent back under the same targets."""
    before = SelfEvaluation.objects.filter(project=project, round=made.round - 1, goals=made.goals_id).first()
    if before is None:
        return
    made.achieved, made.budget_reason, made.returned = before.achieved, before.budget_reason, before.returned
    made.save(update_fields=["achieved", "budget_reason", "returned"])
    mine = {one.place: one for one in made.rows.all()}
    for one in before.rows.prefetch_related("evidence"):
        row = mine[one.place]
        row.actual, row.words, row.reason, row.definition_note = one.actual, one.words, one.reason, one.definition_note
        row.save(update_fields=["actual", "words", "reason", "definition_note"])
        for proof in one.evidence.all():
            proof.pk, proof.row = None, row
            proof.save(force_insert=True)


def _put(evaluation: SelfEvaluation, figures: Figures) -> int:
    """Freeze what was read, and propose scores again; how many figures changed."""
    changed = 0
    for row in rows_of_evaluation(evaluation):
        if row.indicator_id not in figures:
            continue
        found = figures[row.indicator_id]
        if found.reading is not None:
            found.reading.save(force_insert=True)
        changed += found.actual != row.actual
        row.actual, row.reading = found.actual, found.reading
        row.save(update_fields=["actual", "reading"])
    _propose(evaluation)
    return changed


def _propose(evaluation: SelfEvaluation) -> Sheet:
    """Propose a score for each row; a score that was the proposed one follows it. The sheet they were proposed on."""
    sheet = sheet_of(evaluation)
    scored = sheet.scored
    for row in sheet.rows:
        before, found = (row.proposed, row.score, row.formula, row.clause), scored[row.place]
        wanted = proposal(found) if row.actual is not None or row.words else None
        if row.score is None or row.score == row.proposed:
            row.score = wanted
        row.proposed, row.formula, row.clause = wanted, found.formula[:200], found.clause[:200]
        if before != (row.proposed, row.score, row.formula, row.clause):
            row.save(update_fields=["proposed", "score", "formula", "clause"])
    return sheet


def locked_draft(evaluation: int) -> SelfEvaluation:
    """The self-evaluation, locked; raises Refused unless it is being filled in."""
    row = SelfEvaluation.objects.select_for_update(of=("self",)).select_related("project", "goals").get(pk=evaluation)
    if row.state != EvaluationState.DRAFT:
        raise Refused(problem("PERF_STATE", state=EvaluationState(row.state).label))
    return row


def draft_seen(row: SelfEvaluation) -> int | None:
    """The version of a form that is being filled in, None of one that is not: its measures are not read."""
    return row.version if row.state == EvaluationState.DRAFT else None


def still_as_seen(row: SelfEvaluation, seen: int | None) -> None:
    """Raises Refused where a form was changed since the version that was seen, while its measures were read."""
    if row.version != seen:
        raise Refused(problem("PERF_MOVED"))


def read_measures(*, actor: Actor, evaluation: int) -> int:
    """Read all measures anew; how many figures changed. They are read before the transaction opens, and frozen as of then."""
    row = SelfEvaluation.objects.select_related("project").get(pk=evaluation)
    seen = draft_seen(row)
    indicators = [] if seen is None else [one.indicator for one in rows_of_evaluation(row)]
    return _freeze(actor=actor, evaluation=evaluation, seen=seen, figures=_figures(indicators, row.project.year))


@act("evaluation.read", Refused)
def _freeze(*, actor: Actor, evaluation: int, seen: int | None, figures: Figures) -> int:
    row = locked_draft(evaluation)
    still_as_seen(row, seen)
    changed = _put(row, figures)
    SelfEvaluation.objects.filter(pk=row.pk).update(version=F("version") + 1)
    record("evaluation.read", actor=actor, target=f"evaluation:{row.pk}", after=digest_of({"changed": changed}))
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTyped:
    """What is typed into a row; ``actual`` as people write it, left alone where a measure gives it."""

    actual: str = ""
    score: Decimal | None = None
    score_reason: str = ""
    reason: str = ""
    definition_note: str = ""

    def plain(self) -> dict[str, object]:
        """The fields by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def typed_of(row: EvaluationRow) -> RowTyped:
    """A stored row as it would be typed."""
    actual = row.words if row.actual is None else f"{row.actual.normalize():f}{row.indicator.unit}"
    return RowTyped(
        actual=actual, score=row.score, score_reason=row.score_reason, reason=row.reason, definition_note=row.definition_note
    )  # fmt: skip


@act("evaluation.fill", Refused)
def fill_row(*, actor: Actor, row: int, base: Mapping[str, object], typed: RowTyped) -> EvaluationRow:
    """Write a row; what others wrote meanwhile stays, unless both wrote one field: then each such field is told."""
    found = EvaluationRow.objects.select_for_update(of=("self",)).select_related("indicator", "evaluation").get(pk=row)
    evaluation = locked_draft(found.evaluation_id)
    theirs = typed_of(found).plain()
    mine = {**typed.plain(), "actual": theirs["actual"]} if found.indicator.measure else typed.plain()
    merged = merge(base, theirs, mine)
    if merged.conflicts:
        raise Refused([problem("PERF_CONFLICT", name, theirs=str(value)) for name, value in merged.conflicts.items()])
    agreed = RowTyped(**merged.values)
    if wrong := actual_problems(found.indicator, agreed.actual) + _lengths(agreed):
        raise Refused(wrong)
    if not found.indicator.measure:
        _write_actual(found, agreed.actual)
    found.score_reason, found.reason, found.definition_note = agreed.score_reason, agreed.reason, agreed.definition_note
    kept = found.score if agreed.score == theirs["score"] else agreed.score
    found.score, found.version = kept, found.version + 1
    found.save()
    sheet = _propose(evaluation)
    found.refresh_from_db()
    if wrong := score_problems(found.score, found.score_reason, found, sheet.scored[found.place], found.indicator.weight):
        raise Refused(wrong)
    record("evaluation.fill", actor=actor, target=f"evaluation-row:{found.pk}", before=digest_of(theirs), after=digest_of(agreed.plain()))
    return found


def _lengths(typed: RowTyped) -> list[Problem]:
    texts = {"score_reason": typed.score_reason, "reason": typed.reason, "definition_note": typed.definition_note}
    return long_problems(EvaluationRow, {"words": typed.actual, **texts}, words="actual")


def _write_actual(row: EvaluationRow, typed: str) -> None:
    target = target_from(typed) if row.indicator.value is not None else None
    if target is None or target.value is None:
        row.actual, row.words = None, typed.strip()
        return
    unit = target.unit or row.indicator.unit
    row.actual, row.words = converted(target.value, unit, row.indicator.unit), ""


@act("evaluation.tell", Refused)
def tell_results(*, actor: Actor, evaluation: int, base: Mapping[str, object], achieved: str, budget_reason: str) -> SelfEvaluation:
    """Write the account of results, with ``{3}`` for the figure of row 3, and why the budget was not spent."""
    row = locked_draft(evaluation)
    theirs = {"achieved": row.achieved, "budget_reason": row.budget_reason}
    merged = merge(base, theirs, {"achieved": achieved.replace("\r\n", "\n").strip(), "budget_reason": budget_reason.strip()})
    if merged.conflicts:
        raise Refused([problem("PERF_CONFLICT", name, theirs=str(value)) for name, value in merged.conflicts.items()])
    sheet: Sheet = sheet_of(row)
    text = merged.values["achieved"]
    found = story_problems(text, sheet.values, [one.indicator.title for one in sheet.rows])
    found += long_problem("achieved", text, _LONGEST_STORY)
    found += long_problems(SelfEvaluation, {"budget_reason": merged.values["budget_reason"]})
    if found:
        raise Refused(found)
    row.achieved, row.budget_reason, row.version = text, merged.values["budget_reason"], row.version + 1
    row.save(update_fields=["achieved", "budget_reason", "version"])
    record("evaluation.tell", actor=actor, target=f"evaluation:{row.pk}", before=digest_of(theirs), after=digest_of(merged.values))
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A stated source of a value."""

    kind: str
    title: str
    dated_on: date
    page: int | None = None
    sample: int | None = None
    population: int | None = None
    method: str = ""


@act("evidence.attach", Refused)
def attach_evidence(*, actor: Actor, row: int, proof: Proof, file: StoredFile | None = None, file_title: str = "") -> Evidence:
    """Attach a stated source to a row, with the file that shows it: the survey's report, the minutes, or what the page number counts."""
    found = EvaluationRow.objects.select_related("indicator").get(pk=row)
    locked_draft(found.evaluation_id)
    wrong = evidence_problems(proof.kind, proof.title, proof.page, proof.sample, proof.population, proof.method)
    wrong += long_problems(Evidence, {"title": proof.title, "method": proof.method})
    if file is None:
        raise Refused([*wrong, problem("PERF_FILE", "file")])
    if wrong:
        raise Refused(wrong)
    made = Evidence.objects.create(
        row=found, kind=proof.kind, title=proof.title.strip(), dated_on=proof.dated_on, page=proof.page, sample=proof.sample,
        population=proof.population, method=proof.method.strip(), digest=file.digest, file_title=clean_name(file_title),
        by=actor.account, at=now(),
    )  # fmt: skip
    record("evidence.attach", actor=actor, target=f"evaluation-row:{found.pk}", after=digest_of({"kind": made.kind, "file": made.digest}))
    return made


@act("evidence.remove", Refused)
def remove_evidence(*, actor: Actor, evidence: int) -> None:
    """Take a stated source off a row."""
    found = Evidence.objects.select_related("row").get(pk=evidence)
    locked_draft(found.row.evaluation_id)
    before = digest_of({"kind": found.kind, "file": found.digest})
    target = f"evaluation-row:{found.row_id}"
    found.delete()
    record("evidence.remove", actor=actor, target=target, before=before)


@act("finding.answer", Refused)
def answer_finding(*, actor: Actor, evaluation: int, mark: str, text: str) -> FindingNote:
    """Say something to a finding; it goes along with the form."""
    row = locked_draft(evaluation)
    if not text.strip():
        raise Refused(problem("PERF_REASON", "text"))
    if wrong := long_problems(FindingNote, {"text": text}):
        raise Refused(wrong)
    made, _ = FindingNote.objects.update_or_create(
        evaluation=row, mark=mark, defaults={"text": text.strip(), "by": actor.account, "at": now()}
    )
    SelfEvaluation.objects.filter(pk=row.pk).update(version=F("version") + 1)
    record("finding.answer", actor=actor, target=f"evaluation:{row.pk}", after=digest_of({"mark": made.mark, "text": made.text}))
    return made
