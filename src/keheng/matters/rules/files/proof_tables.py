"""Proof of tables that stand beside others: a move's beside the form's, a ledger, and what is taken over from the case before."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from keheng.kernel.errors import problem
from keheng.matters.rules.files.parts import FormField
from keheng.matters.rules.files.reading import Flaw, Path, Read

_WHAT = "表格或其列 / table or column"


def tables_proved(read: Read) -> Iterator[Flaw]:
    """Everything that does not hold of them."""
    matter = read.matter
    tables = {field.id: field for field in matter.fields if field.type == "table"}
    for number, section in enumerate(matter.form):
        for n, field in enumerate(section.fields):
            yield from _of_form(read, ("form", number, "fields", n), field)
            yield from _evidence(read, ("form", number, "fields", n), field)
    for number, state in enumerate(matter.states):
        for place, move in enumerate(state.moves):
            for n, field in enumerate(move.ask):
                if field.like is not None:
                    yield from _beside(read, ("states", number, "moves", place, "ask", n), field, tables)
    yield from _market(read, tables)
    ledger = matter.ledger
    if ledger is not None:
        every = {field.id: field for field in (*matter.asked, *matter.fields) if field.type == "table"}
        found = every.get(ledger.table)
        yield from _missing(read, ("ledger", "table"), ledger.table, every)
        columns = {col.id for col in found.cols} if found is not None else set()
        for key in ("asked", "approved", "reason") if found is not None else ():
            yield from _missing(read, ("ledger", key), getattr(ledger, key), columns)
        if ledger.unit is not None:
            yield from _missing(read, ("ledger", "unit"), ledger.unit, matter.by_id)


def _market(read: Read, tables: dict[str, FormField]) -> Iterator[Flaw]:
    market = read.matter.market
    for part, table, columns in (("prices", "table", ("kind", "item", "price")), ("quotes", "table", ("supplier", "item", "said", "price")),
                                 ("quotes", "suppliers", ("supplier", "address"))) if market is not None else ():  # fmt: skip
        piece = getattr(market, part)
        found = tables.get(getattr(piece, table))
        yield from _missing(read, ("market", part, table), getattr(piece, table), tables)
        for key in columns if found is not None else ():
            yield from _missing(read, ("market", part, key), getattr(piece, key), {col.id for col in found.cols} if found else ())
    if market is not None:
        yield from _missing(read, ("market", "quotes", "files"), market.quotes.files, {one.id for one in read.matter.materials})


def _missing(read: Read, path: Path, name: str, among: Collection[str]) -> Iterator[Flaw]:
    if name not in among:
        yield read.flaw(path, problem("MATTER_FILE_NAME", what=_WHAT, name=name, known="、".join(sorted(among)) or "—"))


def _of_form(read: Read, path: Path, field: FormField) -> Iterator[Flaw]:
    """A table of the form stands beside no other, and only who follows a case takes something over."""
    wrong = field.like is not None or field.begins is not None or any(col.begins or col.like or col.prefill for col in field.cols)
    if wrong or (read.matter.parent is None and (field.prefill or "").startswith("parent.")):
        yield read.flaw(path, problem("MATTER_FILE_FIELD", name=field.id))


def _evidence(read: Read, path: Path, field: FormField) -> Iterator[Flaw]:
    """One column of a table at most names files, by whole numbers, of a material that is there and opens to judges who read the table."""
    columns = [(n, col) for n, col in enumerate(field.cols) if col.evidence is not None]
    if field.evidence is not None or len(columns) > 1:
        yield read.flaw(path, problem("MATTER_FILE_EVIDENCE", name=field.id))
    for n, col in columns:
        shut = [name for name, one in read.matter.review.items() if field.id in one.shows and col.evidence not in one.files]
        if col.type != "integer" or shut or col.evidence not in {one.id for one in read.matter.materials}:
            yield read.flaw((*path, "cols", n), problem("MATTER_FILE_EVIDENCE", name=col.id))


def _beside(read: Read, path: Path, field: FormField, tables: dict[str, FormField]) -> Iterator[Flaw]:
    """It has columns of the form's table and others of its own; a column begins as one that stands there."""
    source = tables.get(field.like or "")
    yield from _missing(read, (*path, "like"), field.like or "", tables)
    if source is None:
        return
    theirs, own = {col.id for col in source.cols}, {col.id for col in field.cols}
    if not own & theirs or not own - theirs:
        yield read.flaw(path, problem("MATTER_FILE_FIELD", name=field.id))
    for n, col in enumerate(field.cols):
        if col.begins is not None:
            yield from _missing(read, (*path, "cols", n, "begins"), col.begins, theirs)
