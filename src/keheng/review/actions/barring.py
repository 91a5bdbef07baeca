"""Why who must not sit where, written down when the pool is fixed: the draw, its published sheet and the list of reasons rest on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils.timezone import localdate

from keheng.directory.service import avoidance_among, organisations_for
from keheng.kernel.powers import Power, Principal, Reach
from keheng.review.models import Bar, Entry, Round
from keheng.review.queries.pools import panel_of
from keheng.review.rules.resting import served_lately

_SEES = Principal("review", powers=(Power("directory.organisation.see", Reach.ALL),))
# An expert, the reason in words, the record it comes from.
Told = tuple[int, str, str]


def write_bars(row: Round) -> None:
    """Facts of the directory on this day, whom applicants do not want, and who judged lately; part of the act around it."""
    panel, entries = panel_of(row), list(row.entries.filter(withdrawn_at=None).order_by("pk"))
    named = _units_named(entries)
    units = {entry.unit_id for entry in entries if entry.unit_id is not None} | set(named.values())
    known = avoidance_among([one.expert for one in panel], units, {person for entry in entries for person in entry.people}, localdate())
    by_unit, by_person = defaultdict(list), defaultdict(list)
    for (expert, unit), reasons in known.units.items():
        by_unit[unit].append((expert, reasons))
    for (expert, person), reasons in known.people.items():
        by_person[person].append((expert, reasons))
    seat_of = {one.expert_id: one for one in panel}
    experts = {one.expert_id: _plain(one.expert.person.name) for one in panel}
    of_unit = {name: {expert for expert, _ in by_unit[unit]} for name, unit in named.items()}
    resting = [(expert, f"最近 {row.rests} 轮同类评审中担任过评委（{last.number}）", f"served:{last.pk}")
               for expert, last in served_lately(row).items() if expert in seat_of]  # fmt: skip
    bars: dict[tuple[int, int, str], Bar] = {}
    for entry in entries:
        touching = [
            *(by_unit[entry.unit_id] if entry.unit_id is not None else ()),
            *(pair for who in entry.people for pair in by_person[who]),
        ]
        told = [(expert, reason.zh, reason.fact) for expert, reasons in touching for reason in reasons]
        told += [(expert, "申报方申请回避", f"excluded:{expert}") for expert in entry.excluded if expert in seat_of]
        for expert, zh, fact in [*told, *_unwanted(entry, experts, of_unit), *resting]:
            bars[entry.pk, expert, fact] = Bar(entry=entry, panelist=seat_of[expert], reason=zh[:300], fact=fact[:60])
    Bar.objects.bulk_create(bars.values())
    # What applicants wrote has done its work: names of people are not kept twice.
    row.entries.exclude(unwanted=[]).update(unwanted=[])


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _units_named(entries: Sequence[Entry]) -> dict[str, int]:
    """The units of the directory that applicants name, by name without spaces."""
    names = {unit.strip() for entry in entries for _, unit, _ in entry.unwanted if unit.strip()}
    rows = organisations_for(_SEES).filter(name__in=names).order_by("-pk").values_list("name", "pk")
    return {_plain(name): pk for name, pk in rows}


def _unwanted(entry: Entry, experts: Mapping[int, str], of_unit: Mapping[str, set[int]]) -> Iterator[Told]:
    """Judges whom the applicant named: by the person, by the unit and those related to it, or by both."""
    for name, unit, reason in entry.unwanted:
        who, where = _plain(name), _plain(unit)
        near = of_unit.get(where, set())
        for expert, called in experts.items():
            if (who or where) and who in {"", called} and (not where or expert in near):
                yield expert, f"申报方申请回避：{reason.strip()}" if reason.strip() else "申报方申请回避", f"named:{expert}"
