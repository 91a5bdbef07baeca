"""Re-checks: a sample is drawn with its memo, forms are scored again by somebody who signed none, and sent back or closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import ceil

from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.enums import EvaluationState, RecheckState, RectificationState, Verdict
from keheng.performance.models import EvaluationRow, Recheck, RecheckRow, Rectification, Sample, SelfEvaluation
from keheng.performance.queries.money import funds_of_all, in_all
from keheng.performance.queries.projects import name_of
from keheng.performance.queries.standing import standing
from keheng.performance.rules.lengths import long_problems
from keheng.performance.rules.library import policy
from keheng.performance.rules.sampling import Candidate, drawn

KIND = "performance.recheck"
_MUST_POINTS, _SOFT_POINTS = 10.0, 2.0


@act("sample.draw", Refused)
def draw_sample(*, actor: Actor, year: int, seed: str) -> Sample:
    """Draw signed forms of a year for re-check; the memo keeps the frame, so that anybody can draw them again."""
    forms = list(SelfEvaluation.objects.filter(state=EvaluationState.FROZEN, project__year=year).select_related("project").order_by("pk"))
    found = [] if seed.strip() else [problem("PERF_TITLE", "seed")]
    if not forms:
        found.append(problem("PERF_NO_FORMS", "year", year=year))
    found += long_problems(Sample, {"seed": seed})
    if found:
        raise Refused(found)
    money = funds_of_all([one.project_id for one in forms])
    frame = [Candidate(one.pk, one.project.title, in_all(money[one.project_id]).annual, _doubt(one)) for one in forms]
    wanted = max(1, ceil(len(frame) * Decimal(policy()["sample"]["share"])))
    chosen = drawn(seed.strip(), frame, wanted)
    memo = {
        "frame": [{**asdict(one), "risk": round(one.risk, 4)} for one in frame], "drawn": [one.form for one in chosen],
        "share": policy()["sample"]["share"],
        "method": "按“涉及金额 × 存疑分值”加权、不放回抽取；同一种子和同一清单抽取结果相同",
    }  # fmt: skip
    made = _sample(actor, year, seed.strip(), wanted, memo)
    for one in chosen:
        Recheck.objects.get_or_create(evaluation_id=one.form, defaults={"sample": made})
    record("sample.draw", actor=actor, target=f"sample:{made.pk}", after=made.digest)
    return made


def _sample(actor: Actor, year: int, seed: str, wanted: int, memo: Mapping[str, object]) -> Sample:
    try:
        with transaction.atomic():
            return Sample.objects.create(year=year, seed=seed, wanted=wanted, memo=memo, digest=digest_of(memo), by=actor.account, at=now())
    except IntegrityError:
        raise Refused(problem("PERF_SEED", "seed", seed=seed)) from None


def _doubt(form: SelfEvaluation) -> float:
    """Points in question: those of its findings, at most all."""
    return min(100.0, sum(_MUST_POINTS if one["must"] else _SOFT_POINTS for one in form.findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The reviewer's score of a row, why it differs, and a note."""

    score: Decimal
    verdict: str = Verdict.CONFIRMED
    note: str = ""


@act("recheck.score", Refused)
def score_recheck(
    *, actor: Actor, recheck: int, opinions: Mapping[int, Opinion], verdicts: Mapping[str, str], opinion: str
) -> Recheck:  # fmt: skip
    """Write scores beside scores and decide on findings; ``opinions`` by the row's place. It may be done again until it is closed."""
    row = _open(recheck)
    rows = {one.place: one for one in EvaluationRow.objects.filter(evaluation=row.evaluation_id).select_related("indicator")}
    found = _people(actor, row) + long_problems(Recheck, {"opinion": opinion})
    found += [wrong for place, one in opinions.items() for wrong in _wrong(place, one, rows.get(place))]
    if found:
        raise Refused(found)
    for place, one in opinions.items():
        facts = {"score": one.score, "verdict": one.verdict, "note": one.note.strip()}
        RecheckRow.objects.update_or_create(recheck=row, row=rows[place], defaults=facts)
    row.reviewer, row.verdicts, row.opinion = actor.account, dict(verdicts), opinion.strip()
    row.total = _total(row, rows)
    row.save()
    record("recheck.score", actor=actor, target=f"recheck:{row.pk}", after=digest_of({"total": str(row.total)}))
    return row


def _open(recheck: int) -> Recheck:
    row = Recheck.objects.select_for_update(of=("self",)).select_related("evaluation__project").get(pk=recheck)
    if row.state != RecheckState.OPEN:
        raise Refused(problem("PERF_STATE", state=RecheckState(row.state).label))
    return row


def _people(actor: Actor, row: Recheck) -> list[Problem]:
    signed = row.evaluation.signatures.filter(account=actor.account).exists()
    return [problem("PERF_OWN_FORM")] if signed else []


def _wrong(place: int, one: Opinion, row: EvaluationRow | None) -> list[Problem]:
    if row is None:
        return [problem("PERF_NO_ROW", f"score-{place}")]
    if not 0 <= one.score <= row.indicator.weight:
        return [problem("PERF_RECHECK_ROW", f"score-{place}", place=place, weight=f"{row.indicator.weight:.2f}")]
    changed = one.score != row.score
    if changed and (one.verdict == Verdict.CONFIRMED or one.verdict not in Verdict.values or not one.note.strip()):
        return [problem("PERF_RECHECK_REASON", f"score-{place}", place=place)]
    return long_problems(RecheckRow, {"note": one.note}, note=f"note-{place}")


