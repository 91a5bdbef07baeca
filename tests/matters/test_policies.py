"""Policies on the database: facts told, everybody matched, differences kept, who newly meets one told once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate, now
from people import actor_for, make_account, make_unit

from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.kernel.measures import read
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.periods import Period
from keheng.matters.models import Case, PolicyPush, PolicyRun, PolicyStanding, UnitFact
from keheng.matters.queries.policies.known import SHARED, known_of, units_by_number
from keheng.matters.queries.policies.own import own_policies
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import SOURCES
from keheng.matters.service import follow_case, follow_policies, match_everybody, match_unit, tell_facts

TALENT = {"rd_share": "2.5", "staff": "20"}


def tell(actor, seen=None, **typed):
    return tell_facts(actor=actor, typed=typed, seen=seen or {})


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [(one.code, one.field) for one in caught.value.problems]


def standing(unit, name):
    return PolicyStanding.objects.get(unit=unit, policy=name)


@pytest.fixture
def firm(db):
    unit = make_unit(district="990107")
    return actor_for(make_account("company", "unit_manager", unit=unit), unit.pk)


def unit_of(actor):
    return units_by_number([int(actor.unit)])[0]


def test_facts_are_kept_taken_back_and_put_into_the_queue(firm):
    assert tell(firm, staff="1,200", high_tech="yes", industry="新材料", rd_share="") == 3
    kept = dict(UnitFact.objects.values_list("fact", "value"))
    assert kept == {"staff": "1200", "high_tech": "yes", "industry": "新材料"}
    assert tell(firm, seen=kept, staff="", high_tech="yes", industry="智能装备") == 2
    assert dict(UnitFact.objects.values_list("fact", "value")) == {"high_tech": "yes", "industry": "智能装备"}
    assert [one.payload for one in Job.objects.filter(kind="matters.match_policies")] == [f'{{"unit": {firm.unit}}}'] * 2
    bodies = [one.body for one in AuditEntry.objects.filter(body__contains="policy.facts.tell")]
    assert (len(bodies), any("智能装备" in body for body in bodies)) == (2, False)


def test_everything_wrong_is_told_at_once_and_nothing_is_written(firm):
    act = lambda: tell(firm, staff="many", rd_share="101", revenue="1.234", high_tech="perhaps", industry="养殖", age="7")  # noqa: E731 -- one line
    number, choice = "POLICY_FACT_NUMBER", "POLICY_FACT_CHOICE"
    assert refused(act) == [(number, "staff"), (number, "rd_share"), (number, "revenue"), (choice, "high_tech"), (choice, "industry")]
    assert UnitFact.objects.count() == 0
    assert refused(lambda: tell(firm, staff="")) == [("POLICY_FACT_NOTHING", "")]
    assert refused(lambda: tell(firm, district="990102")) == [("POLICY_FACT_NOTHING", "")]
    assert refused(lambda: tell(actor_for(make_account("person")), staff="5")) == [("POLICY_UNIT", "")]


def test_colleagues_do_not_undo_each_other(firm):
    tell(firm, staff="20", age="3")
    seen = {"staff": "20", "age": "3"}
    tell(firm, seen=seen, staff="25", age="3")
    assert tell(firm, seen=seen, staff="20", age="4") == 1
    assert dict(UnitFact.objects.values_list("fact", "value")) == {"staff": "25", "age": "4"}
    assert refused(lambda: tell(firm, seen=seen, staff="30")) == [("POLICY_FACT_MEANWHILE", "staff")]


def test_what_is_too_old_is_unknown_again(firm):
    tell(firm, **TALENT)
    match_unit(int(firm.unit))
    assert standing(firm.unit, "yl.talent-plan").verdict == "met"
    UnitFact.objects.filter(fact="staff").update(at=now() - timedelta(days=367))
    assert match_unit(int(firm.unit)) > 0
    row = standing(firm.unit, "yl.talent-plan")
    assert (row.verdict, row.unmet, row.unknown, row.since) == ("unknown", 0, 2, localdate())
    known = known_of([unit_of(firm)], localdate())[int(firm.unit)]
    assert (known["staff"].stale, known["rd_share"].stale) == (True, False)
    assert tell(firm, seen={"staff": "", "rd_share": "2.5"}, staff="20", rd_share="2.5") == 1


def test_only_differences_are_written_and_the_day_stays_with_the_verdict(firm):
    assert match_everybody() == len(policy_shelf().policies)
    earlier = localdate() - timedelta(days=9)
    PolicyStanding.objects.update(since=earlier)
    assert (match_everybody(), follow_policies()) == (0, 0)
    tell(firm, **TALENT)
    match_unit(int(firm.unit))
    moved = set(PolicyStanding.objects.filter(since=localdate()).values_list("policy", "verdict"))
    assert moved == {("yl.talent-plan", "met"), ("yl.zhangjiang-fund", "unmet"), ("yl.high-tech-award", "unmet"), ("yl.little-giant", "unmet"),
                     ("yl.workstation-fund", "unmet")}  # fmt: skip
    assert PolicyStanding.objects.get(policy="yl.small-tech-loan").since == earlier


def test_everybody_is_matched_when_files_or_the_day_changed(firm):
    follow_policies()
    PolicyStanding.objects.all().delete()
    assert follow_policies() == 0
    PolicyRun.objects.update(digest="0" * 64)
    assert follow_policies() == len(policy_shelf().policies)
    PolicyStanding.objects.all().delete()
    PolicyRun.objects.update(day=localdate() - timedelta(days=1))
    assert follow_policies() == len(policy_shelf().policies)


def test_policies_and_units_that_are_gone_leave_no_standing(firm):
    match_everybody()
    PolicyStanding.objects.create(unit_id=int(firm.unit), policy="yl.gone", version=localdate(), verdict="met", since=localdate())
    other = make_unit("云岭旧厂有限公司")
    match_unit(other.pk)
    type(other).objects.filter(pk=other.pk).update(status="closed", closed_on=localdate())
    assert match_everybody() == 1 + len(policy_shelf().policies)
    assert not PolicyStanding.objects.filter(Q(policy="yl.gone") | Q(unit=other)).exists()


def test_who_newly_meets_a_policy_is_told_once_and_it_is_counted(firm):
    tell(firm, **TALENT)
    match_everybody()
    mine = Message.objects.filter(account=firm.account, kind="matters.policy")
    assert [(one.title, one.url) for one in mine] == [("云岭精密仪器有限公司新符合 2 项政策", "/matters/policies/")]
    assert [line.partition("：")[0] for line in mine.get().body.splitlines()] == ["新登记企业上门辅导", "科技英才引进补贴"]
    tell(firm, seen=TALENT, staff="10")
    match_everybody()
    tell(firm, seen={"staff": "10"}, staff="30")
    match_everybody()
    assert (standing(firm.unit, "yl.talent-plan").verdict, mine.count(), PolicyPush.objects.count()) == ("met", 1, 2)
    month = Period.month(localdate().year, localdate().month)
    reading = read("matters.policy_pushed", month)
    assert (reading.value.value, reading.rows) == (2, 2)
    assert read("matters.policy_pushed", month, {"policy": "yl.talent-plan"}).value.value == 1
    assert read("matters.policy_pushed", month.moved(-2)).value.value == 0


def test_shared_data_are_known_without_asking(firm):
    assert set(SHARED) == set(SOURCES)
    unit = unit_of(firm)
    known = known_of([unit], localdate().replace(year=localdate().year + 2))[unit.pk]
    assert {name: (one.value, one.told) for name, one in known.items()} == {
        "kind": ("enterprise", False), "district": ("990107", False), "listed_years": (Decimal(2), False), "projects": (Decimal(0), False),
    }  # fmt: skip


def test_granted_projects_are_counted_within_their_months(people, on, firm):
    from matters.test_bulletins import leave  # noqa: PLC0415 -- the case is made only here

    made = leave(people, on, "2026-09-01")
    day = localdate()
    for months, expected in ((1, 1), (40, 0)):
        ended = now() - timedelta(days=30 * months)
        Case.objects.filter(pk=made.pk).update(matter="yl.zhangjiang", end="granted", ended_at=ended, unit=int(firm.unit))
        assert known_of([unit_of(firm)], day)[int(firm.unit)]["projects"].value == expected
        assert follow_case(case=made.pk) > 0
        assert standing(firm.unit, "yl.granted-follow-up").verdict == ("met" if expected else "unmet")
    Case.objects.filter(pk=made.pk).update(matter="yl.leave")
    assert follow_case(case=made.pk) == 0


def test_questions_that_settle_most_come_first(firm):
    tell(firm, rd_share="6", dishonest="no", high_tech="yes", rd_staff="25", patents="9")
    own = own_policies(unit_of(firm), policy_shelf().in_force(localdate()), localdate())
    assert {one.policy.id for one in own.met} == {"yl.high-tech-award", "yl.patent-support", "yl.new-user-guide"}
    assert [(fact.id, count) for fact, count in own.questions][:1] == [("foreign_staff", 1)]
    assert {one.policy.id for one in own.near} == {"yl.grant-match", "yl.granted-follow-up"}
    groups = [own.met, own.unknown, own.near, own.unmet]
    assert sorted(one.policy.id for group in groups for one in group) == [one.id for one in policy_shelf().policies]


def test_one_policy_more_is_told_by_its_name(firm):
    match_everybody()
    tell(firm, **TALENT)
    match_everybody()
    told = Message.objects.filter(account=firm.account, kind="matters.policy").order_by("pk")
    assert [(one.title, one.url) for one in told] == [
        ("云岭精密仪器有限公司符合“新登记企业上门辅导”", "/matters/policies/of/yl.new-user-guide/"),
        ("云岭精密仪器有限公司符合“科技英才引进补贴”", "/matters/policies/of/yl.talent-plan/"),
    ]


def test_the_database_holds_a_verdict_to_its_clauses(firm):
    for wrong in ({"verdict": "met", "unmet": 1}, {"verdict": "unknown"}, {"verdict": "unmet", "unknown": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyStanding.objects.create(unit_id=int(firm.unit), policy="yl.x", version=localdate(), since=localdate(), **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyRun.objects.create(pk=2)


def test_two_jobs_at_once_write_and_tell_once(fresh):
    unit = make_unit()
    actor = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
    tell(actor, **TALENT)
    together = Barrier(3)

    def run():
        together.wait()
        try:
            return match_everybody()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        changed = sorted(one.result() for one in [pool.submit(run) for _ in range(3)])
    assert changed == [0, 0, len(policy_shelf().policies)]
    assert (PolicyPush.objects.count(), Message.objects.filter(kind="matters.policy").count()) == (2, 1)
