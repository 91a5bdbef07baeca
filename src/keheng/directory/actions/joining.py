"""A unit signs up with its first manager: organisation, person, post and account in one act."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.timezone import localdate

from keheng.access.service import account_problems, appoint_manager, open_account
from keheng.directory.actions.organisations import NOTHING, register_organisation
from keheng.directory.actions.people import add_affiliation, person_facts_from, register_person
from keheng.directory.models import Organisation
from keheng.directory.rules.organisations import Facts, shape_problems, taken_problems, unanswered
from keheng.directory.rules.people import person_problems
from keheng.kernel import credit_code
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record

POST = "单位管理员"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody types to sign a unit up. The password is in no digest and no text."""

    facts: Facts
    contact: str
    email: str
    login: str
    password: str
    agreed: bool
    accepted: frozenset[str] = NOTHING

    def __repr__(self) -> str:
        """Never the password."""
        return f"SignUp({self.facts.name!r})"


def sign_up_problems(typed: SignUp) -> list[Problem]:
    """Everything wrong with a sign-up: of the unit, the person, the account, and the missing agreement."""
    facts = typed.facts
    found = [*shape_problems(facts), *taken_problems(facts)]
    if not facts.code:
        found += credit_code.problems_of("", "code")
    if not facts.phone:
        found.append(problem("DIR_PHONE_SHAPE", "phone"))
    names = {"name": "contact"}
    told = {(one.code, one.field) for one in found}
    for one in person_problems(person_facts_from(name=typed.contact, phone=facts.phone)):
        if (one.code, one.field) not in told:
            found.append(replace(one, field=names.get(one.field, one.field)))
    # A missing name is told once, beside the contact's name.
    found += account_problems(typed.login, typed.email, typed.password, typed.contact or "-")
    if not typed.agreed:
        found.append(problem("DIR_AGREEMENT", "agreed"))
    return unanswered(found, typed.accepted)


@act("organisation.join", Refused)
def join(*, actor: Actor, typed: SignUp) -> Organisation:
    """Sign a unit up; whoever does it becomes its manager once the address is confirmed. Raises Refused with everything wrong."""
    if found := sign_up_problems(typed):
        raise Refused(found)
    unit = register_organisation(actor=actor, facts=typed.facts, accepted=typed.accepted)
    contact = register_person(actor=actor, facts=person_facts_from(name=typed.contact, phone=typed.facts.phone, email=typed.email))
    add_affiliation(actor=actor, person=contact.pk, organisation=unit.pk, position=POST, since=localdate())
    account = open_account(actor=actor, login=typed.login, email=typed.email, password=typed.password, name=contact.name, person=contact)
    appoint_manager(actor=Actor(str(account.pk), address=actor.address), account=account, unit=unit)
    record("organisation.join", actor=actor, target=f"organisation:{unit.pk}", after=digest_of({"account": account.pk}))
    return unit
