"""A list as its template shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString

from keheng.kernel.doors import actor_of
from keheng.kernel.tables.asking import Asked, asked_filters, asked_order, kept_query, names_of, narrowed
from keheng.kernel.tables.drawing import Cell, Line, body
from keheng.kernel.tables.keeping import Chosen, Saved, keeper
from keheng.kernel.tables.paging import Order, Place, page_of, read_cursor, write_cursor
from keheng.kernel.tables.policy import policy, sizes
from keheng.kernel.tables.printing import DASH, printed
from keheng.kernel.tables.table import Bulk, Column, Rows, Table


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; ``direction`` is ascending, descending or ''; ``url`` sorts by it, '' where it cannot be."""

    column: Column
    direction: str
    url: str


@dataclass(frozen=True, slots=True)
class Box:
    """An input of a filter; ``title`` names it, ``options`` are those of a choice."""

    asked: Asked
    name: str
    title: str
    value: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything ``tables/table.html`` needs. ``count`` is exact, or where ``more`` is set a number that is exceeded."""

    table: Table
    heads: list[Head]
    lines: list[Line]
    boxes: list[Box]
    sort: str
    filtered: bool
    count: int
    more: bool
    first_url: str
    before_url: str
    after_url: str
    query: str
    path: str
    columns: list[tuple[Column, bool]]
    size: int
    sizes: list[int]
    saved: list[Saved]
    actions: tuple[Bulk, ...]
    may_export: bool
    remembers: bool
    csrf: str
    request: HttpRequest

    @property
    def wrong(self) -> list[Asked]:
        """Filters that could not be understood."""
        return [box.asked for box in self.boxes if box.asked.wrong]

    @property
    def body(self) -> SafeString:
        """The rows."""
        return body(self.lines, self.table.code, ticked=bool(self.actions), request=self.request, csrf=self.csrf)

    @property
    def search(self) -> str:
        """The name of the first input for text, which ``/`` leads to."""
        return next((box.name for box in self.boxes if box.asked.filter.kind == "text"), "")


def show(request: HttpRequest, table: Table, rows: Rows) -> Shown:
    """The part of a list that was asked for."""
    actor, query = actor_of(request), request.GET
    asked = asked_filters(table, query)
    found = narrowed(rows, asked)
    sort, order = asked_order(table, query)
    chosen = keeper().chosen(actor.account, table.code) if actor.account else Chosen()
    size = chosen.size or table.page
    most = policy("counting")["most"]
    filtered = any(one.given for one in asked)
    found, count = _counted(found, most + 1, filtered=filtered)
    page = page_of(found, order, size, after=_place(table, query, order, "after"), before=_place(table, query, order, "before"))
    if table.fill is not None:
        table.fill(page.rows)
    columns = _columns(table, chosen)
    kept = kept_query(table, query)
    return Shown(
        table=table,
        heads=[_head(column, sort, kept) for column in columns],
        lines=[_line(row, columns) for row in page.rows],
        boxes=[box for one in asked for box in _boxes(one)],
        sort=sort if sort != table.order else "",
        filtered=filtered,
        count=min(count, most),
        more=count > most,
        first_url=f"?{kept.urlencode()}" if page.has_before else "",
        before_url=_turn(table, kept, order, "before", page.first) if page.has_before else "",
        after_url=_turn(table, kept, order, "after", page.last) if page.has_after else "",
        query=kept.urlencode(),
        path=request.path,
        columns=[(column, column in columns) for column in table.columns],
        size=size,
        sizes=sorted({*sizes(), table.page, size}),
        saved=list(keeper().saved(actor.account, table.code)) if actor.account else [],
        actions=table.actions,
        may_export=table.may_export(actor),
        remembers=bool(actor.account),
        csrf=get_token(request),
        request=request,
    )


def _counted(rows: Rows, most: int, *, filtered: bool) -> tuple[Rows, int]:
    """The rows, and how many of at most ``most`` there are.

    Few rows are named one by one: a database that seeks them in their order may walk through all others first. Rows of a filtered list
    are looked for once, keys and number together; of a whole list the number alone comes faster than so many keys.
    """
    few = policy("counting")["named"]
    keys = list(rows.order_by().values_list("pk", flat=True)[: most if filtered else few + 1])
    if len(keys) <= few:
        return rows.filter(pk__in=keys), len(keys)
    return rows, len(keys) if filtered else rows.order_by().values("pk")[:most].count()


def _columns(table: Table, chosen: Chosen) -> list[Column]:
    """The columns chosen; the table's own where none of those is left."""
    picked = [column for column in table.columns if column.code in chosen.columns]
    return picked or [column for column in table.columns if column.shown]


def _place(table: Table, query: QueryDict, order: Order, name: str) -> Place | None:
    text = query.get(name, "")
    return read_cursor(text, order, table.code) if text else None


def _turn(table: Table, kept: QueryDict, order: Order, name: str, place: Place | None) -> str:
    return "" if place is None else f"?{_with(kept, **{name: write_cursor(place, order, table.code)})}"


def _with(kept: QueryDict, **more: str) -> str:
    query = kept.copy()
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def _head(column: Column, sort: str, kept: QueryDict) -> Head:
    if not column.sort:
        return Head(column, "", "")
    direction = {column.code: "ascending", f"-{column.code}": "descending"}.get(sort, "")
    return Head(column, direction, f"?{_with(kept, sort=f'-{column.code}' if direction == 'ascending' else column.code)}")


def _line(row: Any, columns: list[Column]) -> Line:
    cells = []
    for column in columns:
        value = column.of(row)
        text, link = printed(column, value), column.link(row) if column.link else ""
        # A dash is no word that stands out.
        tagged = column.tag is not None and text != DASH
        cells.append(Cell(column, value, text, link, tagged, column.tag(row) if column.tag else ""))
    return Line(row, cells, next((cell.link for cell in cells if cell.link), ""))


def _boxes(one: Asked) -> list[Box]:
    names = names_of(one.filter)
    if one.filter.kind == "dates":
        return [
            Box(one, name, f"{one.filter.title}{way}", text, []) for name, way, text in zip(names, ("自", "至"), one.typed, strict=True)
        ]
    options = one.filter.options() if one.filter.kind == "choice" else []
    return [Box(one, names[0], one.filter.title, one.typed[0], options)]
