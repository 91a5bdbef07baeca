"""What applicants do before and besides moves: open a case, answer its form, hand in files, change to a new version of the matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.directory.service import organisations_for
from keheng.kernel.accounts import accounts
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.kernel.uploads.places import Place
from keheng.kernel.uploads.receiving import take_upload
from keheng.matters.actions.editions import kept_edition
from keheng.matters.actions.forgetting import throw_away
from keheng.matters.actions.keeping import note_touched, put_answers
from keheng.matters.actions.moving import locked
from keheng.matters.actions.policy_cases import has_policy, hold_policy
from keheng.matters.enums import End
from keheng.matters.models import Case, Correction, Material, PolicyCase
from keheng.matters.queries.cases import cases_for, matter_of, own_cases, private_answers
from keheng.matters.queries.following import inherited, taken_over
from keheng.matters.queries.guides import OFFICE
from keheng.matters.queries.policies.judging import known_facts
from keheng.matters.rules.acting import applies_in, unit_applied_for
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import in_force, matter_of_text
from keheng.matters.rules.flow.situation import begun, closed_now
from keheng.matters.rules.form.answers import settled, take
from keheng.matters.rules.validity import NO_DATE, Validity, validity_problems

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of answers that were saved: their new marks, and of fields that somebody else changed meanwhile what stands there."""

    marks: Mapping[str, int]
    conflicts: Mapping[str, Any]


@act("case.open", Refused)
def open_case(*, actor: Principal, matter: str, parent: int | None = None) -> Case:
    """Begin an application for oneself, or for the unit acted for; what is known is filled in."""
    read = in_force(matter, localdate())
    if read is None:
        raise Refused(problem("MATTER_UNKNOWN", name=matter[:80]))
    unit = unit_applied_for(actor)
    found = []
    if "unit" in read.matter.audience and "person" not in read.matter.audience and unit is None:
        found.append(problem("MATTER_FOR_UNITS"))
    if read.matter.audience == ("staff",) and not actor.may("matters.case.see"):
        found.append(problem("MATTER_FOR_STAFF"))
    # Outside of the days of its policy a matter is closed: nothing more is told of the policy then.
    found += closed_now(read.matter, localdate()) or has_policy(read.matter, unit)
    if (read.matter.parent is not None) != (parent is not None) or not _may_follow(actor, read.matter, parent):
        found.append(problem("MATTER_PARENT"))
    elif parent is not None and _has_followed(read.matter, parent):
        found.append(problem("MATTER_FOLLOWED", title=read.matter.title))
    if found:
        raise Refused(found)
    made = begin_case(actor, read, unit, Case.objects.select_related("edition").get(pk=parent) if parent is not None else None)
    record("case.open", actor=actor, target=f"case:{made.pk}", after=digest_of({"matter": matter, "edition": read.digest}))
    return made


def _may_follow(actor: Principal, matter: Matter, parent: int | None) -> bool:
    if matter.parent is None or parent is None:
        return parent is None
    near = cases_for(actor) if matter.kind == OFFICE else own_cases(actor)
    return near.filter(pk=parent, matter=matter.parent.matter, state__in=matter.parent.states).exists()


def _has_followed(matter: Matter, parent: int) -> bool:
    """Whether a matter that follows once has a case that goes on or was granted; the parent is locked, so that two do not begin at once."""
    if matter.parent is None or not matter.parent.once:
        return False
    locked(parent)
    return Case.objects.filter(parent=parent, matter=matter.id, end__in=["", End.GRANTED]).exists()


def begin_case(actor: Principal, read: Read, unit: int | None, parent: Case | None, *, offered: bool = False) -> Case:
    """The row of a case that begins, with what is known filled in; part of the acts around it. ``actor`` is who applies."""
    matter, today = read.matter, localdate()
    edition = kept_edition(read)
    at = begun(matter, today)
    known: dict[str, Any] = prefilled(actor, unit, today) | (taken_over(parent) if parent is not None else {})
    filled = {field.id: known[field.prefill] for field in matter.fields if field.prefill is not None and known.get(field.prefill)}
    sources = known_facts(matter, unit, today)
    filled |= {name: one.typed for name, one in sources.items()}
    answers = settled(matter.fields, take(matter.fields, filled) | inherited(matter, parent), today)
    case = Case(
        edition=edition, matter=matter.id, title=matter.title, applicant=actor.account, unit_id=unit, district=known["unit.district"],
        parent=parent, state=at.state, std=matter.start.std, entered_on=today, opened_at=now(), touched_at=now(),
    )  # fmt: skip
    put_answers(case, matter, answers)
    case.save()
    if matter.policy is not None and unit is not None:
        hold_policy(case, unit, matter.policy, sources, offered=offered)
    return case


