"""Organisations: what is refused at once, names over time, who stands above whom."""

from datetime import date
from decimal import Decimal

import pytest
from directory.made_up import CLERK, DAY, code, codes_of, organisation, principal
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate

from keheng.directory.actions.organisations import (
    add_short_name,
    change_organisation,
    close_organisation,
    facts_from,
    move_organisation,
    register_organisation,
    rename_organisation,
)
from keheng.directory.actions.relations import add_control, end_control, set_parent
from keheng.directory.models import Control, Organisation, OrganisationName
from keheng.directory.queries.history import history_of
from keheng.directory.queries.organisations import Wanted, find_by_code, matching, organisation_name, organisations_for, tree_of
from keheng.directory.rules.names import alike, core, plain
from keheng.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def found(text: str, **more) -> list[str]:
    return [one.name for one in matching(Organisation.objects.all(), Wanted(text=text, **more))]


@pytest.mark.parametrize(("one", "other"), [
    ("云岭市华光科技有限公司", "云岭华光科技有限责任公司"),
    ("华光（云岭）科技有限公司", "云岭市华光科技股份有限公司"),
    ("ＡＢＣ 检测（集团）有限公司", "abc检测集团"),
    ("华光信息技术有限公司", "华光信息科技有限公司"),
])  # fmt: skip
def test_spellings_of_one_name_have_one_core(one, other):
    assert core(one) == core(other)


def test_a_name_of_nothing_but_form_stays():
    assert core("云岭有限公司") == "云岭有限公司"
    assert plain("华光 Ｌａｂ（一号）") == "华光lab一号"
    assert (alike("翠湖精密仪器制造", "翠湖精蜜仪器制造"), alike("翠湖精密仪器", "西岭化学试剂")) == (True, False)


def test_everything_wrong_is_told_at_once():
    wrong = facts_from(name=" 华 ", kind="ship", district="1", code="91990102", phone="12", address="长" * 201)
    with pytest.raises(Refused) as refused:
        register_organisation(actor=CLERK, facts=wrong)
    assert codes_of(refused) == [
        ("DIR_NAME_MISSING", "name"),
        ("credit_code.length", "code"),
        ("DIR_KIND_UNKNOWN", "kind"),
        ("DIR_DISTRICT_UNKNOWN", "district"),
        ("DIR_PHONE_SHAPE", "phone"),
        ("DIR_TOO_LONG", "address"),
    ]


def test_a_code_is_registered_once_and_the_refusal_says_whom_to_ask():
    organisation("华光科技有限公司", 1)
    with pytest.raises(Refused) as refused:
        organisation("别的名称有限公司", 1)
    assert codes_of(refused) == [("DIR_CODE_TAKEN", "code")]
    assert "邀请" in refused.value.problems[0].remedy_zh


def test_the_database_refuses_what_slipped_past_the_rules(monkeypatch):
    organisation("华光科技有限公司", 1)
    monkeypatch.setattr("keheng.directory.actions.organisations.taken_problems", lambda _facts: [])
    with pytest.raises(Refused) as refused:
        organisation("别的名称有限公司", 1)
    assert codes_of(refused) == [("DIR_CODE_TAKEN", "code")]


def test_a_like_name_in_the_district_is_a_warning_that_can_be_accepted():
    organisation("云岭市华光科技有限公司", 1)
    facts = facts_from(name="云岭华光科技有限责任公司", kind="enterprise", district="990102")
    with pytest.raises(Refused) as refused:
        register_organisation(actor=CLERK, facts=facts)
    (warning,) = refused.value.problems
    assert (warning.code, warning.overridable, "云岭市华光科技有限公司" in warning.zh) == ("DIR_NAME_ALIKE", True, True)
    register_organisation(actor=CLERK, facts=facts, accepted=frozenset({"DIR_NAME_ALIKE"}))
    elsewhere = facts_from(name="华光科技有限公司", kind="enterprise", district="990103")
    assert register_organisation(actor=CLERK, facts=elsewhere).pk


