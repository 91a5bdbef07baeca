"""People, posts, experts by two persons, and reasons for avoidance."""

from datetime import date
from decimal import Decimal

import pytest
from directory.made_up import CLERK, DAY, SECOND, codes_of, id_number, organisation, person, principal
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from keheng.directory.actions.experts import (
    add_avoidance_fact,
    apply_expert,
    approve_expert,
    leave_pool,
    resume_expert,
    suspend_expert,
)
from keheng.directory.actions.merging import merge_records
from keheng.directory.actions.people import add_affiliation, change_person, end_affiliation, person_facts_from
from keheng.directory.actions.relations import add_control, declare_related_party, end_related_party, set_parent
from keheng.directory.models import Affiliation, Expert, Person
from keheng.directory.queries.people import experts_for, experts_in_field, experts_named, experts_of, not_left, people_for, people_named
from keheng.directory.queries.relations import avoidance_between, related_units, years_before
from keheng.directory.rules.experts import APPROVE, may_approve
from keheng.directory.rules.numbers import id_check_digit, id_problems, normal_id, normal_phone, phone_problems
from keheng.kernel.desk.tasks import tasks_for
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_id_numbers_are_checked_and_old_ones_made_new():
    # The examples of GB 11643-1999.
    assert (id_check_digit("11010519491231002"), id_check_digit("44052418800101001")) == ("X", "4")
    assert normal_id(" 990102８00101001 ") == id_number(1)
    assert [one.code for one in id_problems("123", "id")] == ["DIR_ID_SHAPE"]
    bad_day = "99010219800230001"
    assert [one.code for one in id_problems(bad_day + id_check_digit(bad_day), "id")] == ["DIR_ID_BIRTH"]
    wrong = id_number(1)[:17] + ("1" if id_number(1)[17] != "1" else "2")
    assert [one.code for one in id_problems(wrong, "id")] == ["DIR_ID_CHECK"]


@given(st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_a_wrong_digit_in_an_id_number_is_always_found(serial, place, step):
    right = id_number(serial)
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]
    assert id_problems(right, "id") == []
    assert id_problems(wrong, "id") != []


@pytest.mark.parametrize(("typed", "kept", "good"), [
    ("138 0013 8000", "13800138000", True), ("+86-138-0013-8000", "13800138000", True), ("１３８００１３８０００", "13800138000", True),
    ("(0871) 65123456", "087165123456", True), ("0871-65123456转801", "087165123456-801", True), ("400-123-4567", "4001234567", True),
    ("12800138000", "12800138000", False), ("6512", "6512", False), ("", "", False),
])  # fmt: skip
def test_phones_are_normal(typed, kept, good):
    assert (normal_phone(typed), phone_problems(normal_phone(typed), "phone") == []) == (kept, good)


def test_a_person_is_entered_once_and_found_by_the_whole_number_only():
    one = person("欧阳 明", 1, phone="13800138000", email="A@B.cn")
    assert (one.born_on, one.email) == (date(1980, 1, 1), "a@b.cn")
    with pytest.raises(Refused) as refused:
        person("", 1, phone="1", email="x")
    assert codes_of(refused) == [
        ("DIR_PERSON_NAME", "name"), ("DIR_PERSON_KNOWN", "id_number"), ("DIR_PHONE_SHAPE", "phone"), ("DIR_EMAIL_SHAPE", "email"),
    ]  # fmt: skip
    everyone = Person.objects.all()
    for text, expected in [
        ("欧阳明", 1),
        ("138-0013-8000", 1),
        (id_number(1).lower(), 1),
        ("1380013800", 0),
        ("8000", 0),
        ("·", 0),
    ]:
        assert people_named(everyone, text).count() == expected, text


def test_the_database_refuses_a_second_record_with_the_number(monkeypatch):
    person("陈一", 1)
    monkeypatch.setattr("keheng.directory.actions.people.person_problems", lambda *_: [])
    with pytest.raises(Refused) as refused:
        person("陈二", 1)
    assert codes_of(refused) == [("DIR_PERSON_KNOWN", "id_number")]


