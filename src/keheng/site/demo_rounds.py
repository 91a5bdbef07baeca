"""Demo cases on their way through reviews, by the acts themselves: units and judges have accounts that nobody signs in to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from django.utils.timezone import now

from keheng.directory.service import organisations_for
from keheng.kernel.accounts import accounts
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor
from keheng.kernel.uploads.receiving import store
from keheng.matters.models import Case, Material
from keheng.matters.queries.cases import loaded, matter_of
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.printing import application_pdf
from keheng.matters.service import MoveWish, move_case, open_case, save_answers
from keheng.review.enums import SeatState, rubric_from
from keheng.review.models import Entry, Round, Seat
from keheng.review.queries.pools import in_pool
from keheng.review.service import (
    Call,
    call_judges,
    combine_round,
    commit_draw,
    reveal_draw,
    standings_of,
    state_independence,
    submit_scores,
)

_OPINIONS = ("依据充分，指标可以核对。", "路线可行，建议补充用户证明。", "成果清楚，分工还可以更细。")
_UNIT_POWERS = ("matters.case.apply", "matters.case.confirm", "directory.organisation.see")
_SPARE = 2


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts for the office: window, case officer, leader."""

    clerk: Principal
    officer: Principal
    leader: Principal


@dataclass(frozen=True, slots=True)
class Firm:
    """Who acts for a unit: the one who applies, and the one who checks."""

    applicant: Principal
    checker: Principal
    name: str
    code: str


def demo_office() -> Office:
    """The accounts of the demo that act for the office."""
    logins = ("demo.window.clerk", "demo.case.officer", "demo.leader")
    clerk, officer, leader = (accounts().principal(accounts().find(login), "") for login in logins)
    return Office(clerk, officer, leader)


def demo_firms(most: int) -> list[Firm]:
    """Units that apply; the first is the one the demo's own accounts act for."""
    units = organisations_for(Principal("demo", powers=(Power("directory.organisation.see", Reach.ALL),)))
    rows = list(units.filter(status="active", kind="enterprise").order_by("pk").values_list("pk", "name", "credit_code")[:most])
    found = [Firm(_acting(f"demo-firm-{pk}", pk), _acting(f"demo-check-{pk}", pk), name, code or "") for pk, name, code in rows]
    member, manager = accounts().find("demo.unit.member"), accounts().find("demo.unit.manager")
    pk, name, code = rows[0]
    own = Firm(accounts().principal(member, str(pk)), accounts().principal(manager, str(pk)), name, code or "")
    return [own, *found[1:]]


def _acting(account: str, unit: int) -> Principal:
    return Principal(account, unit=str(unit), powers=tuple(Power(one, Reach.UNIT, unit=unit) for one in _UNIT_POWERS))


def begin(actor: Principal, matter: str, typed: Mapping[str, Any], parent: Case | None = None) -> Case:
    """A draft with its answers, and as many files for every material as are asked for."""
    case = open_case(actor=actor, matter=matter, parent=parent.pk if parent is not None else None)
    save_answers(actor=actor, case=case.pk, typed=typed, seen=case.marks)
    case.refresh_from_db()
    asked = [one for one in matter_of(case).materials if one.need != "optional"]
    text = application_pdf(loaded(case)) if asked else b""
    # What follows the end of a PDF is not shown: each copy is a file of its own.
    files = [store().keep(BytesIO(text + b"%" * copy), MATERIAL.limits) for copy in range(max((one.min for one in asked), default=0))]
    Material.objects.bulk_create(
        Material(case=case, code=one.id, name=f"{one.title}.pdf", file_id=file.digest, by=actor.account, at=now())
        for one in asked
        for file in files[: one.min]
    )
    return case


def do(actor: Principal, case: Case, move: str, *, opinion: str = "同意。", **typed: Any) -> Case:
    """A move, signed where it must be."""
    return move_case(actor=actor, case=case.pk, wish=MoveWish(move, case.version, typed, opinion, signed=True))


def round_of(case: Case) -> Round:
    """The latest round a case is in."""
    return Round.objects.get(pk=standings_of(f"case:{case.pk}")[0].round)


def draw_judges(officer: Principal, row: Round, *, offset: int = 0, first_account: str = "") -> Round:
    """Call judges of each kind from the pool, let them state their independence, and draw."""
    pool = list(in_pool().order_by("pk").values_list("pk", flat=True))
    entries = row.entries.count()
    # As many as all readings of a kind take, where a judge reads no more than so many.
    wanted = [kind for kind, count in row.seats.items() for _ in range(max(count, -(-entries * count // row.most)) + _SPARE)]
    chosen = [pool[(offset + place) % len(pool)] for place in range(len(wanted))]
    names = [f"demo-judge-{row.pk}-{place:02}" for place in range(len(wanted))]
    names[0] = first_account or names[0]
    calls = [Call(expert, name, kind) for expert, name, kind in zip(chosen, names, wanted, strict=True)]
    for one in call_judges(actor=officer, pk=row.pk, calls=calls):
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit_draw(actor=officer, pk=row.pk)
    reveal_draw(actor=officer, pk=row.pk)
    row.refresh_from_db()
    return row


def read_entries(row: Round, random: Random, *, leave: Sequence[str] = ()) -> None:
    """Readings around a quality of each entry and a strictness of each judge; ``leave`` are accounts that have not read yet."""
    criteria = rubric_from(row.rubric).criteria
    good = {
        pk: random.gauss(8.3 - 0.22 * place, 0.3) for place, pk in enumerate(Entry.objects.filter(round=row).values_list("pk", flat=True))
    }
    strict: dict[int, float] = {}
    seats = Seat.objects.filter(entry__round=row, state=SeatState.OPEN).exclude(panelist__account__in=leave)
    for seat in seats.select_related("panelist").order_by("pk"):
        level = good[seat.entry_id] + strict.setdefault(seat.panelist_id, random.gauss(0, 0.4))
        points = {one.code: Decimal(round(min(10.0, max(0.0, random.gauss(level, 0.5))) * 2)) / 2 for one in criteria}
        submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points=points, comment=random.choice(_OPINIONS))


def judge(officer: Principal, row: Round, random: Random, *, offset: int = 0) -> Round:
    """Draw, read and combine: the round has its results."""
    draw_judges(officer, row, offset=offset)
    read_entries(row, random)
    return combine_round(actor=officer, pk=row.pk)