def test_an_old_name_is_found_and_known_by_its_day():
    one = organisation("华光科技有限公司", 1)
    renamed = rename_organisation(actor=CLERK, organisation=one.pk, name="明光科技股份有限公司", on=date(2026, 6, 1))
    again = rename_organisation(actor=CLERK, organisation=one.pk, name="明光集团(云岭)有限公司", on=date(2026, 9, 1))
    assert (renamed.name, again.name) == ("明光科技股份有限公司", "明光集团（云岭）有限公司")
    assert found("华光") == found("明光 科技") == ["明光集团（云岭）有限公司"]
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 9, 1)]
    assert [organisation_name(one.pk, day) for day in days] == ["华光科技有限公司", "明光科技股份有限公司", "明光集团（云岭）有限公司"]
    assert (organisation_name(one.pk), organisation_name(0)) == ("明光集团（云岭）有限公司", "")
    with pytest.raises(Refused) as refused:
        rename_organisation(actor=CLERK, organisation=one.pk, name="明光集团（云岭）有限公司", on=date(2026, 9, 1))
    assert codes_of(refused) == [("DIR_NAME_SAME", "name"), ("DIR_NAME_DAY", "on")]
    with pytest.raises(Refused) as refused:
        rename_organisation(actor=CLERK, organisation=one.pk, name="新名有限公司", on=localdate().replace(year=localdate().year + 1))
    assert codes_of(refused) == [("DIR_DAY_AHEAD", "on")]


def test_short_names_and_codes_find_too():
    one = organisation("华光科技有限公司", 1)
    add_short_name(actor=CLERK, organisation=one.pk, name="HG Lab")
    organisation("明光科技有限公司", 2, kind="university", district="990103")
    assert (found("hglab"), found(code(1).lower()), found(code(1)[:12])) == (
        [one.name],
        [one.name],
        ["华光科技有限公司", "明光科技有限公司"],
    )
    assert (found("", kind="university"), found("", district="990102"), found("%"), found("、")) == (
        ["明光科技有限公司"],
        [one.name],
        [],
        [],
    )
    assert find_by_code(f" {code(1).lower()}") == one
    with pytest.raises(Refused) as refused:
        add_short_name(actor=CLERK, organisation=one.pk, name="HG Lab")
    assert codes_of(refused) == [("DIR_NAME_SAME", "name")]


