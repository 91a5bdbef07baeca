"""调阅: an archive is read for a reason, with somebody else's approval where it is private; each opening is noted."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.telling import KIND, case_title
from keheng.matters.models import Package, Reading, Retrieval
from keheng.matters.queries.archives.packages import open_retrieval, packages_for
from keheng.matters.queries.cases import matter_of
from keheng.matters.rules.acting import APPROVE_ARCHIVE, reaches
from keheng.matters.rules.archives.policy import is_private, number

_LEAST, _LONGEST = 5, 300
State = Retrieval.State


def _package(actor: Principal, package: int) -> Package:
    """The package under a lock, so that of two requests at once the second sees the first."""
    row = packages_for(actor).select_for_update(of=("self",)).select_related("case__edition").filter(pk=package).first()
    if row is None:
        raise Refused(problem("MATTER_ARCHIVE_GONE"))
    return row


@act("archive.ask", Refused)
def ask_retrieval(*, actor: Principal, package: int, reason: str) -> Retrieval:
    """Ask to read a package: granted at once, or asked of those who may approve where the matter is private."""
    row, found = _package(actor, package), list[Problem]()
    if row.file_id is None:
        raise Refused(problem("MATTER_DISPOSAL_GONE", number=row.case.number or ""))
    if len(reason.strip()) < _LEAST:
        found.append(problem("MATTER_ARCHIVE_REASON", "reason", least=_LEAST))
    if Retrieval.objects.filter(package=row, by=actor.account, state=State.ASKED).exists() or open_retrieval(actor, row) is not None:
        found.append(problem("MATTER_ARCHIVE_ASKED"))
    if found:
        raise Refused(found)
    asks = is_private(matter_of(row.case))
    made = Retrieval.objects.create(
        package=row, by=actor.account, at=now(), reason=reason.strip()[:_LONGEST], state=State.ASKED if asks else State.GRANTED,
        until=None if asks else localdate() + timedelta(days=number("open_days")),
    )  # fmt: skip
    if asks:
        name = accounts().names([actor.account]).get(actor.account, "")
        open_task(
            _key(made), kind=KIND, title=f"{name}申请调阅：{case_title(row.case)}", url=reverse("casework:package", args=[row.pk]),
            permission=APPROVE_ARCHIVE, unit=row.case.unit_id, district=row.case.district, not_by=actor.account,
        )  # fmt: skip
    record("archive.ask", actor=actor, target=f"package:{row.pk}", after=digest_of({"reason": made.reason, "state": made.state}))
    return made


def _key(one: Retrieval) -> str:
    return f"retrieval:{one.pk}"


@act("archive.decide", Refused)
def decide_retrieval(*, actor: Principal, retrieval: int, granted: bool, note: str = "") -> Retrieval:
    """Approve or refuse somebody else's request."""
    row = Retrieval.objects.select_for_update(of=("self",)).select_related("package__case").filter(pk=retrieval).first()
    if row is None or not reaches(actor, APPROVE_ARCHIVE, row.package.case):
        raise Refused(problem("MATTER_ARCHIVE_GONE"))
    found = []
    if row.by == actor.account:
        found.append(problem("MATTER_ARCHIVE_SELF"))
    if row.state != State.ASKED:
        found.append(problem("MATTER_ARCHIVE_DECIDED"))
    if not granted and not note.strip():
        found.append(problem("MATTER_ARCHIVE_NOTE", "note"))
    if found:
        raise Refused(found)
    row.state, row.decided_by, row.decided_at = State.GRANTED if granted else State.REFUSED, actor.account, now()
    row.note, row.until = note.strip()[:_LONGEST], localdate() + timedelta(days=number("open_days")) if granted else None
    row.save(update_fields=["state", "decided_by", "decided_at", "note", "until"])
    close_task(_key(row))
    said = f"调阅{row.get_state_display()}：{case_title(row.package.case)}"
    url = reverse("casework:package", args=[row.package_id])
    tell([row.by], kind=KIND, key=_key(row), title=said, body=row.note, url=url)
    record("archive.decide", actor=actor, target=f"retrieval:{row.pk}", after=digest_of({"state": row.state, "note": row.note}))
    return row


@act("archive.open", Refused)
def open_archive(*, actor: Principal, package: int) -> Package:
    """Open a package under a retrieval that holds; the opening is noted. The file itself is then read as any file is."""
    row = _package(actor, package)
    found = open_retrieval(actor, row)
    if found is None:
        raise Refused(problem("MATTER_ARCHIVE_SHUT"))
    Reading.objects.create(retrieval=found, at=now())
    record("archive.open", actor=actor, target=f"package:{row.pk}", reason=found.reason)
    return row
