"""Packages past their term, and what still forbids to destroy one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from keheng.kernel.errors import Problem, problem
from keheng.kernel.personal.holds import hold_on
from keheng.kernel.powers import Principal
from keheng.matters.models import Disposal, DisposalItem, Package, Retrieval
from keheng.matters.rules.acting import APPRAISE, DESTROY

# Whether something that goes on elsewhere still needs the archive of a case.
Keeper = Callable[[int], bool]
_keepers: dict[str, Keeper] = {}


def register_keeper(said: str, keeper: Keeper) -> None:
    """Make known what keeps an archive past its term, in words such as "有未处理的异议"; raises ValueError for words that are taken."""
    if _keepers.setdefault(said, keeper) is not keeper:
        raise ValueError(f"keeper {said} is registered twice")


def due_for(actor: Principal, day: date) -> QuerySet[Package]:
    """Packages within reach whose term is over on a day and that nobody proposed yet."""
    live = DisposalItem.objects.filter(package=OuterRef("pk"), live=True)
    rows = Package.objects.filter(actor.within(APPRAISE, unit="case__unit", district="case__district"))
    return rows.filter(~Exists(live), keep_until__lt=day, destroyed_at=None)


def disposals_for(actor: Principal) -> QuerySet[Disposal]:
    """Disposals all of whose packages an actor may appraise or decide on."""
    reached = [actor.within(one, unit="case__unit", district="case__district") for one in (APPRAISE, DESTROY) if actor.may(one)]
    if not reached:
        return Disposal.objects.none()
    # An empty condition reaches everything; joined by "or" it would vanish.
    within = Q() if not all(reached) else reached[0] | reached[-1]
    beyond = DisposalItem.objects.filter(disposal=OuterRef("pk")).exclude(package__in=Package.objects.filter(within))
    return Disposal.objects.filter(~Exists(beyond))


def keeping_problems(package: Package, day: date) -> Iterator[Problem]:
    """Everything that forbids to destroy a package on a day; none when it may go."""
    number = package.case.number or ""
    if package.destroyed_at is not None:
        yield problem("MATTER_DISPOSAL_GONE", number=number)
    elif package.keep_until >= day:
        yield problem("MATTER_DISPOSAL_EARLY", number=number, until=package.keep_until)
    waiting = Q(state=Retrieval.State.ASKED) | Q(state=Retrieval.State.GRANTED, until__gte=day)
    if Retrieval.objects.filter(waiting, package=package).exists():
        yield problem("MATTER_DISPOSAL_READ", number=number)
    targets = (f"account:{package.case.applicant}", f"matters.Case:{package.case_id}", f"matters.Package:{package.pk}", "rule:matters_case")
    hold = hold_on(targets)
    if hold is not None:
        yield problem("MATTER_DISPOSAL_HELD", number=number, document=hold.document)
    for said, keeper in sorted(_keepers.items()):
        if keeper(package.case_id):
            yield problem("MATTER_DISPOSAL_NEEDED", number=number, said=said)
