"""Whether a person, a post or a relation may be entered: all problems at once.

Problems name no person and repeat no number: refusals stand on the trail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from keheng.directory.enums import PersonStatus
from keheng.directory.models import Affiliation, Organisation, Person
from keheng.directory.rules.numbers import id_problems, phone_problems
from keheng.directory.rules.organisations import active_problems, span_problems
from keheng.kernel.errors import Problem, problem
from keheng.kernel.trail.record import mark

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is said of a person, numbers in their normal form; '' where nothing is known."""

    name: str
    id_number: str = ""
    phone: str = ""
    email: str = ""
    born_on: date | None = None


def person_problems(facts: PersonFacts, but: int = 0) -> list[Problem]:
    """What is wrong with the facts, and whether somebody else has the id number."""
    found: list[Problem] = []
    if not facts.name:
        found.append(problem("DIR_PERSON_NAME", "name"))
    elif len(facts.name) > LONGEST_NAME:
        found.append(problem("DIR_TOO_LONG", "name", most=LONGEST_NAME))
    if facts.id_number:
        wrong = id_problems(facts.id_number, "id_number")
        if not wrong and Person.objects.filter(id_mark=mark(facts.id_number)).exclude(pk=but).exists():
            wrong.append(problem("DIR_PERSON_KNOWN", "id_number"))
        found += wrong
    if facts.phone:
        found += phone_problems(facts.phone, "phone")
    if facts.email:
        try:
            validate_email(facts.email)
        except ValidationError:
            found.append(problem("DIR_EMAIL_SHAPE", "email"))
    return found


def active_person_problems(person: Person) -> list[Problem]:
    """A merged record changes no more."""
    return [] if person.status == PersonStatus.ACTIVE else [problem("DIR_PERSON_MERGED")]


def affiliation_problems(new: Affiliation) -> list[Problem]:
    """What forbids a post: a record that is over, days the wrong way round, the same post at the same time."""
    found = [*active_person_problems(new.person), *active_problems(new.organisation), *span_problems(new.since, new.until)]
    same = Affiliation.objects.filter(person=new.person, organisation=new.organisation, position=new.position)
    if not found and same.filter(since__lt=new.until or date.max).exclude(until__lte=new.since).exists():
        found.append(problem("DIR_POST_TWICE", "position", organisation=new.organisation.name))
    return found


def sides_problems(one: Organisation | Person, organisation: Organisation | None, person: Person | None, source: str) -> list[Problem]:
    """A relation has exactly one other side, which is not the first, and a source."""
    found: list[Problem] = []
    if (organisation is None) == (person is None):
        found.append(problem("DIR_ONE_SIDE", "other"))
    elif one in (organisation, person):
        found.append(problem("DIR_OTHER_SIDE", "other"))
    if not source.strip():
        found.append(problem("DIR_SOURCE_MISSING", "source"))
    return found
