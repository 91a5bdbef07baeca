"""What accounts chose for lists: columns, rows on a page, filters with names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.http import QueryDict
from django.utils.timezone import now

from keheng.kernel.desk.exports import begin_export
from keheng.kernel.desk.models import SavedFilter, TableChoice
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.tables.asking import kept_query
from keheng.kernel.tables.keeping import Chosen, Saved
from keheng.kernel.tables.policy import sizes
from keheng.kernel.tables.table import Table
from keheng.kernel.trail.record import act, digest_of, record

MOST_FILTERS = 30
_LONGEST_NAME = 40


class DeskKeeper:
    """Remembers in the database."""

    def chosen(self, account: str, table: str) -> Chosen:
        """What the account chose."""
        row = TableChoice.objects.filter(account=account, table=table).first()
        return Chosen() if row is None else Chosen(tuple(row.columns.split(",")) if row.columns else (), row.size)

    def saved(self, account: str, table: str) -> Sequence[Saved]:
        """Filters with names, by name."""
        rows = SavedFilter.objects.filter(account=account, table=table).order_by("name")
        return [Saved(one.pk, one.name, one.query) for one in rows]

    def export_later(self, actor: Principal, table: str, query: str, scope: str) -> None:
        """Queue the making of a sheet."""
        begin_export(actor=actor, table=table, query=query, scope=scope)


def choose_columns(*, account: str, table: Table, columns: Iterable[str], size: str) -> None:
    """Remember columns and rows on a page; nothing chosen, or the table's own, is forgotten."""
    wanted = set(columns)
    picked = [column.code for column in table.columns if column.code in wanted]
    own = [column.code for column in table.columns if column.shown]
    rows = int(size) if size in {str(one) for one in (*sizes(), table.page)} else 0
    with transaction.atomic():
        if picked in ([], own) and rows in {0, table.page}:
            TableChoice.objects.filter(account=account, table=table.code).delete()
            return
        facts = {"columns": "" if picked in ([], own) else ",".join(picked), "size": 0 if rows == table.page else rows}
        TableChoice.objects.update_or_create(account=account, table=table.code, defaults=facts)


@act("filter.save", Refused)
def save_filter(*, actor: Principal, table: Table, name: str, query: str) -> None:
    """Keep filters and order under a name; the same name again replaces them."""
    title = " ".join(name.split())
    found = []
    if not 0 < len(title) <= _LONGEST_NAME:
        found.append(problem("DESK_FILTER_NAME", "name", longest=_LONGEST_NAME))
    kept = kept_query(table, QueryDict(query)).urlencode()
    own = SavedFilter.objects.filter(account=actor.account, table=table.code)
    if own.exclude(name=title).count() >= MOST_FILTERS:
        found.append(problem("DESK_FILTER_MANY", most=MOST_FILTERS))
    if found:
        raise Refused(found)
    facts = {"query": kept, "saved_at": now()}
    row, _ = SavedFilter.objects.update_or_create(account=actor.account, table=table.code, name=title, defaults=facts)
    record("filter.save", actor=actor, target=f"filter:{row.pk}", after=digest_of({"table": table.code, "query": kept}))


@act("filter.forget", ())
def forget_filter(*, actor: Principal, number: int) -> bool:
    """Delete one of one's own; whether it was there."""
    gone = SavedFilter.objects.filter(pk=number, account=actor.account).delete()[0] > 0
    record("filter.forget", actor=actor, target=f"filter:{number}", succeeded=gone)
    return gone
