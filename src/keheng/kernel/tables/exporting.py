"""Taking a list away as XLSX: at once while it is short, else in the background; every time on the trail."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.tables.asking import asked_filters, asked_order, narrowed
from keheng.kernel.tables.keeping import keeper
from keheng.kernel.tables.policy import policy
from keheng.kernel.tables.printing import in_chunks, sheet_of
from keheng.kernel.tables.table import Rows, Table
from keheng.kernel.trail.record import act, digest_of, record

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class SheetMade:
    """A sheet, and how many rows are in it."""

    content: bytes
    rows: int


@act("table.export", Refused)
def export_at_once(*, actor: Principal, table: Table, rows: Rows, query: QueryDict) -> SheetMade | None:
    """The filtered rows in their order; None where there are so many that the sheet is made in the background.

    Raises Refused for an actor who may not, and for more rows than a sheet may hold or, without a background, than are made at once.
    """
    most = policy("export")
    if not table.may_export(actor):
        raise Refused(problem("TABLE_EXPORT_MAY"))
    wanted = in_order(table, rows, query)
    count = wanted.values("pk")[: most["most"] + 1].count()
    if count > (most["most"] if table.exports else most["at_once"]):
        raise Refused(problem("TABLE_EXPORT_MANY", most=most["most"] if table.exports else most["at_once"]))
    record("table.export", actor=actor, target=f"table:{table.code}", after=digest_of({"rows": count, "query": query.urlencode()}))
    if count > most["at_once"]:
        return None
    return SheetMade(sheet_of(table, in_chunks(wanted, most["at_once"])), count)


def export_again(*, actor: Principal, table: Table, query: QueryDict, scope: str) -> SheetMade:
    """The sheet in the background, of what the actor may take away now; raises Refused when that is nothing any more."""
    if table.exports is None or not table.may_export(actor):
        raise Refused(problem("TABLE_EXPORT_MAY"))
    wanted = in_order(table, table.exports(actor, scope), query)
    count = wanted.values("pk")[: policy("export")["most"]].count()
    return SheetMade(sheet_of(table, in_chunks(wanted, policy("export")["most"])), count)


def in_order(table: Table, rows: Rows, query: QueryDict) -> Rows:
    """All rows that fit, as the list shows them."""
    _, order = asked_order(table, query)
    sign = "-" if order.descending else ""
    return narrowed(rows, asked_filters(table, query)).order_by(*dict.fromkeys((f"{sign}{order.path}", f"{sign}pk")))


def hand_over(*, actor: Principal, table: Table, query: QueryDict, scope: str) -> None:
    """Have a large sheet made in the background."""
    keeper().export_later(actor, table.code, query.urlencode(), scope)