def _total(row: Recheck, rows: Mapping[int, EvaluationRow]) -> Decimal:
    """The unit's total with the points of the re-scored rows changed."""
    mine = {one.row_id: one.score for one in row.rows.all()}
    change = sum((mine[one.pk] - (one.score or Decimal(0)) for one in rows.values() if one.pk in mine), Decimal(0))
    return (row.evaluation.total or Decimal(0)) + change


@act("recheck.close", Refused)
def close_recheck(*, actor: Actor, recheck: int) -> Recheck:
    """The form stands with the reviewer's scores beside it, which count from now on; who signed it is told."""
    row = _open(recheck)
    found = _people(actor, row)
    if not row.reviewer:
        found.append(problem("PERF_NO_SCORE", "opinion", title=row.evaluation.project.title))
    if found:
        raise Refused(found)
    _done(row, RecheckState.DONE)
    form = row.evaluation
    tell(
        form.signatures.values_list("account", flat=True), kind=KIND, key=f"recheck:{row.pk}", title=f"复核完毕：{form.project.title}",
        body=f"{standing(form).text}。{row.opinion}", url=f"/performance/projects/{form.project_id}/evaluation/",
    )  # fmt: skip
    record("recheck.close", actor=actor, target=f"recheck:{row.pk}", after=digest_of({"total": str(row.total)}))
    return row


@act("recheck.send_back", Refused)
def send_back(*, actor: Actor, recheck: int, reason: str) -> Recheck:
    """Send the form back: it stays as signed, and its unit begins a new round."""
    row = _open(recheck)
    found = _people(actor, row) + ([] if reason.strip() else [problem("PERF_REASON", "reason")])
    found += long_problems(Recheck, {"opinion": reason}, opinion="reason")
    if found:
        raise Refused(found)
    row.reviewer, row.opinion = actor.account, reason.strip()
    _done(row, RecheckState.SENT_BACK)
    form = SelfEvaluation.objects.select_for_update().get(pk=row.evaluation_id)
    form.state, form.returned = EvaluationState.RETURNED, row.opinion
    form.save(update_fields=["state", "returned"])
    open_task(
        f"evaluation-again:{form.pk}", kind="performance.evaluation", title=f"复核退回，重新自评：{row.evaluation.project.title}",
        url=f"/performance/projects/{form.project_id}/evaluation/", account=form.maker,
    )  # fmt: skip
    record("recheck.send_back", actor=actor, target=f"recheck:{row.pk}", reason=row.opinion)
    return row


def _done(row: Recheck, state: str) -> None:
    row.state, row.done_at = state, now()
    row.save()


@act("rectification.ask", Refused)
def ask_rectification(*, actor: Actor, recheck: int, place: int | None, text: str, due_on: date) -> Rectification:
    """Ask a project to put something right until a day; with a row's place it comes back beside next year's target."""
    row = Recheck.objects.select_related("evaluation__project").get(pk=recheck)
    about = (
        None
        if place is None
        else EvaluationRow.objects.select_related("indicator").filter(evaluation=row.evaluation_id, place=place).first()
    )
    found = [] if text.strip() else [problem("PERF_TITLE", "text")]
    if due_on < localdate():
        found.append(problem("PERF_DUE", "due_on"))
    if place is not None and about is None:
        found.append(problem("PERF_NO_ROW", "place"))
    found += long_problems(Rectification, {"text": text})
    if found:
        raise Refused(found)
    project = row.evaluation.project
    made = Rectification.objects.create(
        project=project, recheck=row, key=name_of(about.indicator) if about else "", text=text.strip(), due_on=due_on
    )
    open_task(
        f"rectification:{made.pk}", kind="performance.rectification", title=f"整改：{project.title}（{made.text[:60]}）",
        url=f"/performance/projects/{project.pk}/", permission="performance.project.edit", unit=project.unit_id,
        due_at=datetime.combine(due_on, time(18), get_current_timezone()),
    )  # fmt: skip
    record("rectification.ask", actor=actor, target=f"rectification:{made.pk}", after=digest_of({"text": made.text}))
    return made


@act("rectification.answer", Refused)
def answer_rectification(*, actor: Actor, rectification: int, reply: str) -> Rectification:
    """Say what was done."""
    row = Rectification.objects.select_for_update().get(pk=rectification)
    found = [] if reply.strip() else [problem("PERF_REASON", "reply")]
    if row.state != RectificationState.OPEN:
        found.append(problem("PERF_STATE", state=RectificationState(row.state).label))
    found += long_problems(Rectification, {"reply": reply})
    if found:
        raise Refused(found)
    row.state, row.reply, row.replied_by, row.replied_at = RectificationState.DONE, reply.strip(), actor.account, now()
    row.save()
    close_task(f"rectification:{row.pk}")
    record("rectification.answer", actor=actor, target=f"rectification:{row.pk}", after=digest_of({"reply": row.reply}))
    return row