def test_numbers_stand_nowhere_in_plain_text():
    one = person("陈一", 1, phone="13800138000")
    unit = organisation("甲中心", 1, phone="13900139000")
    change_person(actor=CLERK, person=one.pk, facts=person_facts_from(name="陈一新"))
    other = person("陈一", phone="13700137000")
    merge_records(actor=CLERK, model="Person", survivor=one.pk, loser=other.pk, reason="同一人", take=["phone"])
    one.refresh_from_db()
    assert (one.id_number, one.phone, one.name) == (id_number(1), "13700137000", "陈一新")
    dump = [entry.body for entry in AuditEntry.objects.all()]
    tables = [name for name in connection.introspection.table_names() if name.startswith("directory_")]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            dump += [str(row) for row in cursor.fetchall()]
    text = "\n".join(dump)
    assert unit.name in text
    assert [number for number in (id_number(1), "13800138000", "13900139000", "13700137000") if number in text] == []


def test_the_same_post_is_held_once_at_a_time():
    one, unit = person("陈一", 1), organisation("甲中心", 1)

    def add(since, until=None, position="主任"):
        return add_affiliation(actor=CLERK, person=one.pk, organisation=unit.pk, position=position, since=since, until=until)

    first = add(date(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        add(date(2026, 1, 1), date(2026, 1, 1))
    assert codes_of(refused) == [("DIR_SPAN", "until")]
    with pytest.raises(Refused) as refused:
        add(date(2026, 1, 1))
    assert codes_of(refused) == [("DIR_POST_TWICE", "position")]
    add(date(2026, 1, 1), position="研究员")
    end_affiliation(actor=CLERK, affiliation=first.pk, until=date(2026, 1, 1))
    add(date(2026, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Affiliation.objects.filter(pk=first.pk).update(until=date(2026, 1, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Affiliation.objects.filter(pk=first.pk).update(until=date(2019, 1, 2))
    with pytest.raises(Refused) as refused:
        end_affiliation(actor=CLERK, affiliation=first.pk, until=date(2025, 1, 1))
    assert codes_of(refused) == [("DIR_ENDED_ALREADY", "until")]


def test_people_are_seen_by_the_unit_they_work_in_now():
    one, two, free = person("陈一", 1), person("林二", 2), person("吴三", 3)
    first, second = organisation("甲中心", 1), organisation("乙中心", 2, district="990103")
    post = add_affiliation(actor=CLERK, person=one.pk, organisation=first.pk, since=date(2020, 1, 1))
    add_affiliation(actor=CLERK, person=two.pk, organisation=second.pk, since=date(2020, 1, 1))
    see = "directory.person.see"
    for powers, expected in [
        ([(see, "all")], [one, two, free]), ([(see, "unit", first.pk)], [one]), ([(see, "district", "990103")], [two]),
        ([(see, "own")], []), ([], []),
    ]:  # fmt: skip
        assert list(people_for(principal(*powers), DAY).order_by("pk")) == expected
    end_affiliation(actor=CLERK, affiliation=post.pk, until=DAY)
    assert list(people_for(principal((see, "unit", first.pk)), DAY)) == []


def test_two_persons_let_an_expert_in():
    one = person("陈一", 1)
    with pytest.raises(Refused) as refused:
        apply_expert(actor=CLERK, person=one.pk, title="", fields=[])
    assert codes_of(refused) == [("DIR_FIELD_MISSING", "fields")]
    with pytest.raises(Refused) as refused:
        apply_expert(actor=CLERK, person=one.pk, title="", fields=["520", "520.10", "999.10"])
    assert "520、999.10" in refused.value.problems[0].zh
    expert = apply_expert(actor=CLERK, person=one.pk, title="教授", fields=["520.10", "430.20", "520.10"])
    assert sorted(expert.fields.values_list("code", flat=True)) == ["430.20", "520.10"]
    with pytest.raises(Refused) as refused:
        approve_expert(actor=CLERK, expert=expert.pk, actor_person=one.pk)
    assert codes_of(refused) == [("DIR_EXPERT_PROPOSER", ""), ("DIR_EXPERT_OWN", "")]
    approve = ("directory.expert.approve", "all")
    assert [may_approve(principal(approve, account=account), expert) for account in ("101", "102")] == [False, True]
    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=expert.pk).update(state="pool", approved_by="101", entered_on=DAY)
    assert approve_expert(actor=SECOND, expert=expert.pk).state == "pool"
    with pytest.raises(Refused) as refused:
        approve_expert(actor=SECOND, expert=expert.pk)
    assert codes_of(refused) == [("DIR_EXPERT_STATE", "")]


def test_an_expert_is_suspended_comes_back_leaves_and_applies_again():
    expert = apply_expert(actor=CLERK, person=person("陈一", 1).pk, title="", fields=["520.10"])
    approve_expert(actor=SECOND, expert=expert.pk)
    with pytest.raises(Refused) as refused:
        suspend_expert(actor=CLERK, expert=expert.pk, reason=" ")
    assert codes_of(refused) == [("DIR_REASON_MISSING", "reason")]
    assert suspend_expert(actor=CLERK, expert=expert.pk, reason="泄露评审信息").state == "suspended"
    assert resume_expert(actor=CLERK, expert=expert.pk).state == "pool"
    assert leave_pool(actor=CLERK, expert=expert.pk, reason="本人申请").state == "left"
    with pytest.raises(Refused) as refused:
        resume_expert(actor=CLERK, expert=expert.pk)
    assert codes_of(refused) == [("DIR_EXPERT_STATE", "")]
    again = apply_expert(actor=SECOND, person=expert.person_id, title="研究员", fields=["430.10"])
    assert (again.pk, again.state, again.approved_by, again.proposed_by) == (expert.pk, "applied", "", "102")


def test_the_pool_is_filtered_by_name_field_and_state():
    unit = organisation("甲中心", 1)
    made = []
    for number, (name, codes) in enumerate([("陈一", ["520.10"]), ("林二", ["520.20", "520.10"]), ("吴三", ["430.10"])], 1):
        somebody = person(name, number)
        add_affiliation(actor=CLERK, person=somebody.pk, organisation=unit.pk, since=DAY)
        made.append(apply_expert(actor=CLERK, person=somebody.pk, title="", fields=codes))
    approve_expert(actor=SECOND, expert=made[0].pk)
    leave_pool(actor=CLERK, expert=made[2].pk, reason="撤回")
    pool = experts_for(principal(("directory.expert.see", "all")), DAY)
    for rows, expected in [
        (not_left(pool), {0, 1}), (experts_in_field(pool, "520.20"), {1}), (experts_in_field(pool, "52"), set()), (experts_named(pool, "林"), {1}),
        (experts_named(pool, "、"), set()), (not_left(experts_in_field(pool, "520")), {0, 1}),
    ]:  # fmt: skip
        assert {made.index(one) for one in rows} == expected
    assert list(experts_of(unit.pk, DAY)) == [made[0]]
    assert experts_for(principal(("directory.expert.see", "unit", unit.pk)), DAY).count() == 3
    assert experts_for(principal(("directory.expert.see", "unit", unit.pk + 1)), DAY).count() == 0


@pytest.fixture
def group():
    """A holding's group below an authority, told by names: who is related to 丙 depends on day, share and kind."""
    units = {name: organisation(f"{name}公司", number) for number, name in enumerate("甲乙丙丁戊己")}
    units["局"] = organisation("云岭科技局", 10, kind="authority")
    for owner, controlled, share, since, until in [
        ("甲", "乙", Decimal(60), DAY, None), ("乙", "丙", None, DAY, None), ("甲", "丁", Decimal(25), DAY, None),
        ("甲", "戊", Decimal("24.99"), DAY, None), ("丙", "己", Decimal(51), DAY, date(2026, 9, 1)),
    ]:  # fmt: skip
        add_control(actor=CLERK, owner=units[owner].pk, controlled=units[controlled].pk, share=share, since=since, until=until)
    for name in ("甲", "戊"):
        set_parent(actor=CLERK, organisation=units[name].pk, parent=units["局"].pk)
    return units


def test_related_units_follow_holdings_of_the_day(group):
    names = {unit.pk: name for name, unit in group.items()}

    def related(name, on=date(2026, 8, 31)):
        return {names[one.organisation]: one.relation for one in related_units(group[name].pk, on)}

    assert related("丙") == {"丙": "self", "乙": "above", "甲": "above", "局": "above", "己": "below", "丁": "beside"}
    assert "己" not in related("丙", date(2026, 9, 1))
    assert related("丙", date(2026, 3, 1)) == {"丙": "self"}
    assert related("戊") == {"戊": "self", "局": "above"}
    assert related("局") == {"局": "self", **dict.fromkeys("甲乙丙丁戊己", "below")}
    assert related_units(group["丙"].pk, DAY)[0].relation == "self"
    organisation("无关公司", 20)
    merge_records(actor=CLERK, model="Organisation", survivor=group["丁"].pk, loser=group["己"].pk, reason="同一单位")
    assert {"丁", "己"} <= set(related("丙"))


def test_reasons_for_avoidance_say_which_fact(group):
    expert = apply_expert(actor=CLERK, person=person("陈一", 1).pk, title="", fields=["520.10"])
    friend, on = person("林二", 2), date(2026, 8, 1)

    def facts(day=on):
        return [(one.fact.split(":")[0], one.zh) for one in avoidance_between(expert, group["丙"].pk, day)]

    assert facts() == []
    post = add_affiliation(actor=CLERK, person=expert.person_id, organisation=group["丁"].pk, since=date(2020, 1, 1))
    assert facts() == [("affiliation", "任职于丁公司（同一上级或控制方之下）")]
    end_affiliation(actor=CLERK, affiliation=post.pk, until=date(2023, 8, 1))
    assert (facts(), facts(date(2026, 7, 31))) == ([], [("affiliation", "曾任职于丁公司（同一上级或控制方之下）")])
    add_affiliation(actor=CLERK, person=friend.pk, organisation=group["丙"].pk, since=DAY)
    add_avoidance_fact(
        actor=CLERK, person=friend.pk, other=expert.person_id, kind="kin", source="户籍证明", since=DAY, until=date(2026, 8, 2)
    )
    add_avoidance_fact(actor=CLERK, person=expert.person_id, organisation=group["己"].pk, kind="project", source="合同", since=DAY)
    party = declare_related_party(
        actor=CLERK, organisation=group["丙"].pk, person=expert.person_id, kind="office", source="年报", since=DAY
    )
    assert facts() == [
        ("avoidance", "与丙公司的林二：亲属（户籍证明）"),
        ("avoidance", "与己公司（下级或被控制方）：共同承担项目（合同）"),
        ("party", "与丙公司：任职或兼职（年报）"),
    ]
    end_related_party(actor=CLERK, party=party.pk, until=on)
    assert [kind for kind, _ in facts(date(2026, 8, 2))] == ["avoidance"]
    assert years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)


def test_relations_have_one_other_side_and_a_source(group):
    somebody = person("陈一", 1)
    with pytest.raises(Refused) as refused:
        declare_related_party(actor=CLERK, organisation=group["甲"].pk, kind="x", source=" ", since=DAY, until=DAY)
    assert codes_of(refused) == [
        ("DIR_SPAN", "until"), ("DIR_ONE_SIDE", "other"), ("DIR_SOURCE_MISSING", "source"), ("DIR_KIND_UNKNOWN", "kind"),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        add_avoidance_fact(actor=CLERK, person=somebody.pk, other=somebody.pk, kind="x", source="表", since=DAY)
    assert codes_of(refused) == [("DIR_OTHER_SIDE", "other"), ("DIR_KIND_UNKNOWN", "kind")]


def test_a_proposal_is_a_task_for_others_than_the_proposer_until_it_is_decided():
    somebody = person("陈一", 1)
    expert = apply_expert(actor=CLERK, person=somebody.pk, title="", fields=["520.10"])
    first, second = (principal((APPROVE, "all"), account=who.account) for who in (CLERK, SECOND))
    assert (list(tasks_for(first)), [task.title for task in tasks_for(second)]) == ([], ["审批专家入库：陈一"])
    approve_expert(actor=SECOND, expert=expert.pk)
    assert list(tasks_for(second)) == []
    apply_expert(actor=CLERK, person=person("林二", 2).pk, title="", fields=["520.10"])
    leave_pool(actor=CLERK, expert=Expert.objects.latest("pk").pk, reason="撤回")
    assert list(tasks_for(second)) == []
