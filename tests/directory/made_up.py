"""Records of a small invented city, for tests."""

from datetime import date

from keheng.directory.actions.organisations import facts_from, register_organisation
from keheng.directory.actions.people import person_facts_from, register_person
from keheng.directory.rules.numbers import id_check_digit
from keheng.kernel import credit_code
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor

CLERK, SECOND = Actor("101", "case_officer"), Actor("102", "case_officer")
DAY = date(2026, 3, 2)
EVERY_WARNING = frozenset({"DIR_NAME_ALIKE"})


def code(serial: int) -> str:
    return credit_code.make("9", "1", "990102", serial)


def organisation(name: str, serial: int | None = None, **more):
    values = {"kind": "enterprise", "district": "990102", "code": None if serial is None else code(serial)} | more
    on = values.pop("on", DAY)
    return register_organisation(actor=CLERK, facts=facts_from(name=name, **values), accepted=EVERY_WARNING, on=on)


def id_number(serial: int) -> str:
    first17 = f"99010219800101{serial:03}"
    return first17 + id_check_digit(first17)


def person(name: str, serial: int | None = None, **more):
    return register_person(actor=CLERK, facts=person_facts_from(name=name, id_number=id_number(serial) if serial else "", **more))


def codes_of(refused) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in refused.value.problems]


def principal(*powers: tuple, account: str = "101", unit: str = "") -> Principal:
    """A principal of (permission, reach, unit or district) powers."""
    made = []
    for permission, reach, *bound in powers:
        at = bound[0] if bound else None
        made.append(Power(permission, Reach(reach), unit=at if isinstance(at, int) else None, district=at if isinstance(at, str) else ""))
    return Principal(account=account, role="test", unit=unit, powers=tuple(made))