def prefilled(actor: Principal, unit: int | None, today: date) -> dict[str, str]:
    """What ``prefill`` of a question may name, for whoever applies."""
    found = organisations_for(actor).filter(pk=unit).values("name", "credit_code", "district").first() if unit else None
    return {
        "unit.name": found["name"] if found else "",
        "unit.code": (found["credit_code"] or "") if found else "",
        "unit.district": found["district"] if found else "",
        "person.name": accounts().names([actor.account]).get(actor.account, ""),
        "today": today.isoformat(),
    }


def editable(case: Case, matter: Matter) -> frozenset[str]:
    """The questions and materials that the applicant may change now, by name: all, those that corrections ask for, or none."""
    typed = (one for one in matter.fields if one.formula is None and one.inherit is None and one.known != "shared")
    names = {one.id for one in typed} | {one.id for one in matter.materials}
    edit = matter.state_of[case.state].edit
    if edit != "asked":
        return frozenset(names if edit == "all" else ())
    latest = Correction.objects.filter(case=case, told__isnull=False).order_by("-told").values("told")[:1]
    targets = set(Correction.objects.filter(case=case, told__in=latest).values_list("target", flat=True))
    return frozenset(names if WHOLE in targets else names & targets)


def save_answers(*, actor: Principal, case: int, typed: Mapping[str, Any], seen: Mapping[str, int]) -> Saved:
    """Keep answers field by field as they are typed; raises Refused where the applicant may not write now.

    ``seen`` are the marks the page was made with. A field that somebody else changed meanwhile keeps what stands there, and is told.
    Saving a form leaves no entry on the trail, as drafts do: the move that hands it in does.
    """
    with transaction.atomic():
        row = locked(case)
        matter = matter_of(row)
        if not applies_in(actor, row):
            raise Refused(problem("MATTER_CASE_GONE"))
        open_now = editable(row, matter)
        fields = tuple(field for field in matter.fields if field.id in typed and field.id in open_now)
        if typed and not open_now:
            raise Refused(problem("MATTER_CLOSED", state=matter.state_of[row.state].title))
        return _saved(row, matter, take(fields, typed), seen)


def _saved(row: Case, matter: Matter, new: Mapping[str, Any], seen: Mapping[str, int]) -> Saved:
    answers, marks = {**row.answers, **private_answers(row)}, dict(row.marks)
    conflicts, changed = {}, False
    for name, value in new.items():
        stands = _as_typed(matter.by_id[name], answers.get(name))
        if value == stands:
            continue
        if marks.get(name, 0) != seen.get(name, 0):
            conflicts[name] = stands
            continue
        answers[name], marks[name], changed = value, marks.get(name, 0) + 1, True
    if changed:
        put_answers(row, matter, settled(matter.fields, answers, localdate()))
        row.marks, row.touched_at = marks, now()
        row.save(update_fields=["answers", "private", "subject", "marks", "touched_at"])
    return Saved({name: marks.get(name, 0) for name in new}, conflicts)


def _as_typed(field: FormField, kept: Any) -> Any:
    """A kept answer without its computed cells, to be compared with what is typed."""
    if field.type != "table" or not isinstance(kept, list):
        return kept
    computed = {col.id for col in field.cols if col.formula is not None}
    return [{name: value for name, value in row.items() if name not in computed} for row in kept]


