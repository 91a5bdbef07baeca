"""鉴定和销毁: packages past their term are proposed by one person, approved by another, and destroyed by a job with a record for good.

A package's line in the register is written first, in one transaction with the row that loses its file; the file goes afterwards. A run
that breaks off in between leaves a file that no row names: the next run takes it away. Nothing goes while something still needs it,
and that is looked at when it is proposed, when it is approved, and once more under the lock before it is destroyed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, attempt, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.models import StoredFile
from keheng.kernel.numbers import draw, written
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.kernel.uploads.receiving import store
from keheng.matters.actions.telling import KIND
from keheng.matters.events import ArchiveDestroyed
from keheng.matters.models import Destruction, Disposal, DisposalItem, Package
from keheng.matters.queries.archives.disposals import disposals_for, due_for, keeping_problems
from keheng.matters.rules.acting import APPRAISE, DESTROY

CARRY_OUT, SERIES, MOST = "matters.destroy", "XH", 200
_LEAST, _LONGEST = 5, 500
State = Disposal.State


@act("archive.appraise", Refused)
def propose_disposal(*, actor: Principal, packages: Collection[int], reason: str) -> Disposal:
    """Propose to destroy packages past their term; raises Refused with everything that forbids it, package by package."""
    actor.demand(APPRAISE)
    locked, day = list(_locked(packages)), localdate()
    # Of two who propose the same at once the second sees, under the lock, what the first has proposed.
    due = set(due_for(actor, day).filter(pk__in=packages).values_list("pk", flat=True))
    rows = [row for row in locked if row.pk in due]
    found = [] if len(reason.strip()) >= _LEAST else [problem("MATTER_DISPOSAL_REASON", "reason", least=_LEAST)]
    if not packages or len(rows) < len(set(packages)):
        found.append(problem("MATTER_DISPOSAL_NONE"))
    if len(rows) > MOST:
        found.append(problem("MATTER_DISPOSAL_MANY", most=MOST))
    found += [one for row in rows for one in keeping_problems(row, day)]
    if found:
        raise Refused(found)
    year = day.year
    made = Disposal.objects.create(
        number=written(SERIES, year, draw("matters.disposal", year)), reason=reason.strip()[:_LONGEST], proposed_by=actor.account,
        proposed_at=now(),
    )  # fmt: skip
    DisposalItem.objects.bulk_create(DisposalItem(disposal=made, package=row) for row in rows)
    open_task(
        _key(made), kind=KIND, title=f"档案销毁待审定：{made.number}（{len(rows)} 件）", url=_address(made), permission=DESTROY,
        not_by=actor.account,
    )  # fmt: skip
    record("archive.appraise", actor=actor, target=f"disposal:{made.pk}", after=digest_of(_facts(made, rows)), reason=made.reason)
    return made


def _locked(keys: Collection[int]) -> QuerySet[Package]:
    """The packages under locks, with their cases."""
    return Package.objects.select_for_update(of=("self",)).select_related("case__unit", "file").filter(pk__in=keys).order_by("pk")


def _facts(made: Disposal, rows: Iterable[Package]) -> dict[str, object]:
    return {"number": made.number, "packages": [[row.pk, row.file_id] for row in rows]}


def _key(one: Disposal) -> str:
    return f"disposal:{one.pk}"


def _address(one: Disposal) -> str:
    return reverse("casework:disposal", args=[one.pk])


@act("archive.dispose", Refused)
def decide_disposal(*, actor: Principal, disposal: int, approved: bool, note: str = "") -> Disposal:
    """Approve what somebody else proposed, then a job carries it out; or refuse it, then all packages stay."""
    actor.demand(DESTROY)
    row = Disposal.objects.select_for_update().filter(pk=disposal, pk__in=disposals_for(actor)).first()
    if row is None:
        raise Refused(problem("MATTER_ARCHIVE_GONE"))
    found = []
    if row.proposed_by == actor.account:
        found.append(problem("MATTER_DISPOSAL_SELF"))
    if row.state != State.PROPOSED:
        found.append(problem("MATTER_DISPOSAL_DECIDED"))
    if not approved and not note.strip():
        found.append(problem("MATTER_DISPOSAL_NOTE", "note"))
    if approved and not found:
        items = row.items.select_related("package__case")
        found += [one for item in items for one in keeping_problems(item.package, localdate())]
    if found:
        raise Refused(found)
    row.state, row.decided_by, row.decided_at = State.APPROVED if approved else State.REFUSED, actor.account, now()
    row.note = note.strip()[:_LONGEST]
    row.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if approved:
        enqueue(CARRY_OUT, {"disposal": row.pk}, key=_key(row))
    else:
        row.items.update(live=False)
    close_task(_key(row))
    said = "同意销毁" if approved else "不同意销毁"
    tell([row.proposed_by], kind=KIND, key=_key(row), title=f"{said}：{row.number}", body=row.note, url=_address(row))
    record("archive.dispose", actor=actor, target=f"disposal:{row.pk}", after=digest_of({"state": row.state}), reason=row.note)
    return row


def carry_out(disposal: int) -> bool:
    """Destroy what was approved and take the files away; whether the disposal is done. Safe to be called again."""
    row = Disposal.objects.filter(pk=disposal, state=State.APPROVED).first()
    if row is None:
        return False
    gone = Destruction.objects.filter(package=OuterRef("package"))
    for item in list(row.items.filter(~Exists(gone), live=True).order_by("pk").values_list("pk", flat=True)):
        problems = attempt(partial(_destroy, actor=SYSTEM, item=item))
        if problems:
            said = "；".join(one.zh for one in problems)[:300]
            DisposalItem.objects.filter(pk=item).update(live=False, kept=said)
    for digest in row.destructions.values_list("digest", flat=True):
        _take_away(digest)
    with transaction.atomic():
        Disposal.objects.filter(pk=row.pk, state=State.APPROVED).update(state=State.DONE, done_at=now())
    return True


def carry_out_all() -> int:
    """What a broken run left; how many disposals were carried out."""
    return sum(carry_out(pk) for pk in list(Disposal.objects.filter(state=State.APPROVED).values_list("pk", flat=True)))


@act("archive.destroy", Refused)
def _destroy(*, actor: Actor, item: int) -> Destruction:
    one = DisposalItem.objects.select_related("disposal").get(pk=item)
    (package,) = _locked([one.package_id])
    if found := list(keeping_problems(package, localdate())):
        raise Refused(found)
    case, file, disposal = package.case, package.file, one.disposal
    if file is None or case.ended_at is None:
        raise Refused(problem("MATTER_DISPOSAL_GONE", number=case.number or ""))
    names = accounts().names([disposal.proposed_by, disposal.decided_by])
    unit = case.unit.name if case.unit is not None else ""
    made = Destruction.objects.create(
        disposal=disposal, package=package, number=case.number or "", title=case.title, unit=unit,
        ended_at=case.ended_at, archived_at=package.made_at, keep_until=package.keep_until, digest=file.digest, size=file.size,
        proposer=names.get(disposal.proposed_by, disposal.proposed_by), approver=names.get(disposal.decided_by, disposal.decided_by),
        at=now(), on=localdate(),
    )  # fmt: skip
    Package.objects.filter(pk=package.pk).update(file=None, destroyed_at=made.at)
    close_task(f"archive:{package.pk}")
    _release(file)
    facts = {"number": made.number, "digest": made.digest}
    record("archive.destroy", actor=actor, target=f"package:{package.pk}", before=digest_of(facts), reason=disposal.number)
    emit(ArchiveDestroyed(case.pk, case.matter))
    return made


def _release(file: StoredFile) -> None:
    """The row of a file goes where nothing else holds the same content."""
    with suppress(ProtectedError), transaction.atomic():
        file.delete()


def _take_away(digest: str) -> None:
    """The content of a destroyed package, once no row names it."""
    if not StoredFile.objects.filter(digest=digest).exists():
        store().path(digest).unlink(missing_ok=True)
