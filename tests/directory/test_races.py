"""Two at once: the database lets one through, and no circle closes between them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from directory.made_up import CLERK, DAY, SECOND, code, id_number, organisation, person
from django.db import connection

from keheng.directory.actions.experts import apply_expert, approve_expert
from keheng.directory.actions.organisations import facts_from, register_organisation
from keheng.directory.actions.people import add_affiliation, person_facts_from, register_person
from keheng.directory.actions.relations import add_control, set_parent
from keheng.directory.models import Affiliation, Control, Expert, Organisation, Person
from keheng.kernel.errors import Refused


def at_once(*acts) -> list[str]:
    """What came of each: 'done' or the code of the refusal."""
    together = Barrier(len(acts))

    def run(act):
        together.wait()
        try:
            act()
        except Refused as refused:
            return refused.problems[0].code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_a_code_and_an_id_number_are_taken_once(fresh):
    facts = [
        facts_from(name=f"{name}有限公司", kind="enterprise", district="990102", code=code(1))
        for name in ("明光材料", "西岭软件", "石桥食品")
    ]
    assert at_once(*(lambda one=one: register_organisation(actor=CLERK, facts=one) for one in facts)) == ["DIR_CODE_TAKEN"] * 2 + ["done"]
    assert Organisation.objects.count() == 1
    numbers = [person_facts_from(name=name, id_number=id_number(1)) for name in ("陈一", "陈二")]
    assert at_once(*(lambda one=one: register_person(actor=CLERK, facts=one) for one in numbers)) == ["DIR_PERSON_KNOWN", "done"]
    assert Person.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_two_parents_at_once_close_no_circle(fresh, attempt):
    one, two = organisation("甲中心", 1), organisation("乙中心", 2)
    assert at_once(
        lambda: set_parent(actor=CLERK, organisation=one.pk, parent=two.pk),
        lambda: set_parent(actor=CLERK, organisation=two.pk, parent=one.pk),
    ) == ["DIR_PARENT_CYCLE", "done"]
    assert Organisation.objects.filter(parent__isnull=False).count() == 1


def test_shares_held_at_once_never_pass_all(fresh):
    held, *owners = (organisation(f"{name}中心", number) for number, name in enumerate("甲乙丙丁"))
    came = at_once(*(lambda one=one: add_control(actor=CLERK, owner=one.pk, controlled=held.pk, share=40, since=DAY) for one in owners))
    assert came == ["DIR_SHARES_ABOVE_ALL", "done", "done"]
    assert Control.objects.count() == 2


def test_a_post_is_entered_once_and_an_expert_let_in_once(fresh):
    unit, somebody = organisation("甲中心", 1), person("陈一", 1)
    posts = [lambda: add_affiliation(actor=CLERK, person=somebody.pk, organisation=unit.pk, position="主任", since=DAY)] * 3
    assert at_once(*posts) == ["DIR_POST_TWICE"] * 2 + ["done"]
    assert Affiliation.objects.count() == 1
    expert = apply_expert(actor=CLERK, person=somebody.pk, title="", fields=["520.10"])
    assert at_once(*[lambda: approve_expert(actor=SECOND, expert=expert.pk)] * 2) == ["DIR_EXPERT_STATE", "done"]
    assert Expert.objects.get().state == "pool"
