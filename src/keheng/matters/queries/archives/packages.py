"""Packages for whoever may read archives, and what is expected of each."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.timezone import localdate

from keheng.kernel.powers import Principal
from keheng.matters.models import CaseEvent, Material, Output, Package, Retrieval
from keheng.matters.rules.acting import READ_ARCHIVE
from keheng.matters.rules.archives.checks import Expected


def packages_for(actor: Principal) -> QuerySet[Package]:
    """Packages of cases within reach."""
    return Package.objects.filter(actor.within(READ_ARCHIVE, unit="case__unit", district="case__district"))


def expected_of(package: Package) -> Expected:
    """What the register knows of a package."""
    return Expected(
        digest=package.file_id or "",
        events=CaseEvent.objects.filter(case=package.case_id, at__lte=package.made_at).count(),
        materials=Material.objects.filter(case=package.case_id, removed_at=None).count(),
        outputs=Output.objects.filter(case=package.case_id, issued_at__lte=package.made_at).count(),
    )


def open_retrieval(actor: Principal, package: Package) -> Retrieval | None:
    """The retrieval under which an actor may open a package now; None when there is none."""
    rows = Retrieval.objects.filter(package=package, by=actor.account, state=Retrieval.State.GRANTED, until__gte=localdate())
    return rows.order_by("-pk").first()


def opens_package(actor: Principal, digest: str) -> bool:
    """Whether a file is a package that was granted to an actor, and the power to read still holds."""
    rows = packages_for(actor).filter(
        file=digest, retrievals__by=actor.account, retrievals__state=Retrieval.State.GRANTED, retrievals__until__gte=localdate()
    )
    return rows.exists()
