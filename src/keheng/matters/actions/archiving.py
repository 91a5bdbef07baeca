"""归档: a package is made once when a case has ended, checked at once, and again every year."""

from __future__ import annotations

from datetime import timedelta
from tempfile import TemporaryFile

from django.urls import reverse
from django.utils.timezone import localtime, now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, attempt, problem
from keheng.kernel.files import Limits
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.kernel.uploads.receiving import store
from keheng.matters.actions.moving import locked
from keheng.matters.actions.telling import KIND, case_title
from keheng.matters.models import Case, Package, PackageCheck
from keheng.matters.queries.archives.contents import keep_until, members_of
from keheng.matters.queries.archives.packages import expected_of
from keheng.matters.queries.cases import loaded
from keheng.matters.rules.acting import READ_ARCHIVE
from keheng.matters.rules.archives.checks import examined
from keheng.matters.rules.archives.package import write_package
from keheng.matters.rules.archives.policy import number

_LARGEST = 8 << 30
_DAYS_A_YEAR = 365


def archive_case(*, case: int) -> bool:
    """Make the package of a case that has ended; whether it was made now. Safe to be called again.

    Raises OSError when a material's file is not there: the job tells, and tries again.
    """
    if Package.objects.filter(case=case).exists():
        return False
    return not attempt(lambda: _archive(actor=SYSTEM, case=case))


@act("archive.make", Refused)
def _archive(*, actor: Actor, case: int) -> Package:
    row = locked(case)
    if row.ended_at is None or row.submitted_at is None or Package.objects.filter(case=row).exists():
        raise Refused(problem("MATTER_ARCHIVE_OPEN"))
    one = loaded(row)
    with TemporaryFile() as file:
        digests = write_package(file, members_of(one), localtime(row.ended_at))
        file.seek(0)
        kept = store().keep(file, Limits(_LARGEST, frozenset({"application/zip"})))
    made = Package.objects.create(case=row, matter=row.matter, file=kept, made_at=now(), keep_until=keep_until(one.matter, row.ended_at))
    record("archive.make", actor=actor, target=f"case:{case}", after=digest_of({"file": kept.digest, "members": len(digests)}))
    _note_check(actor, made)
    return made


@act("archive.check", Refused)
def check_package(*, actor: Actor, package: int) -> PackageCheck:
    """Look at a package and write down what was found."""
    row = Package.objects.select_related("case").select_for_update(of=("self",)).filter(pk=package).first()
    if row is None:
        raise Refused(problem("MATTER_ARCHIVE_GONE"))
    if row.file_id is None:
        raise Refused(problem("MATTER_DISPOSAL_GONE", number=row.case.number or ""))
    return _note_check(actor, row)


def _note_check(actor: Actor, package: Package) -> PackageCheck:
    findings = examined(store().path(package.file_id or ""), expected_of(package))
    sound = all(one.holds for one in findings)
    rows = [{"kind": one.kind, "holds": one.holds, "said": one.said} for one in findings]
    made = PackageCheck.objects.create(package=package, at=now(), sound=sound, findings=rows)
    Package.objects.filter(pk=package.pk).update(sound=sound, checked_at=made.at)
    package.sound, package.checked_at = sound, made.at
    key = f"archive:{package.pk}"
    if sound:
        close_task(key)
    else:
        title = f"四性检测未通过：{case_title(package.case)}"
        url = reverse("casework:package", args=[package.pk])
        open_task(key, kind=KIND, title=title, url=url, permission=READ_ARCHIVE, unit=package.case.unit_id, district=package.case.district)
    record("archive.check", actor=actor, target=f"package:{package.pk}", succeeded=sound, after=digest_of({"findings": rows}))
    return made


def archive_ended() -> int:
    """Packages for cases that ended without one, the oldest first, so many at a time; how many were made."""
    rows = Case.objects.filter(ended_at__isnull=False, submitted_at__isnull=False, package=None).order_by("ended_at", "pk")
    return sum(archive_case(case=case) for case in list(rows.values_list("pk", flat=True)[: number("sweep")]))


def check_due() -> int:
    """Check again what was looked at more than a year ago; how many."""
    before = now() - timedelta(days=_DAYS_A_YEAR * number("years_between_checks"))
    due = (
        Package.objects.filter(checked_at__lt=before, destroyed_at=None)
        .order_by("checked_at", "pk")
        .values_list("pk", flat=True)[: number("sweep")]
    )
    for package in list(due):
        check_package(actor=SYSTEM, package=package)
    return len(due)
