"""The members of a case's package: application, materials, outputs, letters, events with opinions, metadata.

Sealed answers go in as they are sealed in the database: they open with this installation's keys alone, and stand nowhere in plain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath

from django.db import connection
from django.utils.timezone import localtime
from lxml import etree

from keheng.kernel.accounts import accounts
from keheng.kernel.uploads.receiving import clean_name, store
from keheng.matters.enums import End
from keheng.matters.models import Case, CaseEvent, Correction, Letter, Material, Output
from keheng.matters.queries.cases import Loaded
from keheng.matters.queries.letters import letter_pdf
from keheng.matters.queries.printing import application_pdf
from keheng.matters.rules.archives.package import APPLICATION, EVENTS, METADATA, Member
from keheng.matters.rules.archives.policy import policy
from keheng.matters.rules.files.parts import Matter

_MONTHS_A_YEAR = 12


def keep_until(matter: Matter, ended: datetime) -> date:
    """The last day on which a case's archive must be kept: the file's ``archive`` term from its end."""
    return matter.archive.after(localtime(ended).date())


def members_of(one: Loaded) -> Iterator[Member]:
    """Everything but the manifest."""
    events = list(CaseEvent.objects.filter(case=one.case).order_by("version"))
    outputs = list(Output.objects.filter(case=one.case).order_by("pk"))
    materials = list(Material.objects.filter(case=one.case, removed_at=None).order_by("pk"))
    yield Member(APPLICATION, application_pdf(one, masked=True))
    yield Member(EVENTS, _events(one.case, events))
    yield Member("letters.xml", _letters(one.case))
    yield Member("materials.xml", _materials(one.matter, materials))
    yield Member("matter.yaml", one.case.edition.text.encode())
    if sealed := _sealed(one.case):
        yield Member("sealed.txt", sealed.encode())
    for number, row in enumerate(materials, 1):
        yield Member(_place(number, row), store().path(row.file_id))
    for number, output in enumerate(outputs, 1):
        yield Member(f"outputs/{number:02}-{output.code}.pdf", letter_pdf(output, whole=True))
    yield Member(METADATA, _metadata(one, events, len(materials), len(outputs)))


def _place(number: int, row: Material) -> str:
    """Where a material stands in the package."""
    return f"materials/{number:02}-{row.code}-{PurePosixPath(clean_name(row.name)).name}"


def _materials(matter: Matter, rows: list[Material]) -> bytes:
    """What each file is, and how long it was said to be valid."""
    titles = {one.id: one.title for one in matter.materials}
    root = etree.Element("materials")
    for number, row in enumerate(rows, 1):
        one = etree.SubElement(root, "material", file=_clean(_place(number, row)), title=titles.get(row.code, ""))
        if row.endless or row.valid_until is not None:
            one.set("valid", "长期有效" if row.valid_until is None else row.valid_until.isoformat())
    return _text(root)


def _sealed(case: Case) -> str:
    """The sealed answers as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM matters_case WHERE id = %s", [case.pk])
        return str(cursor.fetchone()[0] or "")


def _text(root: etree._Element) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _clean(text: str) -> str:
    """What XML may hold: no control characters but tabs and line ends."""
    return "".join(one for one in text if one in "\t\n" or one.isprintable())


def _metadata(one: Loaded, events: list[CaseEvent], materials: int, outputs: int) -> bytes:
    case, matter = one.case, one.matter
    ended = case.ended_at or case.opened_at
    steps = dict.fromkeys(matter.state_of[event.after].std for event in events if event.after in matter.state_of)
    facts: Mapping[str, object] = {
        "matter_id": matter.code or matter.id,
        "matter_title": matter.title,
        "matter_version": matter.version.isoformat(),
        "edition": case.edition_id,
        "case_number": case.number or "",
        "applicant": case.applicant,
        "unit_name": case.unit.name if case.unit is not None else "",
        "unit_code": (case.unit.credit_code or "") if case.unit is not None else "",
        "submitted_at": (case.submitted_at or case.opened_at).isoformat(timespec="seconds"),
        "ended_at": ended.isoformat(timespec="seconds"),
        "result": End(case.end).label if case.end else "",
        "steps": "、".join(steps),
        "keep_years": f"{matter.archive.count / _MONTHS_A_YEAR:g} 年",
        "keep_until": keep_until(matter, ended).isoformat(),
        "events": len(events),
        "materials": materials,
        "outputs": outputs,
    }
    root = etree.Element("archive", standard="GB/T 42727-2023", elements="unconfirmed")
    for name, label in policy()["elements"].items():
        etree.SubElement(root, "element", id=name, name=label).text = _clean(str(facts[name]))
    return _text(root)


def _events(case: Case, events: list[CaseEvent]) -> bytes:
    names = accounts().names({account for event in events for account in (event.by, event.instead_of)} - {""})
    told: dict[int, list[Correction]] = {}
    for row in Correction.objects.filter(case=case, told__isnull=False).order_by("pk"):
        told.setdefault(int(row.told_id or 0), []).append(row)
    root = etree.Element("events", case=case.number or "")
    for event in events:
        one = etree.SubElement(
            root, "event", version=str(event.version), at=event.at.isoformat(timespec="seconds"), do=event.do, title=event.title,
            by=event.by, name=names.get(event.by, ""), role=event.role, instead_of=event.instead_of, before=event.before, after=event.after,
            signature=event.signature,
        )  # fmt: skip
        if event.opinion:
            etree.SubElement(one, "opinion").text = _clean(event.opinion)
        if event.given:
            etree.SubElement(one, "given").text = _clean(json.dumps(event.given, ensure_ascii=False, sort_keys=True))
        for row in told.get(event.pk, []):
            etree.SubElement(one, "correction", target=row.target).text = _clean(row.text)
    return _text(root)


def _letters(case: Case) -> bytes:
    root = etree.Element("letters", case=case.number or "")
    for row in Letter.objects.filter(case=case).order_by("pk"):
        one = etree.SubElement(root, "letter", side=row.side, at=row.at.isoformat(timespec="seconds"))
        one.text = _clean(row.text)
    return _text(root)