@act("case.material", Refused)
def add_material(*, actor: Principal, case: int, code: str, upload: UUID, place: Place, valid: Validity = NO_DATE) -> Material:
    """Hand a complete upload in for a material, with how long it is valid where the matter asks for that."""
    row = locked(case)
    matter = matter_of(row)
    asked = next((one for one in matter.materials if one.id == code), None)
    if not applies_in(actor, row) or asked is None:
        raise Refused(problem("MATTER_CASE_GONE"))
    found = [] if code in editable(row, matter) else [problem("MATTER_CLOSED", state=matter.state_of[row.state].title)]
    found += validity_problems(asked, valid, localdate())
    if Material.objects.filter(case=row, code=code, removed_at=None).count() >= asked.max:
        found.append(problem("MATTER_MATERIAL_MANY", f"material-{code}", title=asked.title, most=asked.max))
    if found:
        raise Refused(found)
    file = take_upload(actor=actor, number=upload, place=place)
    ending = file.name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if ending not in asked.accept:
        raise Refused(problem("MATTER_MATERIAL_KIND", f"material-{code}", title=asked.title, kinds="、".join(asked.accept)))
    if file.size > asked.max_mb << 20:
        raise Refused(problem("MATTER_MATERIAL_BIG", f"material-{code}", title=asked.title, most=asked.max_mb))
    try:
        with transaction.atomic():
            made = Material.objects.create(
                case=row,
                code=code,
                name=file.name,
                file_id=file.digest,
                by=actor.account,
                at=now(),
                valid_until=None if valid.endless else valid.until,
                endless=valid.endless,
            )
    except IntegrityError:
        raise Refused(problem("MATTER_MATERIAL_TWICE", f"material-{code}", name=file.name)) from None
    note_touched(row)
    record("case.material", actor=actor, target=f"case:{case}", after=digest_of({"code": code, "file": file.digest}))
    return made


@act("case.material.remove", Refused)
def remove_material(*, actor: Principal, case: int, material: int) -> None:
    """Take a file back; it stays on the record."""
    row = locked(case)
    matter = matter_of(row)
    found = Material.objects.filter(case=row, pk=material, removed_at=None).first()
    if not applies_in(actor, row) or found is None:
        raise Refused(problem("MATTER_CASE_GONE"))
    if found.code not in editable(row, matter):
        raise Refused(problem("MATTER_CLOSED", state=matter.state_of[row.state].title))
    Material.objects.filter(pk=found.pk).update(removed_at=now())
    note_touched(row)
    record("case.material.remove", actor=actor, target=f"case:{case}", before=digest_of({"code": found.code, "file": found.file_id}))


@act("case.renew", Refused)
def renew_draft(*, actor: Principal, case: int, digest: str) -> Case:
    """Move a draft to the version in force, whose difference the applicant has seen (``digest``); answers that still fit stay."""
    row = locked(case)
    if not applies_in(actor, row):
        raise Refused(problem("MATTER_CASE_GONE"))
    read, old = in_force(row.matter, localdate()), matter_of(row)
    if read is None or read.digest != digest or row.edition_id == digest:
        raise Refused(problem("MATTER_VERSION_SEEN"))
    if row.submitted_at is not None or row.state != old.start.id:
        raise Refused(problem("MATTER_CLOSED", state=old.state_of[row.state].title))
    edition = kept_edition(read)
    matter, before = matter_of_text(read.text), {**row.answers, **private_answers(row)}
    kept = {name: value for name, value in before.items() if name in {field.id for field in matter.fields}}
    put_answers(row, matter, settled(matter.fields, kept, localdate()))
    row.edition, row.title, row.state, row.std = edition, matter.title, matter.start.id, matter.start.std
    row.touched_at = now()
    row.marks = {name: count for name, count in row.marks.items() if name in kept}
    if matter.policy is not None:
        PolicyCase.objects.filter(case=row).update(version=matter.policy.version)
    row.save(update_fields=["answers", "private", "subject", "edition", "title", "state", "std", "marks", "touched_at"])
    record(
        "case.renew", actor=actor, target=f"case:{case}", before=digest_of({"edition": old.version}), after=digest_of({"edition": digest})
    )
    return row


@act("case.discard", Refused)
def discard_draft(*, actor: Principal, case: int) -> None:
    """Throw a draft away that was never submitted."""
    row = locked(case)
    if not applies_in(actor, row) or row.submitted_at is not None or row.version:
        raise Refused(problem("MATTER_CASE_GONE"))
    throw_away(Case.objects.filter(pk=case))
    record("case.discard", actor=actor, target=f"case:{case}")
