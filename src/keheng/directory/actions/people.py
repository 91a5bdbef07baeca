"""People are registered and changed; their posts begin and end."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from keheng.directory.events import AffiliationEnded, PersonRegistered
from keheng.directory.models import Affiliation, Organisation, Person
from keheng.directory.rules.names import plain
from keheng.directory.rules.numbers import birth_of, normal_id, normal_phone
from keheng.directory.rules.organisations import ending_problems
from keheng.directory.rules.people import PersonFacts, active_person_problems, affiliation_problems, person_problems
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.trail.record import Actor, act, digest_of, mark, record


def person_facts_from(*, name: str, id_number: str = "", phone: str = "", email: str = "", born_on: date | None = None) -> PersonFacts:
    """What somebody typed, in the form in which it is checked and kept."""
    number = normal_id(id_number)
    return PersonFacts(
        name=" ".join(name.split()), id_number=number, phone=normal_phone(phone), email=email.strip().lower(), born_on=born_on
    )


@act("person.register", Refused)
def register_person(*, actor: Actor, facts: PersonFacts) -> Person:
    """Enter a person; raises Refused with everything wrong, also when somebody with the id number stands in the directory."""
    if found := person_problems(facts):
        raise Refused(found)
    new = Person(registered_on=localdate())
    _apply(new, facts)
    _save(new)
    record("person.register", actor=actor, target=f"person:{new.pk}", after=digest_of(state_of_person(new)))
    emit(PersonRegistered(new.pk))
    return new


@act("person.change", Refused)
def change_person(*, actor: Actor, person: int, facts: PersonFacts) -> Person:
    """Correct a person's facts; a number left blank stays as it was, for masked numbers are not typed again."""
    present = Person.objects.select_for_update().get(pk=person)
    before = digest_of(state_of_person(present))
    kept = PersonFacts(
        name=facts.name,
        id_number=facts.id_number or present.id_number,
        phone=facts.phone or present.phone,
        email=facts.email,
        born_on=facts.born_on or present.born_on,
    )
    if found := [*active_person_problems(present), *person_problems(kept, present.pk)]:
        raise Refused(found)
    _apply(present, kept)
    _save(present)
    record("person.change", actor=actor, target=f"person:{present.pk}", before=before, after=digest_of(state_of_person(present)))
    return present


def _apply(person: Person, facts: PersonFacts) -> None:
    person.name, person.name_plain = facts.name, plain(facts.name)
    person.id_number, person.id_mark = facts.id_number, mark(facts.id_number) if facts.id_number else None
    person.phone, person.phone_mark = facts.phone, mark(facts.phone) if facts.phone else ""
    person.email = facts.email
    person.born_on = facts.born_on or (birth_of(facts.id_number) if facts.id_number else None)


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        # Somebody entered the same person at the same moment; the database let one through.
        raise Refused(problem("DIR_PERSON_KNOWN", "id_number")) from error


def state_of_person(person: Person) -> dict[str, object]:
    """What the trail's digest is taken of: personal values only as marks."""
    return {
        "name": mark(person.name),
        "id": person.id_mark,
        "phone": person.phone_mark,
        "email": mark(person.email),
        "born_on": mark(str(person.born_on)),
        "status": person.status,
        "merged_into": person.merged_into_id,
    }


@act("affiliation.add", Refused)
def add_affiliation(
    *, actor: Actor, person: int, organisation: int, position: str = "", since: date, until: date | None = None
) -> Affiliation:
    """Enter a post; the same post twice at a time is refused."""
    new = Affiliation(
        person=Person.objects.get(pk=person), organisation=Organisation.objects.get(pk=organisation), position=position.strip(),
        since=since, until=until,
    )  # fmt: skip
    if found := affiliation_problems(new):
        raise Refused(found)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError as error:
        raise Refused(problem("DIR_POST_TWICE", "position", organisation=new.organisation.name)) from error
    after = digest_of({"organisation": organisation, "position": new.position, "since": since, "until": until})
    record("affiliation.add", actor=actor, target=f"person:{person}", after=after)
    return new


@act("affiliation.end", Refused)
def end_affiliation(*, actor: Actor, affiliation: int, until: date) -> Affiliation:
    """Somebody left a post: ``until`` is the first day on which they no longer hold it."""
    present = Affiliation.objects.select_for_update().get(pk=affiliation)
    if found := ending_problems(present.since, present.until, until):
        raise Refused(found)
    present.until = until
    present.save(update_fields=["until"])
    record("affiliation.end", actor=actor, target=f"person:{present.person_id}", after=digest_of({"until": until}))
    emit(AffiliationEnded(present.pk, present.person_id, present.organisation_id))
    return present