def test_changes_keep_name_and_district_and_stand_on_the_trail():
    one = organisation("华光科技有限公司")
    facts = facts_from(name="别的", kind="hospital", district="990103", code=code(3), phone="0871-6512 3456", address="翠湖路 1 号")
    changed = change_organisation(actor=CLERK, organisation=one.pk, facts=facts)
    changed.refresh_from_db()
    assert (changed.name, changed.district, changed.kind, changed.contact_phone) == (
        "华光科技有限公司",
        "990102",
        "hospital",
        "087165123456",
    )
    moved = move_organisation(actor=CLERK, organisation=one.pk, district="990103", address="北路 2 号")
    assert (moved.district, moved.address_plain) == ("990103", "北路2号")
    with pytest.raises(Refused) as refused:
        move_organisation(actor=CLERK, organisation=one.pk, district="990103", address="")
    assert codes_of(refused) == [("DIR_DISTRICT_SAME", "district")]
    assert [act.zh for act in history_of("organisation", one.pk)] == ["跨区迁移", "修改", "登记"]
    assert {act.account for act in history_of("organisation", one.pk)} == {"101"}
    assert history_of("organisation", one.pk // 10) == []


def test_a_closed_organisation_changes_no_more():
    one, other = organisation("华光科技有限公司", 1), organisation("明光科技有限公司", 2)
    held = add_control(actor=CLERK, owner=other.pk, controlled=one.pk, share=Decimal(60), since=DAY)
    with pytest.raises(Refused) as refused:
        close_organisation(actor=CLERK, organisation=one.pk, on=date(9000, 1, 1), reason=" ")
    assert codes_of(refused) == [("DIR_REASON_MISSING", "reason"), ("DIR_DAY_AHEAD", "on")]
    close_organisation(actor=CLERK, organisation=one.pk, on=date(2026, 5, 1), reason="清算注销")
    held.refresh_from_db()
    assert held.until == date(2026, 5, 1)
    with pytest.raises(Refused) as refused:
        set_parent(actor=CLERK, organisation=one.pk, parent=other.pk)
    assert codes_of(refused) == [("DIR_NOT_ACTIVE", "")]


def test_a_parent_closes_no_circle():
    one, two, three = (organisation(f"{name}中心", number) for number, name in enumerate("甲乙丙"))
    set_parent(actor=CLERK, organisation=two.pk, parent=one.pk)
    set_parent(actor=CLERK, organisation=three.pk, parent=two.pk)
    for parent in (one, two, three):
        with pytest.raises(Refused) as refused:
            set_parent(actor=CLERK, organisation=one.pk, parent=parent.pk)
        assert codes_of(refused) == [("DIR_PARENT_CYCLE", "parent")]
    two.refresh_from_db()
    assert [(line.organisation.name, line.how, line.here) for line in tree_of(two, DAY)] == [
        ("甲中心", "上级/主管", False), ("乙中心", "", True), ("丙中心", "下级", False),
    ]  # fmt: skip
    assert set_parent(actor=CLERK, organisation=two.pk, parent=None).parent is None


def test_shares_pass_all_on_no_day_and_close_no_circle():
    one, two, three = (organisation(f"{name}中心", number) for number, name in enumerate("甲乙丙"))
    add_control(actor=CLERK, owner=one.pk, controlled=three.pk, share=Decimal(60), since=date(2026, 1, 1), until=date(2026, 7, 1))
    for since, until, share, wrong in [
        (date(2026, 6, 30), None, Decimal("40.01"), ["DIR_SHARES_ABOVE_ALL"]),
        (date(2025, 1, 1), date(2026, 1, 1), Decimal(100), None),
        (date(2026, 6, 30), None, Decimal(40), None),
        (date(2026, 7, 1), None, Decimal(1), ["DIR_CONTROL_TWICE"]),
        (date(2026, 7, 1), date(2026, 7, 1), Decimal(0), ["DIR_SPAN", "DIR_SHARE_RANGE"]),
    ]:
        if wrong is None:
            add_control(actor=CLERK, owner=two.pk, controlled=three.pk, share=share, since=since, until=until)
        else:
            with pytest.raises(Refused) as refused:
                add_control(actor=CLERK, owner=two.pk, controlled=three.pk, share=share, since=since, until=until)
            assert [one_code for one_code, _ in codes_of(refused)] == wrong
    with pytest.raises(Refused) as refused:
        add_control(actor=CLERK, owner=three.pk, controlled=two.pk, share=None, since=date(2026, 8, 1))
    assert codes_of(refused) == [("DIR_CONTROL_CYCLE", "owner")]
    last = Control.objects.get(owner=two.pk, until__isnull=True)
    assert [line.how for line in tree_of(three, date(2026, 8, 1))] == ["持股 40%", ""]
    end_control(actor=CLERK, control=last.pk, until=date(2026, 8, 1))
    add_control(actor=CLERK, owner=three.pk, controlled=two.pk, share=None, since=date(2026, 8, 1))
    with pytest.raises(Refused) as refused:
        end_control(actor=CLERK, control=last.pk, until=date(2026, 6, 1))
    assert codes_of(refused) == [("DIR_SPAN", "until"), ("DIR_ENDED_ALREADY", "until")]


@pytest.mark.parametrize("values", [
    {"credit_code": "9199"}, {"credit_code": code(9).lower()}, {"status": "merged"}, {"merged_into_id": -1},
    {"parent_id": -1}, {"closed_on": DAY},
])  # fmt: skip
def test_the_database_checks_rows_by_itself(values):
    one = organisation("华光科技有限公司", 1)
    filled = {field: one.pk if value == -1 else value for field, value in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=one.pk).update(**filled)


def test_the_database_refuses_overlaps_and_second_names():
    one, two = organisation("华光科技有限公司", 1), organisation("明光科技有限公司", 2)
    first = Control.objects.create(owner=one, controlled=two, since=date(2026, 1, 1), until=date(2026, 3, 1))
    second = Control.objects.create(owner=one, controlled=two, since=date(2026, 3, 1))
    for attempt in (
        lambda: Control.objects.create(owner=one, controlled=two, since=date(2026, 2, 28), until=date(2026, 3, 2)),
        lambda: Control.objects.filter(pk=first.pk).update(until=None),
        lambda: Control.objects.filter(pk=second.pk).update(since=date(2026, 2, 28)),
        lambda: Control.objects.filter(pk=second.pk).update(until=date(2026, 3, 1)),
        lambda: Control.objects.filter(pk=second.pk).update(share=101),
        lambda: Control.objects.create(owner=one, controlled=one, since=DAY),
        lambda: OrganisationName.objects.create(organisation=one, name="二", plain="二"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_lists_are_bounded_by_the_reach():
    one, two = organisation("华光科技有限公司", 1), organisation("明光科技有限公司", 2, district="990103")
    see = "directory.organisation.see"
    for powers, expected in [
        ([(see, "all")], [one.pk, two.pk]), ([(see, "unit", two.pk)], [two.pk]), ([(see, "district", "990102")], [one.pk]),
        ([("directory.organisation.edit", "all")], []), ([], []),
    ]:  # fmt: skip
        assert [record.pk for record in organisations_for(principal(*powers)).order_by("pk")] == expected
