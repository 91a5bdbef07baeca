"""Figures of the directory: units, units by kind, experts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.enums import Kind, kinds
from keheng.directory.models import Expert, Organisation
from keheng.directory.queries.organisations import organisations_for
from keheng.directory.queries.people import experts_for
from keheng.kernel.measures import Measure, Records, Row, Scope, Value, register
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal


def _organisations(chosen: frozenset[str], period: Period, scope: Scope) -> QuerySet[Organisation]:
    """Registered before the period's end, not closed by then, not merged into another record; ``district`` narrows them."""
    there = Organisation.objects.filter(kind__in=chosen, merged_into__isnull=True, registered_on__lt=period.end)
    there = there.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=period.end))
    return there.filter(district=scope["district"]) if "district" in scope else there


def _count(chosen: frozenset[str], period: Period, scope: Scope) -> Value:
    return Value(Decimal(_organisations(chosen, period, scope).count()))


def _rows(chosen: frozenset[str], period: Period, scope: Scope) -> Iterator[Row]:
    found = _organisations(chosen, period, scope).order_by("pk")
    yield from found.values("id", "credit_code", "name", "kind", "district", "registered_on").iterator()


def _experts(period: Period, _scope: Scope) -> QuerySet[Expert]:
    """Let in before the period's end and not gone by then; suspended ones are not in the pool."""
    there = Expert.objects.filter(entered_on__lt=period.end).exclude(state="suspended")
    return there.filter(Q(left_on__isnull=True) | Q(left_on__gte=period.end))


def _expert_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_experts(period, scope).count()))


def _expert_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _experts(period, scope).order_by("pk").values("id", "title", "entered_on", "left_on").iterator()


def _unit_pages(actor: Principal, keys: Collection[int]) -> Mapping[int, str]:
    found = organisations_for(actor).filter(pk__in=keys).values_list("pk", flat=True)
    return {pk: reverse("directory:organisation", args=[pk]) for pk in found}


def _expert_pages(actor: Principal, keys: Collection[int]) -> Mapping[int, str]:
    found = experts_for(actor, localdate()).filter(pk__in=keys).values_list("pk", flat=True)
    return {pk: reverse("directory:expert", args=[pk]) for pk in found}


_UNITS = Records("organisation", "id", "name", _unit_pages)
_POOL = Records("expert", "id", "title", _expert_pages)


def _register(code: str, definition: str, chosen: frozenset[str]) -> None:
    register(Measure(code, "家", definition, 1, partial(_count, chosen), partial(_rows, chosen), _UNITS))


def _of_kind(kind: Kind) -> None:
    _register(f"directory.organisations.{kind.code}", f"期末在册的{kind.zh}数（已注销、已并入其他记录的不计）", frozenset({kind.code}))


_register(
    "directory.user_units",
    "期末在册的用户单位数：类型标为用户的单位，已注销、已并入其他记录的不计",
    frozenset(kind.code for kind in kinds().values() if kind.user),
)
for _kind in kinds().values():
    _of_kind(_kind)
register(Measure("directory.experts", "人", "期末在库专家数：已批准入库，未出库、未暂停", 1, _expert_count, _expert_rows, _POOL))
