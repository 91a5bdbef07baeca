"""Organisations are registered, changed, renamed, moved and closed."""

from __future__ import annotations

import unicodedata
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from keheng.directory.actions.publishing import publish
from keheng.directory.enums import NameUse, Status
from keheng.directory.events import OrganisationChanged, OrganisationClosed, OrganisationMoved, OrganisationRegistered, OrganisationRenamed
from keheng.directory.models import Affiliation, Control, Organisation, OrganisationName
from keheng.directory.models.spans import holds
from keheng.directory.rules.names import core, plain
from keheng.directory.rules.numbers import normal_phone
from keheng.directory.rules.organisations import (
    Facts,
    active_problems,
    rename_problems,
    shape_problems,
    taken_problems,
    unanswered,
)
from keheng.kernel import credit_code
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.trail.record import Actor, act, digest_of, mark, record

NOTHING: frozenset[str] = frozenset()


def facts_from(
    *, name: str, kind: str, district: str, code: str | None = None, address: str | None = None, phone: str | None = None
) -> Facts:
    """What somebody typed, in the form in which it is checked and kept."""
    return Facts(
        name=clean_name(name),
        kind=kind,
        district=district,
        code=credit_code.normalise(code or ""),
        address=(address or "").strip(),
        phone=normal_phone(phone or ""),
    )


def clean_name(name: str) -> str:
    """A name without blanks around it; full-width letters and digits become half-width, brackets Chinese ones."""
    half = unicodedata.normalize("NFKC", name)
    return " ".join(half.split()).replace("(", "（").replace(")", "）")


@act("organisation.register", Refused)
def register_organisation(
    *, actor: Actor, facts: Facts, accepted: frozenset[str] = NOTHING, on: date | None = None, since: date | None = None
) -> Organisation:
    """Enter an organisation; ``since`` is the day from which it bears its name, where known.

    Raises Refused with everything wrong; warnings whose codes are in ``accepted`` are passed over.
    """
    found = unanswered([*shape_problems(facts), *taken_problems(facts)], accepted)
    if found:
        raise Refused(found)
    new = Organisation(registered_on=on or localdate())
    _apply(new, facts)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError as error:
        # Somebody registered the same code at the same moment; the database let one through.
        raise Refused(problem("DIR_CODE_TAKEN", "code")) from error
    OrganisationName.objects.create(organisation=new, name=new.name, plain=plain(new.name), since=since)
    record("organisation.register", actor=actor, target=f"organisation:{new.pk}", after=digest_of(state_of(new)))
    publish([new.pk])
    emit(OrganisationRegistered(new.pk))
    return new


def _apply(organisation: Organisation, facts: Facts) -> None:
    organisation.name, organisation.name_core = facts.name, core(facts.name)
    organisation.kind, organisation.district = facts.kind, facts.district
    organisation.credit_code = facts.code or None
    organisation.address, organisation.address_plain = facts.address, plain(facts.address)
    organisation.contact_phone, organisation.phone_mark = facts.phone, mark(facts.phone) if facts.phone else ""


def state_of(organisation: Organisation) -> dict[str, object]:
    """What the trail's digest is taken of: every fact, the phone only as its mark."""
    return {
        "code": organisation.credit_code,
        "name": organisation.name,
        "kind": organisation.kind,
        "district": organisation.district,
        "parent": organisation.parent_id,
        "status": organisation.status,
        "merged_into": organisation.merged_into_id,
        "address": organisation.address,
        "phone": organisation.phone_mark,
        "closed_on": organisation.closed_on,
        "remark": organisation.remark,
    }


def locked(organisation: int) -> Organisation:
    """The record, held against other changes until the transaction ends."""
    return Organisation.objects.select_for_update().get(pk=organisation)


@act("organisation.change", Refused)
def change_organisation(*, actor: Actor, organisation: int, facts: Facts, accepted: frozenset[str] = NOTHING) -> Organisation:
    """Correct code, kind, address and phone; a phone left blank stays, for masked numbers are not typed again.

    Name and district have acts of their own and stay as they are.
    """
    present = locked(organisation)
    before = digest_of(state_of(present))
    phone = facts.phone or present.contact_phone
    kept = Facts(name=present.name, kind=facts.kind, district=present.district, code=facts.code, address=facts.address, phone=phone)
    found = [*active_problems(present), *shape_problems(kept)]
    if facts.code and Organisation.objects.filter(credit_code=facts.code).exclude(pk=present.pk).exists():
        found.append(problem("DIR_CODE_TAKEN", "code"))
    if found := unanswered(found, accepted):
        raise Refused(found)
    _apply(present, kept)
    if present.credit_code:
        present.code_given = ""
    try:
        with transaction.atomic():
            present.save()
    except IntegrityError as error:
        raise Refused(problem("DIR_CODE_TAKEN", "code")) from error
    record("organisation.change", actor=actor, target=f"organisation:{present.pk}", before=before, after=digest_of(state_of(present)))
    publish([present.pk])
    emit(OrganisationChanged(present.pk))
    return present


