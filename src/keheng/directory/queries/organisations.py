"""Organisations for lists and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from keheng.directory.enums import Status
from keheng.directory.models import Control, Organisation, OrganisationName
from keheng.directory.models.spans import holds
from keheng.directory.rules.names import plain
from keheng.directory.rules.scopes import organisations_within
from keheng.kernel import credit_code
from keheng.kernel.powers import Principal

SEE = "directory.organisation.see"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What organisations are asked for; '' asks for everything. Merged records are shown only when ``status`` asks for them."""

    text: str = ""
    kind: str = ""
    district: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the small tree above and below a unit; ``how`` says by what, ``here`` marks the unit itself."""

    organisation: Organisation
    depth: int
    how: str
    here: bool


def organisations_for(actor: Principal, permission: str = SEE) -> QuerySet[Organisation]:
    """Organisations the actor reaches by a permission."""
    return Organisation.objects.filter(organisations_within(actor, permission))


def listed(records: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """With what lists show and without the sealed phone: to open it for every row would take most of the time."""
    return records.select_related("parent").defer("contact_phone", "parent__contact_phone")


def not_merged(records: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Without records that went into others."""
    return records.exclude(status=Status.MERGED)


def matching(records: QuerySet[Organisation], wanted: Wanted) -> QuerySet[Organisation]:
    """Those that fit, by name."""
    if wanted.kind:
        records = records.filter(kind=wanted.kind)
    if wanted.district:
        records = records.filter(district=wanted.district)
    records = records.filter(status=wanted.status) if wanted.status else not_merged(records)
    return named_or_coded(records, wanted.text).order_by("name", "pk")


def named_or_coded(records: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those that fit: by any name they or what was merged into them ever bore, by code or part of a code. A blank fits all."""
    if not text.strip():
        return records
    return records.filter(_named(plain(text)) | Q(credit_code__startswith=credit_code.normalise(text)))


def _named(text: str) -> Q:
    if not text:
        return Q(pk__in=[])
    names = OrganisationName.objects.filter(plain__contains=text)
    own, absorbed = names.filter(organisation=OuterRef("pk")), names.filter(organisation__merged_into=OuterRef("pk"))
    return Q(Exists(own)) | Q(Exists(absorbed))


def find_by_code(code: str) -> Organisation | None:
    """The organisation with a code, the one it was merged into when it was; None when nobody has it."""
    found = Organisation.objects.select_related("merged_into").filter(credit_code=credit_code.normalise(code)).first()
    return found.merged_into or found if found else None


def organisation_name(organisation: int, on: date | None = None) -> str:
    """The name an organisation bears, or bore on a day; the present one where nothing older is known. '' for an unknown number."""
    if on is not None:
        span = (Q(since__isnull=True) | Q(since__lte=on)) & (Q(until__isnull=True) | Q(until__gt=on))
        names = OrganisationName.objects.filter(span, organisation=organisation, use="official")
        if (name := names.order_by("pk").values_list("name", flat=True).first()) is not None:
            return name
    return Organisation.objects.filter(pk=organisation).values_list("name", flat=True).first() or ""


def tree_of(organisation: Organisation, on: date) -> list[Branch]:
    """The unit between those directly above and directly below it on a day."""
    held = Control.objects.filter(holds(on))
    above = [Branch(organisation.parent, 0, "上级/主管", here=False)] if organisation.parent else []
    above += [Branch(row.owner, 0, _share(row), here=False) for row in held.filter(controlled=organisation).select_related("owner")]
    below = [Branch(child, 2, "下级", here=False) for child in organisation.children.order_by("pk")]
    below += [Branch(row.controlled, 2, _share(row), here=False) for row in held.filter(owner=organisation).select_related("controlled")]
    return [*above, Branch(organisation, 1, "", here=True), *below]


def _share(control: Control) -> str:
    return "实际控制" if control.share is None else f"持股 {control.share.normalize():f}%"
