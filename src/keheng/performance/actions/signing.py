"""A self-evaluation is submitted by its maker, reviewed, signed by the head and frozen: three people, one digest."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from keheng.appraisal.form_json import form_to_json
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.actions.evaluations import draft_seen, locked_draft, still_as_seen
from keheng.performance.enums import EvaluationState, Step
from keheng.performance.models import EvaluationRow, Evidence, SelfEvaluation, SignOff
from keheng.performance.queries.evaluations import Sheet, content_digest, findings_on, rows_of_evaluation, sheet_of
from keheng.performance.queries.readings import again
from keheng.performance.queries.sources import sources_of
from keheng.performance.rules.evaluations import row_problems, step_problems, story_problems
from keheng.performance.rules.lengths import long_problems
from keheng.performance.rules.targets import policy_for

_LEAST_RATE = Decimal("0.9")
_NEXT = {
    Step.MAKER: (EvaluationState.DRAFT, EvaluationState.SUBMITTED, "performance.evaluation.review", "审核绩效自评"),
    Step.REVIEWER: (EvaluationState.SUBMITTED, EvaluationState.REVIEWED, "performance.evaluation.sign", "签发绩效自评"),
}


def submission_problems(sheet: Sheet, answered: set[str], proven: set[int]) -> list[Problem]:
    """What is missing before a self-evaluation can be submitted, by what stands in it."""
    evaluation, policy = sheet.evaluation, policy_for(sheet.evaluation.layout)
    found = row_problems(sheet.rows, proven, sheet.scored, policy.over_ratio)
    if not evaluation.achieved.strip():
        found.append(problem("PERF_NO_STORY", "achieved"))
    found += story_problems(evaluation.achieved, sheet.values, [one.indicator.title for one in sheet.rows])
    rate = sheet.card.execution.rate
    if rate is None:
        found.append(problem("PERF_NO_BUDGET", "budget_reason"))
    elif rate < _LEAST_RATE and not evaluation.budget_reason:
        found.append(problem("PERF_RATE_REASON", "budget_reason", rate=f"{rate * 100:.2f}"))
    open_ones = [one for one in findings_on(sheet) if one.must and one.mark not in answered]
    found += [problem("PERF_FINDING_OPEN", "findings", title=one.title, text=one.text) for one in open_ones]
    return found


def stale_problems(rows: Iterable[EvaluationRow]) -> list[Problem]:
    """Figures whose records changed after they were read: every measure is read again."""
    return [
        problem("PERF_STALE", f"row-{row.place}", title=row.indicator.title)
        for row in rows
        if row.reading is not None and not again(row.reading).holds
    ]


def submit_evaluation(*, actor: Actor, evaluation: int) -> SelfEvaluation:
    """Sign as the maker and hand over for review; the findings of the audit go along.

    Measures are read again before the transaction opens; a form that is read anew or told otherwise meanwhile refuses it.
    """
    row = SelfEvaluation.objects.get(pk=evaluation)
    seen = draft_seen(row)
    stale = [] if seen is None else stale_problems(rows_of_evaluation(row))
    return _submit(actor=actor, evaluation=evaluation, seen=seen, stale=stale)


@act("evaluation.submit", Refused)
def _submit(*, actor: Actor, evaluation: int, seen: int | None, stale: list[Problem]) -> SelfEvaluation:
    row = locked_draft(evaluation)
    still_as_seen(row, seen)
    sheet = sheet_of(row)
    answered = set(row.notes.values_list("mark", flat=True))
    proven = set(Evidence.objects.filter(row__evaluation=row).exclude(digest="").values_list("row", flat=True))
    if found := submission_problems(sheet, answered, proven) + stale:
        raise Refused(found)
    row.findings = [one.plain() for one in findings_on(sheet)]
    row.maker = actor.account
    _sign(row, sheet, Step.MAKER, actor)
    _hand_on(row, Step.MAKER)
    record("evaluation.submit", actor=actor, target=f"evaluation:{row.pk}", after=digest_of({"findings": len(row.findings)}))
    return row


@act("evaluation.review", Refused)
def review_evaluation(*, actor: Actor, evaluation: int) -> SelfEvaluation:
    """Sign as the reviewer: somebody else than the maker."""
    row = _locked(evaluation)
    if found := step_problems(row, actor.account, EvaluationState.SUBMITTED, row.signatures.all()):
        raise Refused(found)
    _sign(row, sheet_of(row), Step.REVIEWER, actor)
    _hand_on(row, Step.REVIEWER)
    record("evaluation.review", actor=actor, target=f"evaluation:{row.pk}", after=digest_of({"state": row.state}))
    return row


@act("evaluation.sign", Refused)
def sign_evaluation(*, actor: Actor, evaluation: int) -> SelfEvaluation:
    """Sign as the head: the form is frozen as it was reviewed."""
    row = _locked(evaluation)
    if found := step_problems(row, actor.account, EvaluationState.REVIEWED, row.signatures.all()):
        raise Refused(found)
    sheet = sheet_of(row)
    _sign(row, sheet, Step.HEAD, actor)
    row.form, row.sources = form_to_json(sheet.printed), sources_of(sheet.rows)
    row.digest, row.frozen_at = content_digest(sheet), now()
    row.total, row.grade, row.state = sheet.form.score_total.value, sheet.form.grade.text, EvaluationState.FROZEN
    row.save()
    close_task(f"evaluation:{row.pk}")
    record("evaluation.sign", actor=actor, target=f"evaluation:{row.pk}", after=row.digest)
    return row


@act("evaluation.return", Refused)
def return_evaluation(*, actor: Actor, evaluation: int, reason: str) -> SelfEvaluation:
    """Send it back to its maker before it is frozen; signatures fall."""
    row = _locked(evaluation)
    found = []
    if row.state not in {EvaluationState.SUBMITTED, EvaluationState.REVIEWED}:
        found.append(problem("PERF_STATE", state=EvaluationState(row.state).label))
    if not reason.strip():
        found.append(problem("PERF_REASON", "reason"))
    found += long_problems(SelfEvaluation, {"returned": reason}, returned="reason")
    if found:
        raise Refused(found)
    row.signatures.all().delete()
    row.state, row.returned = EvaluationState.DRAFT, reason.strip()
    row.save(update_fields=["state", "returned"])
    close_task(f"evaluation:{row.pk}")
    open_task(
        f"evaluation-back:{row.pk}", kind="performance.evaluation", title=f"修改绩效自评：{row.project.title}", url=_address(row),
        account=row.maker,
    )  # fmt: skip
    record("evaluation.return", actor=actor, target=f"evaluation:{row.pk}", reason=row.returned)
    return row


def _locked(evaluation: int) -> SelfEvaluation:
    return SelfEvaluation.objects.select_for_update(of=("self",)).select_related("project", "goals").get(pk=evaluation)


def _sign(row: SelfEvaluation, sheet: Sheet, step: Step, actor: Actor) -> None:
    """Sign what everybody before signed: the same digest, by another person."""
    digest = content_digest(sheet)
    earlier = set(row.signatures.values_list("digest", flat=True))
    if earlier - {digest}:
        raise Refused(problem("PERF_CHANGED_SINCE"))
    try:
        with transaction.atomic():
            SignOff.objects.create(evaluation=row, step=step, account=actor.account, digest=digest, at=now())
    except IntegrityError:
        raise Refused(problem("PERF_SAME_PERSON", step=step.label)) from None


def _hand_on(row: SelfEvaluation, step: Step) -> None:
    _, row.state, permission, title = _NEXT[step]
    row.save()
    close_task(f"evaluation-back:{row.pk}")
    open_task(
        f"evaluation:{row.pk}", kind="performance.evaluation", title=f"{title}：{row.project.title}", url=_address(row),
        permission=permission, unit=row.project.unit_id,
    )  # fmt: skip


def _address(row: SelfEvaluation) -> str:
    return f"/performance/projects/{row.project_id}/evaluation/"
