"""Merging doubles: every reference moves, nothing breaks, and undoing restores every row of every table."""

from datetime import date
from decimal import Decimal

import pytest
from directory.made_up import CLERK, DAY, SECOND, code, codes_of, organisation, person
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keheng.directory.actions.experts import add_avoidance_fact, apply_expert
from keheng.directory.actions.merging import merge_records, references, tell_apart, undo_merge
from keheng.directory.actions.organisations import Facts, change_organisation
from keheng.directory.actions.people import add_affiliation
from keheng.directory.actions.relations import add_control, declare_related_party, set_parent
from keheng.directory.models import Affiliation, Control, DistinctPair, Merge, Organisation, Person
from keheng.directory.queries.duplicates import one_slip, organisation_candidates, person_candidates
from keheng.directory.queries.organisations import Wanted, matching
from keheng.kernel.errors import Refused

pytestmark = pytest.mark.django_db
OWN_MEMORY = {"Merge", "MergeMove", "MergeField", "DistinctPair"}


def whole_state():
    """Every row of every table of the directory but the memory of merges."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("directory").get_models()
        if model.__name__ not in OWN_MEMORY
    }


def circles() -> int:
    """Units that stand above themselves, by a plain walk."""
    above = {}
    for one in Organisation.objects.all():
        above.setdefault(one.pk, set()).update({one.parent_id} - {None})
    held = {}
    for row in Control.objects.all():
        held.setdefault(row.controlled_id, set()).add(row.owner_id)

    def reaches(edges, start):
        seen, waiting = set(), list(edges.get(start, ()))
        while waiting:
            if (at := waiting.pop()) not in seen:
                seen.add(at)
                waiting += edges.get(at, ())
        return start in seen

    return sum(reaches(edges, start) for edges in (above, held) for start in edges)


def test_everything_that_points_at_the_loser_points_at_the_survivor():
    kept, gone = organisation("云岭华光科技有限公司", 1), organisation("云岭市华光科技有限责任公司", phone="13800138000")
    parent, child, somebody = organisation("集团总部", 3), organisation("下属研究所", 4), person("陈一", 1)
    set_parent(actor=CLERK, organisation=child.pk, parent=gone.pk)
    set_parent(actor=CLERK, organisation=gone.pk, parent=parent.pk)
    add_control(actor=CLERK, owner=gone.pk, controlled=child.pk, share=Decimal(60), since=DAY)
    post = add_affiliation(actor=CLERK, person=somebody.pk, organisation=gone.pk, since=DAY)
    declare_related_party(actor=CLERK, organisation=parent.pk, other=gone.pk, kind="contract", source="年报", since=DAY)
    add_avoidance_fact(actor=CLERK, person=somebody.pk, organisation=gone.pk, kind="declared", source="申报表", since=DAY)
    before = whole_state()
    outcome = merge_records(actor=CLERK, model="Organisation", survivor=kept.pk, loser=gone.pk, reason="同一单位", take=["contact_phone"])
    assert (outcome.moved, len(outcome.left)) == (5, 1)
    assert "OrganisationName" in outcome.left[0]
    for key in references(Organisation):
        left = key.model._base_manager.filter(**{key.attname: gone.pk})
        assert left.count() == (1 if key.model.__name__ == "OrganisationName" else 0), key
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.contact_phone, kept.credit_code, gone.status, gone.merged_into_id) == ("13800138000", code(1), "merged", kept.pk)
    assert [one.pk for one in matching(Organisation.objects.all(), Wanted(text="云岭市华光"))] == [kept.pk]
    post.refresh_from_db()
    assert post.organisation_id == kept.pk
    undone = undo_merge(actor=SECOND, merge=outcome.merge.pk)
    assert (undone.moved, undone.left, whole_state()) == (5, (), before)


def test_what_would_break_a_rule_stays_aside_and_is_told():
    kept, gone, other = organisation("甲中心", 1), organisation("甲研究中心", 2), organisation("乙中心", 3)
    somebody = person("陈一", 1)
    set_parent(actor=CLERK, organisation=other.pk, parent=gone.pk)
    set_parent(actor=CLERK, organisation=kept.pk, parent=other.pk)
    add_control(actor=CLERK, owner=other.pk, controlled=kept.pk, share=Decimal(60), since=DAY)
    third, fourth = organisation("丙公司", 5), organisation("丁公司", 6)
    add_control(actor=CLERK, owner=third.pk, controlled=gone.pk, share=Decimal(30), since=DAY)
    add_control(actor=CLERK, owner=fourth.pk, controlled=gone.pk, share=Decimal(30), since=DAY)
    add_control(actor=CLERK, owner=gone.pk, controlled=other.pk, share=None, since=DAY)
    for unit in (kept, gone):
        add_affiliation(actor=CLERK, person=somebody.pk, organisation=unit.pk, position="主任", since=DAY)
    before = whole_state()
    outcome = merge_records(actor=CLERK, model="Organisation", survivor=kept.pk, loser=gone.pk, reason="同一单位")
    aside = sorted(text.split("（", 1)[0] for text in outcome.left)
    assert aside == [
        "directory.Affiliation.organisation_id", "directory.Control.controlled_id", "directory.Control.owner_id",
        "directory.Organisation.parent_id", "directory.OrganisationName.organisation_id",
    ]  # fmt: skip
    assert (outcome.moved, circles()) == (1, 0)
    undo_merge(actor=CLERK, merge=outcome.merge.pk)
    assert whole_state() == before


def test_later_edits_are_told_and_kept():
    kept, gone = organisation("甲中心", 1), organisation("甲研究中心", 2, phone="13800138000")
    somebody = person("陈一", 1)
    post = add_affiliation(actor=CLERK, person=somebody.pk, organisation=gone.pk, since=DAY)
    third = organisation("丙公司", 5)
    merge = merge_records(
        actor=CLERK, model="Organisation", survivor=kept.pk, loser=gone.pk, reason="同一单位", take=["contact_phone"]
    ).merge
    facts = Facts(name="", kind="hospital", district="", code=code(1), phone="13900139000")
    change_organisation(actor=CLERK, organisation=kept.pk, facts=facts)
    Affiliation.objects.filter(pk=post.pk).update(organisation=third)
    undone = undo_merge(actor=CLERK, merge=merge.pk)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.contact_phone, kept.kind, gone.status, gone.contact_phone) == ("13900139000", "hospital", "active", "13800138000")
    assert [text.split("（", 1)[0] for text in undone.left] == [
        "保留的记录.contact_phone", "保留的记录.phone_mark", "directory.Affiliation.organisation_id",
    ]  # fmt: skip
    assert Affiliation.objects.get(pk=post.pk).organisation_id == third.pk


def test_undoing_closes_no_circle_with_what_was_entered_since():
    kept, gone, above, child = (organisation(f"{name}中心", number) for number, name in enumerate("甲乙丙丁"))
    set_parent(actor=CLERK, organisation=gone.pk, parent=above.pk)
    set_parent(actor=CLERK, organisation=child.pk, parent=gone.pk)
    merge = merge_records(actor=CLERK, model="Organisation", survivor=kept.pk, loser=gone.pk, reason="同一单位").merge
    set_parent(actor=CLERK, organisation=above.pk, parent=child.pk)
    undone = undo_merge(actor=CLERK, merge=merge.pk)
    child.refresh_from_db()
    assert ([text.split("（", 1)[0] for text in undone.left], child.parent_id) == (["directory.Organisation.parent_id"], kept.pk)
    assert circles() == 0


def test_codes_go_over_and_come_back_unless_somebody_took_them():
    kept, gone = organisation("甲中心"), organisation("甲研究中心", 2)
    merge = merge_records(actor=CLERK, model="Organisation", survivor=kept.pk, loser=gone.pk, reason="同一单位", take=["credit_code"]).merge
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.credit_code, gone.credit_code) == (code(2), None)
    change_organisation(actor=CLERK, organisation=kept.pk, facts=Facts(name="", kind="enterprise", district="", code=code(7)))
    thief = organisation("丙公司", 2)
    with pytest.raises(Refused) as refused:
        undo_merge(actor=CLERK, merge=merge.pk)
    assert codes_of(refused) == [("DIR_UNDO_TAKEN", "")]
    gone.refresh_from_db()
    assert gone.status == "merged"
    change_organisation(actor=CLERK, organisation=thief.pk, facts=Facts(name="", kind="enterprise", district="", code=""))
    undo_merge(actor=CLERK, merge=merge.pk)
    gone.refresh_from_db()
    assert gone.credit_code == code(2)


def test_merges_are_refused_and_undone_in_order():
    one, two, three = (organisation(f"{name}中心", number) for number, name in enumerate("甲乙丙"))
    with pytest.raises(Refused) as refused:
        merge_records(actor=CLERK, model="Organisation", survivor=one.pk, loser=one.pk, reason=" ", take=["name"])
    assert codes_of(refused) == [("DIR_MERGE_ITSELF", ""), ("DIR_MERGE_CHOICE", ""), ("DIR_REASON_MISSING", "reason")]
    first = merge_records(actor=CLERK, model="Organisation", survivor=two.pk, loser=one.pk, reason="同一单位").merge
    second = merge_records(actor=CLERK, model="Organisation", survivor=three.pk, loser=two.pk, reason="同一单位").merge
    one.refresh_from_db()
    assert one.merged_into_id == three.pk
    with pytest.raises(Refused) as refused:
        merge_records(actor=CLERK, model="Organisation", survivor=three.pk, loser=one.pk, reason="再来")
    assert codes_of(refused) == [("DIR_MERGED_ALREADY", "")]
    with pytest.raises(Refused) as refused:
        undo_merge(actor=CLERK, merge=first.pk)
    assert codes_of(refused) == [("DIR_UNDO_ORDER", "")]
    undo_merge(actor=CLERK, merge=second.pk)
    undo_merge(actor=CLERK, merge=first.pk)
    with pytest.raises(Refused) as refused:
        undo_merge(actor=CLERK, merge=first.pk)
    assert codes_of(refused) == [("DIR_UNDONE_ALREADY", "")]
    assert set(Organisation.objects.values_list("status", flat=True)) == {"active"}


def test_people_merge_with_their_numbers():
    kept, gone = person("陈一", phone="13800138000"), person("陈一", 7)
    unit = organisation("甲中心", 1)
    add_affiliation(actor=CLERK, person=gone.pk, organisation=unit.pk, since=DAY)
    apply_expert(actor=CLERK, person=gone.pk, title="教授", fields=["520.10"])
    before = whole_state()
    outcome = merge_records(actor=CLERK, model="Person", survivor=kept.pk, loser=gone.pk, reason="同一人", take=["id_number"])
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.id_number[-4:], kept.born_on, gone.id_number, gone.id_mark) == (
        before["Person"][1]["id_number"][-4:],
        date(1980, 1, 1),
        "",
        None,
    )
    assert (kept.expert.title, outcome.moved, outcome.left) == ("教授", 2, ())
    undo_merge(actor=CLERK, merge=outcome.merge.pk)
    assert whole_state() == before
    both = person("陈一", 8)
    with pytest.raises(Refused) as refused:
        merge_records(actor=CLERK, model="Person", survivor=both.pk, loser=gone.pk, reason="同一人")
    assert codes_of(refused) == [("DIR_MERGE_TWO_IDS", "")]


STEPS = st.lists(st.tuples(st.sampled_from("pcarmt"), st.integers(0, 5), st.integers(0, 5), st.integers(1, 100)), max_size=14)


def take_step(units, people, kind, one, other, share):
    """One change, whatever comes of it."""
    first, second = units[one].pk, units[other].pk
    try:
        match kind:
            case "p":
                set_parent(actor=CLERK, organisation=first, parent=second)
            case "c":
                add_control(actor=CLERK, owner=first, controlled=second, share=Decimal(share), since=DAY)
            case "a":
                add_affiliation(actor=CLERK, person=people[share % 2].pk, organisation=first, since=DAY)
            case "r":
                declare_related_party(actor=CLERK, organisation=first, other=second, kind="contract", source="年报", since=DAY)
            case "t":
                add_avoidance_fact(actor=CLERK, person=people[share % 2].pk, organisation=first, kind="kin", source="申报", since=DAY)
            case "m":
                merge_records(actor=CLERK, model="Organisation", survivor=first, loser=second, reason="同一单位", take=["credit_code"])
    except Refused:
        pass


def codes_of_undo(merge: int) -> set[str]:
    try:
        undo_merge(actor=CLERK, merge=merge)
    except Refused as refused:
        return {one.code for one in refused.problems}
    return set()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, later=STEPS, take=st.sets(st.sampled_from(["credit_code", "kind", "district", "address", "contact_phone"])))
def test_any_merge_is_undone_exactly_and_the_structure_stays_sound(steps, later, take):
    with transaction.atomic():
        units = [organisation(f"第{number}中心", number, phone=f"1380013800{number}", address=f"{number}号") for number in range(6)]
        people = [person("陈一", 1), person("林二", 2)]
        for step in steps:
            take_step(units, people, *step)
        before = whole_state()
        try:
            merge = merge_records(
                actor=CLERK, model="Organisation", survivor=units[0].pk, loser=units[1].pk, reason="同一", take=take
            ).merge
        except Refused:
            merge = None
        assert circles() == 0
        if merge is not None:
            assert not undo_merge(actor=CLERK, merge=merge.pk).left
            assert whole_state() == before
            again = merge_records(
                actor=CLERK, model="Organisation", survivor=units[0].pk, loser=units[1].pk, reason="同一", take=take
            ).merge
            for step in later:
                take_step(units, people, *step)
            assert codes_of_undo(again.pk) <= {"DIR_UNDO_ORDER", "DIR_UNDO_TAKEN"}
            assert circles() == 0
        assert all(sum(row.share or 0 for row in unit.controllers.all()) <= 100 for unit in units)
        transaction.set_rollback(True)


def test_doubles_are_proposed_with_reasons_and_not_again_once_told_apart():
    one = organisation("云岭市华光科技有限公司", 1, phone="13800138000", address="翠湖路1号")
    two = organisation("华光（云岭）科技有限责任公司", phone="13800138000", address="翠湖路 １ 号")
    three = organisation("明光材料有限公司")
    wrong = code(1)[:4] + ("8" if code(1)[4] != "8" else "7") + code(1)[5:]
    Organisation.objects.filter(pk=three.pk).update(code_given=wrong)
    organisation("无关检测有限公司", 9)
    found = [(pair.low, pair.high, pair.score) for pair in organisation_candidates()]
    assert found == [(one.pk, two.pk, 99), (one.pk, three.pk, 70)]
    assert [len(pair.reasons) for pair in organisation_candidates()] == [3, 1]
    tell_apart(actor=CLERK, model="Organisation", one=two.pk, other=one.pk, reason="两家公司")
    tell_apart(actor=CLERK, model="Organisation", one=two.pk, other=one.pk, reason="两家公司")
    assert (DistinctPair.objects.count(), [pair.high for pair in organisation_candidates()]) == (1, [three.pk])
    with pytest.raises(Refused) as refused:
        tell_apart(actor=CLERK, model="Organisation", one=one.pk, other=one.pk, reason="")
    assert codes_of(refused) == [("DIR_MERGE_ITSELF", ""), ("DIR_REASON_MISSING", "reason")]


@pytest.mark.parametrize(("written", "right", "slip"), [
    ("ABCD", "ABXD", True), ("ABDC", "ABCD", True), ("ABCD", "ABCD", False), ("ABC", "ABCD", False), ("ABXX", "ABCD", False), ("DBCA", "ABCD", False),
])  # fmt: skip
def test_one_slip_of_the_pen(written, right, slip):
    assert one_slip(written, right) is slip


def test_people_alike_by_phone_or_by_name_and_unit():
    one, two, three = person("陈一", 1, phone="13800138000"), person("陈 一", phone="13800138000"), person("陈一", 3)
    unit = organisation("甲中心", 1)
    for somebody in (one, three):
        add_affiliation(actor=CLERK, person=somebody.pk, organisation=unit.pk, since=DAY)
    assert [(pair.low, pair.high, pair.score) for pair in person_candidates()] == [(one.pk, two.pk, 60), (one.pk, three.pk, 50)]
    merge_records(actor=CLERK, model="Person", survivor=one.pk, loser=two.pk, reason="同一人")
    assert [(pair.low, pair.high) for pair in person_candidates()] == [(one.pk, three.pk)]
    assert (Merge.objects.count(), Person.objects.filter(status="merged").count()) == (1, 1)
