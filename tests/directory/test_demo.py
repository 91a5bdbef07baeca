"""The demo city: the numbers asked for, sound records, and exactly the faults that are listed."""

from collections import Counter
from datetime import date

import pytest
from directory.made_up import CLERK, DAY, SECOND, organisation, person

from keheng.directory import demo
from keheng.directory.actions.experts import apply_expert, approve_expert, leave_pool, suspend_expert
from keheng.directory.actions.merging import merge_records
from keheng.directory.actions.organisations import close_organisation
from keheng.directory.enums import districts
from keheng.directory.models import Affiliation, AvoidanceFact, Expert, Organisation, OrganisationName, Person, RelatedParty
from keheng.directory.queries.duplicates import organisation_candidates, person_candidates
from keheng.directory.rules.numbers import id_problems, phone_problems
from keheng.kernel import credit_code
from keheng.kernel.measures import all_measures, read, still_holds
from keheng.kernel.models import AuditEntry
from keheng.kernel.periods import Period

pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)


def test_the_small_city_is_sound_and_says_what_is_wrong():
    heard = []
    demo.load(scale="small", progress=lambda *told: heard.append(told))
    assert (heard[-1][1], all(done <= total for _, done, total in heard)) == (heard[-1][2], True)
    assert read("directory.user_units", YEAR).value.value == 300
    assert [model.objects.count() for model in (Person, Expert, RelatedParty, AvoidanceFact)] == [120, 60, 20, 40]
    for one in Organisation.objects.all():
        assert one.credit_code is None or credit_code.problems_of(one.credit_code) == []
        assert phone_problems(one.contact_phone, "phone") == []
    for somebody in Person.objects.all():
        assert somebody.id_number == "" or id_problems(somebody.id_number, "id") == []
    faults = demo.faults("small")
    assert Counter(fault.kind for fault in faults) == {"spelt_otherwise": 5, "code_slip": 4, "moved": 3, "person_twice": 3}
    names = dict(Organisation.objects.values_list("pk", "name"))
    proposed = {(names[pair.high], names[pair.low]) for pair in organisation_candidates()}
    assert proposed == {(fault.record, fault.good) for fault in faults if fault.kind in {"spelt_otherwise", "code_slip"}}
    assert len(person_candidates()) == 3
    for fault in faults:
        if fault.kind == "moved":
            moved = Organisation.objects.get(name=fault.record)
            assert districts()[moved.district] not in moved.address
    assert OrganisationName.objects.filter(until__isnull=False).count() > 5
    assert Affiliation.objects.filter(until__isnull=False).count() > 20
    assert AuditEntry.objects.count() == 1


@pytest.mark.one_database
def test_the_full_city_has_its_published_size():
    demo.load(scale="full", progress=lambda *_: None)
    # Of the last whole year and of this one: nobody came or went since the new year.
    assert [read("directory.user_units", Period.year(year)).value.value for year in (2025, 2026)] == [5110, 5110]
    assert (Person.objects.count(), Expert.objects.count()) == (1500, 800)


def test_the_same_city_every_time():
    assert demo.faults("full") == demo.faults("full")
    assert demo.faults("small")[0].record == "云岭市" + demo.faults("small")[0].record.removeprefix("云岭市")


def test_user_units_are_those_on_the_books_at_the_end():
    one, two, three = (organisation(f"{name}中心", number, on=date(2025, 6, 1)) for number, name in enumerate("甲乙丙"))
    organisation("丁局", 5, kind="authority", on=date(2025, 6, 1))
    organisation("戊中心", 6, on=date(2026, 1, 1), district="990103")
    close_organisation(actor=CLERK, organisation=one.pk, on=date(2026, 3, 31), reason="注销")

    def figures(period, **scope):
        return [read(code, period, scope).value.value for code in ("directory.user_units", "directory.organisations.enterprise")]

    assert figures(Period.year(2024)) == [0, 0]
    assert figures(Period.year(2025)) == [3, 3]
    assert figures(Period.month(2026, 3)) == figures(YEAR) == [3, 3]
    assert figures(YEAR, district="990103") == [1, 1]
    reading = read("directory.user_units", YEAR)
    assert (reading.rows, still_holds(reading)) == (3, True)
    merge_records(actor=CLERK, model="Organisation", survivor=two.pk, loser=three.pk, reason="同一单位")
    assert (figures(YEAR), still_holds(reading)) == ([2, 2], False)
    assert read("directory.organisations.authority", YEAR).value.value == 1


def test_experts_in_the_pool_are_counted():
    experts = [apply_expert(actor=CLERK, person=person(f"陈{number}", number).pk, title="", fields=["520.10"]) for number in range(1, 5)]
    for expert in experts[:3]:
        approve_expert(actor=SECOND, expert=expert.pk)
    suspend_expert(actor=CLERK, expert=experts[1].pk, reason="调查")
    leave_pool(actor=CLERK, expert=experts[2].pk, reason="本人申请")
    Expert.objects.exclude(state="applied").update(entered_on=DAY)
    assert read("directory.experts", YEAR).value.value == 1
    assert sum(one.code.startswith("directory.") for one in all_measures()) == 10
