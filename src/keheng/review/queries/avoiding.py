"""Why who must not sit where: one function for each source of reasons, each over all judges and entries of a round at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils.timezone import localdate

from keheng.directory.service import avoidance_among, organisations_for, years_before
from keheng.kernel.accounts import accounts
from keheng.kernel.powers import Power, Principal, Reach
from keheng.review.enums import parameter
from keheng.review.models import Bar, Entry, Panelist, Round
from keheng.review.rules.resting import served_lately
from keheng.review.rules.rounds import applying_among

_SEES = Principal("review", powers=(Power("directory.organisation.see", Reach.ALL),))
# Facts that judges and applicants told themselves: they count in later rounds too. What was carried over is not carried on.
DECLARED, EXCLUDED, NAMED = "declared", "excluded", "named"


@dataclass(frozen=True)
class Sides:
    """The judges and the entries of a round on the day its pool is fixed."""

    row: Round
    panel: Sequence[Panelist]
    entries: Sequence[Entry]
    day: date

    @cached_property
    def judge_of(self) -> Mapping[int, Panelist]:
        """Judges by expert."""
        return {one.expert_id: one for one in self.panel}

    @cached_property
    def units_named(self) -> Mapping[str, int]:
        """The units of the directory that applicants do not want, by name without spaces."""
        names = {unit.strip() for entry in self.entries for _, unit, _ in entry.unwanted if unit.strip()}
        rows = organisations_for(_SEES).filter(name__in=names).order_by("-pk").values_list("name", "pk")
        return {_plain(name): pk for name, pk in rows}

    @cached_property
    def by_unit(self) -> Mapping[int, list[tuple[int, str, str]]]:
        """What the directory knows between judges and units: expert, reason, fact."""
        return self._known[0]

    @cached_property
    def by_person(self) -> Mapping[int, list[tuple[int, str, str]]]:
        """The same between judges and people who apply."""
        return self._known[1]

    @cached_property
    def _known(self) -> tuple[Mapping[int, list[tuple[int, str, str]]], Mapping[int, list[tuple[int, str, str]]]]:
        units = {unit for entry in self.entries for unit in units_of(entry)} | set(self.units_named.values())
        people = {person for entry in self.entries for person in entry.people}
        known = avoidance_among([one.expert for one in self.panel], units, people, self.day)
        found = []
        for pairs in (known.units, known.people):
            by: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
            for (expert, other), reasons in pairs.items():
                by[other] += [(expert, one.zh, one.fact) for one in reasons]
            found.append(by)
        return found[0], found[1]

    def bar(self, entry: Entry, expert: int, reason: str, fact: str) -> Bar:
        """A reason, not saved yet."""
        return Bar(entry=entry, panelist=self.judge_of[expert], reason=reason[:300], fact=fact[:60])


def all_bars(row: Round, panel: Sequence[Panelist], entries: Sequence[Entry]) -> list[Bar]:
    """Every reason there is, each fact once for a judge and an entry; not saved."""
    sides = Sides(row, panel, entries, localdate())
    found = {(bar.entry_id, bar.panelist_id, bar.fact): bar for source in _SOURCES for bar in source(sides)}
    return list(found.values())


def units_of(entry: Entry) -> set[int]:
    """The applicant's organisation and the others whose judges keep away."""
    return {*entry.units, *([entry.unit_id] if entry.unit_id is not None else [])}


def _own(sides: Sides) -> Iterator[Bar]:
    """Who applies, and who may act for a unit that does."""
    applying = applying_among(sides.panel)
    acts_for = {one.expert_id: set(accounts().units(one.account)) for one in sides.panel}
    for entry in sides.entries:
        for one in applying(entry):
            yield sides.bar(entry, one.expert_id, "专家本人的申报", f"account:{one.pk}")
        for one in sides.panel:
            for unit in acts_for[one.expert_id] & units_of(entry):
                yield sides.bar(entry, one.expert_id, "专家的账号可以代表申报单位办事", f"acts:{unit}")


def _in_directory(sides: Sides) -> Iterator[Bar]:
    """Facts of the directory: posts, kin, advisers, work done together, related parties."""
    for entry in sides.entries:
        touching = [*(sides.by_unit.get(unit, ()) for unit in units_of(entry)), *(sides.by_person.get(who, ()) for who in entry.people)]
        for expert, reason, fact in (one for some in touching for one in some):
            yield sides.bar(entry, expert, reason, fact)


def _unwanted(sides: Sides) -> Iterator[Bar]:
    """Judges whom the applicant named: by the person, by the unit and those related to it, or by both."""
    names = {one.expert_id: _plain(one.expert.person.name) for one in sides.panel}
    near = {name: {expert for expert, _, _ in sides.by_unit.get(unit, ())} for name, unit in sides.units_named.items()}
    for entry in sides.entries:
        for expert in entry.excluded:
            if expert in sides.judge_of:
                yield sides.bar(entry, expert, "申报方申请回避", f"{EXCLUDED}:{expert}")
        for name, unit, reason in entry.unwanted:
            who, where = _plain(name), _plain(unit)
            for expert, called in names.items():
                if (who or where) and who in {"", called} and (not where or expert in near.get(where, set())):
                    said = f"申报方申请回避：{reason.strip()}" if reason.strip() else "申报方申请回避"
                    yield sides.bar(entry, expert, said, f"{NAMED}:{expert}")


def _earlier(sides: Sides) -> Iterator[Bar]:
    """What judges declared and applicants refused in earlier rounds, between the same expert and the same applicant."""
    since = years_before(sides.day, int(parameter("carried_years")))
    told = Q(fact__startswith=f"{DECLARED}:") | Q(fact__startswith=f"{EXCLUDED}:") | Q(fact__startswith=f"{NAMED}:")
    rows = Bar.objects.filter(told, panelist__expert__in=sides.judge_of, entry__round__opened_at__date__gte=since)
    before: dict[str, list[Bar]] = defaultdict(list)
    for bar in rows.exclude(entry__round=sides.row).select_related("entry__round", "panelist").defer("entry__document").order_by("pk"):
        for who in _applicants(bar.entry):
            before[who].append(bar)
    for entry in sides.entries:
        for bar in (bar for who in _applicants(entry) for bar in before[who]):
            yield sides.bar(entry, bar.panelist.expert_id, f"{bar.entry.round.number}：{bar.reason}", f"earlier:{bar.pk}")


def _applicants(entry: Entry) -> set[str]:
    """By what an applicant is known again: the unit, the people, the account of one who applies without a unit."""
    unit = {f"unit:{entry.unit_id}"} if entry.unit_id is not None else {f"account:{entry.account}"} if entry.account else set()
    return unit | {f"person:{number}" for number in entry.people}


def _resting(sides: Sides) -> Iterator[Bar]:
    """Who judged in the last rounds of the kind."""
    for expert, last in served_lately(sides.row).items():
        for entry in sides.entries if expert in sides.judge_of else ():
            reason = f"最近 {sides.row.rests} 轮同类评审中担任过评委（{last.number}）"
            yield sides.bar(entry, expert, reason, f"served:{last.pk}")


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


_SOURCES: tuple[Callable[[Sides], Iterator[Bar]], ...] = (_own, _in_directory, _unwanted, _earlier, _resting)
