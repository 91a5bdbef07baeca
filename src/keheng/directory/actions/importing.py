"""Organisations from a sheet: the same checks as one by one, all rows or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from os import PathLike

from keheng.directory.actions.organisations import NOTHING, facts_from, register_organisation
from keheng.directory.enums import districts, kinds
from keheng.directory.rules.organisations import LONGEST_ADDRESS, LONGEST_NAME, shape_problems, taken_problems, unanswered
from keheng.kernel.errors import Refused, problem
from keheng.kernel.spreadsheets import Column, Fault, Import, Row, Sheet, read_rows
from keheng.kernel.trail.record import Actor, act, digest_of, record


def organisation_sheet() -> Sheet:
    """The sheet that is filled in and imported."""
    return Sheet("单位", _columns(), unique=("code",))


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", "统一社会信用代码", "credit_code", aliases=("信用代码",)),
        Column("name", "单位名称", required=True, longest=LONGEST_NAME, aliases=("名称", "单位全称")),
        Column("kind", "单位类型", "choice", required=True, choices=tuple((kind.code, kind.zh) for kind in kinds().values())),
        Column("district", "区县", "choice", required=True, choices=tuple(districts().items()), aliases=("所在区县",)),
        Column("address", "地址", longest=LONGEST_ADDRESS),
        Column("phone", "联系电话"),
    )


def check_sheet(data: bytes | str | PathLike[str], reaches: Callable[[str], bool], accepted: frozenset[str] = NOTHING) -> Import:
    """Rows of a file with everything wrong in them, against the directory too; ``reaches`` tells districts one may enter units in.

    Raises Refused for a file that is no such sheet.
    """
    outcome = read_rows(data, organisation_sheet())
    faulty = {fault.row for fault in outcome.problems}
    headers = {column.name: column.header_zh for column in _columns()}
    found = list(outcome.problems)
    for row in outcome.rows:
        if row.number in faulty:
            continue
        facts = facts_from(**row.values)
        wrong = unanswered([*shape_problems(facts), *taken_problems(facts)], accepted)
        if not reaches(facts.district):
            wrong.append(problem("DIR_DISTRICT_OUTSIDE", "district"))
        for one in wrong:
            field = one.field if one.field in outcome.places else "name"
            found.append(Fault(row.number, headers[field], str(row.values[field] or ""), replace(one, field=field)))
    return replace(outcome, problems=tuple(sorted(found, key=lambda fault: fault.row)))


@act("organisation.import", Refused)
def import_organisations(*, actor: Actor, rows: tuple[Row, ...], accepted: frozenset[str] = NOTHING) -> int:
    """Register every row, or none; how many. Raises Refused when one that was good when it was checked no longer is."""
    # Rows of one sheet may resemble each other; that was for whoever filled it in to see.
    both = accepted | {"DIR_NAME_ALIKE"}
    made = [register_organisation(actor=actor, facts=facts_from(**row.values), accepted=both).pk for row in rows]
    record("organisation.import", actor=actor, target="organisations", after=digest_of({"made": made}))
    return len(made)
