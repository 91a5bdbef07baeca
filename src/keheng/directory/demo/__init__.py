"""Demo records: the directory of the invented city Yunling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from django.db import transaction
from django.db.models import Model

from keheng.directory.actions.publishing import publish
from keheng.directory.demo.city import LAST_DAY, City, Fault, Scale, Unit, invented
from keheng.directory.enums import ExpertState, Status
from keheng.directory.models import (
    Affiliation,
    AvoidanceFact,
    Control,
    Expert,
    ExpertField,
    Organisation,
    OrganisationName,
    Person,
    RelatedParty,
)
from keheng.directory.rules.names import core, plain
from keheng.directory.rules.numbers import birth_of
from keheng.kernel.trail.record import SYSTEM, digest_of, mark, record

__all__ = ["Fault", "faults", "load"]

M = TypeVar("M", bound=Model)
Progress = Callable[[str, int, int], None]
_PROPOSER, _APPROVER = "demo-proposer", "demo-approver"
_BATCH = 500


def faults(scale: str) -> list[Fault]:
    """What is wrong on purpose with the records of a scale (``small`` or ``full``), by names."""
    return list(invented(cast("Scale", scale)).faults)


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty directory; ``progress`` hears what is being written, how much is done and of how much.

    One entry stands on the trail for all of it: nobody did these acts.
    """
    city = invented(cast("Scale", scale))
    with transaction.atomic():
        units = _write("单位", [_organisation(unit) for unit in city.units], progress)
        below = [place for place, unit in enumerate(city.units) if unit.parent is not None]
        for place in below:
            units[place].parent = units[cast("int", city.units[place].parent)]
        Organisation.objects.bulk_update([units[place] for place in below], ["parent"], batch_size=_BATCH)
        _write("名称", [name for unit, row in zip(city.units, units, strict=True) for name in _names(unit, row)], progress)
        _write("持股", [
            Control(owner=units[owner], controlled=units[controlled], share=share, since=since, source="章程（演示）")
            for owner, controlled, share, since in city.holdings
        ], progress)  # fmt: skip
        people = _people(city, units, progress)
        _experts(city, units, people, progress)
        _write("关联方", [
            RelatedParty(organisation=units[one], other=units[other], kind=kind, since=since, source="年度报告（演示）")
            for one, other, kind, since in city.parties
        ], progress)  # fmt: skip
        publish([one.pk for one in units])
        record("demo.directory", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"units": len(units), "people": len(people)}))


def _write(what: str, rows: Sequence[M], progress: Progress) -> list[M]:
    made: list[M] = []
    for begin in range(0, len(rows), _BATCH):
        part = rows[begin : begin + _BATCH]
        made += type(part[0])._base_manager.bulk_create(part)  # noqa: SLF001 -- the documented manager of any model
        progress(what, len(made), len(rows))
    return made


def _organisation(unit: Unit) -> Organisation:
    return Organisation(
        credit_code=unit.code or None, code_given=unit.code_given, name=unit.name, name_core=core(unit.name), kind=unit.kind,
        district=unit.district, address=unit.address, address_plain=plain(unit.address), contact_phone=unit.phone,
        phone_mark=mark(unit.phone), registered_on=unit.since, remark=unit.remark, closed_on=unit.closed_on,
        status=Status.CLOSED if unit.closed_on else Status.ACTIVE,
    )  # fmt: skip


def _names(unit: Unit, row: Organisation) -> list[OrganisationName]:
    since = unit.since
    found: list[OrganisationName] = []
    for former, until in unit.former:
        found.append(OrganisationName(organisation=row, name=former, plain=plain(former), since=since, until=until))
        since = until
    return [*found, OrganisationName(organisation=row, name=unit.name, plain=plain(unit.name), since=since)]


def _people(city: City, units: Sequence[Organisation], progress: Progress) -> list[Person]:
    people = _write("人员", [
        Person(
            name=one.name, name_plain=plain(one.name), id_number=one.id_number, id_mark=mark(one.id_number) if one.id_number else None,
            phone=one.phone, phone_mark=mark(one.phone), born_on=birth_of(one.id_number) if one.id_number else None,
            registered_on=min(since for _, _, since, _ in one.posts),
        )
        for one in city.people
    ], progress)  # fmt: skip
    _write("任职", [
        Affiliation(person=person, organisation=units[unit], position=position, since=since, until=until)
        for one, person in zip(city.people, people, strict=True)
        for unit, position, since, until in one.posts
    ], progress)  # fmt: skip
    return people


def _experts(city: City, units: Sequence[Organisation], people: Sequence[Person], progress: Progress) -> None:
    rows = []
    for place, title, state, _ in city.experts:
        entered = None if state == ExpertState.APPLIED else people[place].registered_on
        rows.append(Expert(
            person=people[place], title=title, state=state, proposed_by=_PROPOSER, approved_by=_APPROVER if entered else "",
            entered_on=entered, left_on=LAST_DAY if state == ExpertState.LEFT else None,
            reason="" if state in {ExpertState.POOL, ExpertState.APPLIED} else "演示",
        ))  # fmt: skip
    experts = _write("专家", rows, progress)
    _write("专业领域", [
        ExpertField(expert=expert, code=code) for expert, (*_, codes) in zip(experts, city.experts, strict=True) for code in codes
    ], progress)  # fmt: skip
    _write("回避事实", [
        AvoidanceFact(person=people[place], organisation=units[unit], kind=kind, since=since, source="申报表（演示）")
        for place, unit, kind, since in city.facts
    ], progress)  # fmt: skip
