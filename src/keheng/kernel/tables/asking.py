"""What a list was asked for in its address: filters with what is wrong with them, order, columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField
from django.http import QueryDict
from django.utils.timezone import make_aware

from keheng.kernel.tables.paging import Order
from keheng.kernel.tables.table import RESERVED, Filter, Rows, Table

_LONGEST = 100
_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as it was asked: the texts typed (two for dates), the value they mean, what is wrong with them."""

    filter: Filter
    typed: tuple[str, ...]
    value: Any
    wrong: str

    @property
    def given(self) -> bool:
        """Whether it narrows the list."""
        return self.value is not None


def asked_filters(table: Table, query: QueryDict) -> list[Asked]:
    """Every filter of a table as the address has it; one that is wrong is told and does not count."""
    return [_asked(one, query) for one in table.filters]


def narrowed(rows: Rows, asked: list[Asked]) -> Rows:
    """The rows that fit."""
    for one in asked:
        if one.given:
            rows = one.filter.apply(rows, one.value) if callable(one.filter.apply) else _by_path(rows, one)
        elif one.filter.otherwise is not None:
            rows = one.filter.otherwise(rows)
    return rows


def asked_order(table: Table, query: QueryDict) -> tuple[str, Order]:
    """The order asked for as it is written, and what it means; the table's own for one that it does not know."""
    wanted = query.get("sort", "")
    sort = wanted if wanted.removeprefix("-") in table.sorts else table.order
    return sort, Order(table.sorts[sort.removeprefix("-")], descending=sort.startswith("-"))


def kept_query(table: Table, query: QueryDict) -> QueryDict:
    """What of an address makes the list what it is: filters and order, without the place in it."""
    names = {name for one in table.filters for name in names_of(one)} | {"sort"}
    kept = QueryDict(mutable=True)
    for name in query:
        if name in names and name not in RESERVED - {"sort"} and (value := query.get(name)):
            kept[name] = value
    return kept


def names_of(one: Filter) -> tuple[str, ...]:
    """The names a filter has in an address."""
    return (f"{one.code}_from", f"{one.code}_to") if one.kind == "dates" else (one.code,)


def _asked(one: Filter, query: QueryDict) -> Asked:
    typed = tuple((query.get(name) or "").replace("\0", "").strip()[:_LONGEST] for name in names_of(one))
    if not any(typed):
        return Asked(one, typed, None, "")
    if one.kind == "dates":
        return _dates(one, typed)
    if one.kind == "choice" and typed[0] not in {value for value, _ in one.options()}:
        return Asked(one, typed, None, "没有这个选项，已按全部显示")
    return Asked(one, typed, True if one.kind == "flag" else typed[0], "")


def _dates(one: Filter, typed: tuple[str, ...]) -> Asked:
    """Both days count: the pair is half-open, so the second is the day after."""
    days: list[date | None] = []
    for text in typed:
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            day = date.min
        if day is not None and not _FIRST_YEAR <= day.year < date.max.year:
            return Asked(one, typed, None, "日期要写成 2026-11-21 这样，已按全部显示")
        days.append(day)
    begin, last = days
    if begin is not None and last is not None and begin > last:
        return Asked(one, typed, None, "开始日期晚于结束日期，已按全部显示")
    return Asked(one, typed, (begin, None if last is None else last + timedelta(days=1)), "")


def _by_path(rows: Rows, one: Asked) -> Rows:
    path = str(one.filter.apply or one.filter.code)
    if one.filter.kind == "text":
        return rows.filter(**{f"{path}__icontains": one.value})
    if one.filter.kind == "dates":
        return rows.filter(**dict(_bounds(rows, path, *one.value)))
    return rows.filter(**{path: one.value})


def _bounds(rows: Rows, path: str, begin: date | None, end: date | None) -> Iterator[tuple[str, Any]]:
    """The conditions of a half-open span of days on a field of days or of moments."""
    has_time = isinstance(rows.model._meta.get_field(path), DateTimeField)  # noqa: SLF001 -- Django's public name for what a model is
    for sign, day in (("gte", begin), ("lt", end)):
        if day is not None:
            yield f"{path}__{sign}", make_aware(datetime.combine(day, time.min)) if has_time else day