@act("organisation.rename", Refused)
def rename_organisation(*, actor: Actor, organisation: int, name: str, on: date) -> Organisation:
    """Give an organisation another registered name from a day on; the old one stays findable."""
    present = locked(organisation)
    before = digest_of(state_of(present))
    name = clean_name(name)
    borne = present.names.filter(use=NameUse.OFFICIAL, until__isnull=True).first()
    if found := rename_problems(present, name, on, borne.since if borne else None, localdate()):
        raise Refused(found)
    if borne:
        borne.until = on
        borne.save(update_fields=["until"])
    OrganisationName.objects.create(organisation=present, name=name, plain=plain(name), since=on)
    present.name, present.name_core = name, core(name)
    present.save(update_fields=["name", "name_core"])
    record("organisation.rename", actor=actor, target=f"organisation:{present.pk}", before=before, after=digest_of(state_of(present)))
    publish([present.pk])
    emit(OrganisationRenamed(present.pk))
    return present


@act("organisation.add_short_name", Refused)
def add_short_name(*, actor: Actor, organisation: int, name: str) -> OrganisationName:
    """Remember a short name by which people look for the organisation."""
    present, name = locked(organisation), clean_name(name)
    found = active_problems(present)
    if not name:
        found.append(problem("DIR_NAME_MISSING", "name"))
    if present.names.filter(name=name).exists():
        found.append(problem("DIR_NAME_SAME", "name"))
    if found:
        raise Refused(found)
    short = OrganisationName.objects.create(organisation=present, name=name, plain=plain(name), use=NameUse.SHORT)
    record("organisation.add_short_name", actor=actor, target=f"organisation:{present.pk}", after=digest_of({"name": name}))
    publish([present.pk])
    return short


@act("organisation.move", Refused)
def move_organisation(*, actor: Actor, organisation: int, district: str, address: str) -> Organisation:
    """An organisation moved to another district of the city."""
    present = locked(organisation)
    before, from_district = digest_of(state_of(present)), present.district
    facts = Facts(name=present.name, kind=present.kind, district=district, address=address.strip())
    found = [*active_problems(present), *shape_problems(facts)]
    if district == from_district:
        found.append(problem("DIR_DISTRICT_SAME", "district"))
    if found:
        raise Refused(found)
    present.district, present.address, present.address_plain = district, facts.address, plain(facts.address)
    present.save(update_fields=["district", "address", "address_plain"])
    record("organisation.move", actor=actor, target=f"organisation:{present.pk}", before=before, after=digest_of(state_of(present)))
    publish([present.pk])
    emit(OrganisationMoved(present.pk, from_district))
    return present


@act("organisation.close", Refused)
def close_organisation(*, actor: Actor, organisation: int, on: date, reason: str) -> Organisation:
    """An organisation was dissolved; posts and holdings that still run end with that day."""
    present = locked(organisation)
    before = digest_of(state_of(present))
    found = active_problems(present)
    if not reason.strip():
        found.append(problem("DIR_REASON_MISSING", "reason"))
    if on > localdate():
        found.append(problem("DIR_DAY_AHEAD", "on"))
    if found:
        raise Refused(found)
    present.status, present.closed_on = Status.CLOSED, on
    present.save(update_fields=["status", "closed_on"])
    # A span is never empty: what began on that very day stays as it was entered.
    Affiliation.objects.filter(holds(on), organisation=present, since__lt=on).update(until=on)
    Control.objects.filter(Q(owner=present) | Q(controlled=present), holds(on), since__lt=on).update(until=on)
    record(
        "organisation.close", actor=actor, target=f"organisation:{present.pk}", before=before, after=digest_of(state_of(present)),
        reason=reason.strip(),
    )  # fmt: skip
    emit(OrganisationClosed(present.pk))
    return present
