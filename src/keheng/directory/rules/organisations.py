"""Whether an organisation may be registered, renamed, closed or put below another: all problems at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from keheng.directory.enums import Status, districts, kinds
from keheng.directory.models import Control, Organisation
from keheng.directory.models.spans import holds
from keheng.directory.rules.names import alike, core
from keheng.directory.rules.numbers import phone_problems
from keheng.kernel import credit_code
from keheng.kernel.errors import Problem, problem

LONGEST_NAME, LONGEST_ADDRESS = 200, 200
_ALL = Decimal(100)
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a form or a sheet says of an organisation, normalised by ``facts_from``."""

    name: str
    kind: str
    district: str
    code: str = ""
    address: str = ""
    phone: str = ""


def shape_problems(facts: Facts) -> list[Problem]:
    """What can be told of the facts alone."""
    found = name_problems(facts.name)
    if facts.code:
        found += credit_code.problems_of(facts.code, "code")
    if facts.kind not in kinds():
        found.append(problem("DIR_KIND_UNKNOWN", "kind"))
    if facts.district not in districts():
        found.append(problem("DIR_DISTRICT_UNKNOWN", "district", city=", ".join(districts().values())))
    if facts.phone:
        found += phone_problems(facts.phone, "phone")
    if len(facts.address) > LONGEST_ADDRESS:
        found.append(problem("DIR_TOO_LONG", "address", most=LONGEST_ADDRESS))
    return found


def name_problems(name: str) -> list[Problem]:
    """What is wrong with the form of a name."""
    if len(name) < _SHORTEST_NAME:
        return [problem("DIR_NAME_MISSING", "name")]
    return [problem("DIR_TOO_LONG", "name", most=LONGEST_NAME)] if len(name) > LONGEST_NAME else []


def taken_problems(facts: Facts, but: int = 0) -> list[Problem]:
    """What other records say: a code that somebody has, a name in the same district that is nearly the same (a warning).

    ``but`` is the record itself, which does not count.
    """
    found: list[Problem] = []
    others = Organisation.objects.exclude(pk=but)
    if facts.code and others.filter(credit_code=facts.code).exists():
        found.append(problem("DIR_CODE_TAKEN", "code"))
    elif facts.district and (like := like_names(facts.name, facts.district, but)):
        found.append(problem("DIR_NAME_ALIKE", "name", names="、".join(like)))
    return found


def like_names(name: str, district: str, but: int = 0) -> list[str]:
    """Up to three organisations of the district with nearly the same name."""
    own = core(name)
    if not own:
        return []
    near = Organisation.objects.filter(district=district).exclude(status=Status.MERGED).exclude(pk=but)
    near = near.filter(Q(name_core=own) | Q(name_core__startswith=own[:2]) | Q(name_core__endswith=own[-2:]))
    return [other for other, its in near.order_by("pk").values_list("name", "name_core") if alike(own, its)][:3]


def unanswered(found: Iterable[Problem], accepted: frozenset[str]) -> list[Problem]:
    """Problems that still stand in the way: warnings whose code was accepted do not."""
    return [one for one in found if not (one.overridable and one.code in accepted)]


def rename_problems(organisation: Organisation, name: str, on: date, since: date | None, today: date) -> list[Problem]:
    """What forbids a new name from a day on; ``since`` is when the present name began."""
    found = [*active_problems(organisation), *name_problems(name)]
    if name == organisation.name:
        found.append(problem("DIR_NAME_SAME", "name"))
    if on > today:
        found.append(problem("DIR_DAY_AHEAD", "on"))
    if since is not None and on <= since:
        found.append(problem("DIR_NAME_DAY", "on", since=since))
    return found


def active_problems(organisation: Organisation) -> list[Problem]:
    """A closed or merged organisation changes no more."""
    return [] if organisation.status == Status.ACTIVE else [problem("DIR_NOT_ACTIVE", "", name=organisation.name)]


def span_problems(since: date, until: date | None) -> list[Problem]:
    """A span ends after it begins."""
    return [problem("DIR_SPAN", "until")] if until is not None and until <= since else []


def ending_problems(since: date, ended: date | None, until: date) -> list[Problem]:
    """What forbids to end a span on a day: it ended before, or would end before it began."""
    return [*span_problems(since, until), *([problem("DIR_ENDED_ALREADY", "until")] if ended is not None else [])]


def parent_problems(organisation: Organisation, parent: Organisation | None, above_parent: frozenset[int]) -> list[Problem]:
    """What forbids a parent; ``above_parent`` are all that stand above it by parents."""
    found = active_problems(organisation)
    if parent is not None:
        found += active_problems(parent)
        if organisation.pk == parent.pk or organisation.pk in above_parent:
            found.append(problem("DIR_PARENT_CYCLE", "parent", name=organisation.name, parent=parent.name))
    return found


def control_problems(new: Control, above_owner: frozenset[int]) -> list[Problem]:
    """What forbids a holding; ``above_owner`` are all that hold the owner during the same time, at any remove."""
    found = [*active_problems(new.owner), *active_problems(new.controlled), *span_problems(new.since, new.until)]
    if new.share is not None and not 0 < new.share <= _ALL:
        found.append(problem("DIR_SHARE_RANGE", "share"))
    return found or structure_problems(new, above_owner)


def structure_problems(new: Control, above_owner: frozenset[int]) -> list[Problem]:
    """What other holdings say: a circle, the same owner twice at a time, more than everything held on some day."""
    found: list[Problem] = []
    if new.owner_id == new.controlled_id or new.controlled_id in above_owner:
        found.append(problem("DIR_CONTROL_CYCLE", "owner", name=new.controlled.name, owner=new.owner.name))
    present = Control.objects.filter(controlled=new.controlled_id, since__lt=new.until or date.max).exclude(pk=new.pk)
    present = present.exclude(until__lte=new.since)
    if present.filter(owner=new.owner_id).exists():
        found.append(problem("DIR_CONTROL_TWICE", "owner", owner=new.owner.name))
    # The most that is held at once is reached on a day when a holding begins.
    days = {new.since, *(held.since for held in present if held.since > new.since)}
    most = max(present.filter(holds(day)).aggregate(total=Sum("share"))["total"] or 0 for day in days) + (new.share or 0)
    if new.share is not None and most > _ALL:
        found.append(problem("DIR_SHARES_ABOVE_ALL", "share", total=most))
    return found
