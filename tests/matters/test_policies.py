"""Policies on the database: facts told, everybody matched, differences kept, who newly meets one told once."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from threading import Barrier

import pytest
from directory.made_up import EVERY_WARNING
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate, now
from people import actor_for, make_account, make_unit

from keheng.directory.actions.organisations import (
    change_organisation,
    close_organisation,
    facts_from,
    move_organisation,
    register_organisation,
)
from keheng.directory.events import MergeUndone, OrganisationsMerged
from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.jobs.registry import kind_of
from keheng.kernel.measures import read
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.periods import Period
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.actions import matching
from keheng.matters.models import Case, FactChange, PolicyPush, PolicyRun, PolicyStanding, PolicyTally, UnitFact
from keheng.matters.queries.policies import everybody as everybody_module
from keheng.matters.queries.policies import known
from keheng.matters.queries.policies.everybody import SHARED_BY, everybody
from keheng.matters.queries.policies.known import SHARED, believed, known_of, matched_units, units_by_number
from keheng.matters.queries.policies.own import own_policies, own_policy
from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.matching import standing as standing_of
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import SOURCES
from keheng.matters.service import follow_case, follow_changes, follow_policies, match_everybody, match_unit, tell_facts

TALENT = {"rd_share": "2.5", "staff": "20"}


def tell(actor, seen=None, **typed):
    return tell_facts(actor=actor, typed=typed, seen=seen or {})


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [(one.code, one.field) for one in caught.value.problems]


def lacks(unit, name):
    """The number of the clause that keeps a unit out, 0 for none; None where it is further away."""
    return PolicyStanding.objects.filter(unit=unit, policy=name).values_list("lacks", flat=True).first()


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
    # Two tellings, one job for both.
    assert (list(FactChange.objects.values_list("unit", "done")), Job.objects.filter(kind="matters.match_changed").count()) == (
        [(int(firm.unit), False)] * 2, 1,
    )  # fmt: skip
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
    assert lacks(firm.unit, "yl.talent-plan") == 0
    UnitFact.objects.filter(fact="staff").update(at=now() - timedelta(days=367))
    assert match_unit(int(firm.unit)) > 0
    assert lacks(firm.unit, "yl.talent-plan") is None
    known = known_of([unit_of(firm)], localdate())[int(firm.unit)]
    assert (known["staff"].stale, known["rd_share"].stale) == (True, False)
    assert tell(firm, seen={"staff": "", "rd_share": "2.5"}, staff="20", rd_share="2.5") == 1


def test_only_differences_are_written_and_the_day_stays_with_the_verdict(firm):
    tell(firm, rd_share="1.5", staff="40", patents="4", rd_staff="12")
    kept = match_everybody()
    assert (kept, lacks(firm.unit, "yl.talent-plan"), lacks(firm.unit, "yl.patent-support")) == (PolicyStanding.objects.count(), 1, 1)
    earlier = localdate() - timedelta(days=9)
    PolicyStanding.objects.update(since=earlier)
    FactChange.objects.update(done=True)
    assert (match_everybody(), follow_policies()) == (0, 0)
    tell(firm, seen={"rd_share": "1.5"}, rd_share="2.5")
    assert follow_changes() > 0
    assert PolicyStanding.objects.get(unit=firm.unit, policy="yl.talent-plan", lacks=0).since == localdate()
    assert PolicyStanding.objects.get(unit=firm.unit, policy="yl.patent-support").since == earlier
    # Further away than one clause: nothing is kept.
    tell(firm, seen={"rd_share": "2.5", "staff": "40"}, rd_share="0.5", staff="4")
    follow_changes()
    assert lacks(firm.unit, "yl.talent-plan") is None


def test_everybody_is_matched_when_files_or_the_day_changed(firm):
    tell(firm, **TALENT)
    follow_policies()
    assert (kept := PolicyStanding.objects.count()) == follow_policies() + PolicyStanding.objects.count()
    PolicyStanding.objects.all().delete()
    assert follow_policies() == 0
    PolicyRun.objects.update(digest="0" * 64)
    assert follow_policies() == kept > 0
    PolicyStanding.objects.all().delete()
    PolicyRun.objects.update(day=localdate() - timedelta(days=1))
    assert follow_policies() == kept > 0


def test_policies_and_units_that_are_gone_leave_no_standing(firm):
    match_everybody()
    PolicyStanding.objects.create(unit_id=int(firm.unit), policy="yl.gone", version=localdate(), since=localdate())
    other = make_unit("云岭旧厂有限公司")
    match_unit(other.pk)
    type(other).objects.filter(pk=other.pk).update(status="closed", closed_on=localdate())
    gone = 1 + PolicyStanding.objects.filter(unit=other).count()
    assert match_everybody() == gone > 1
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
    assert (lacks(firm.unit, "yl.talent-plan"), mine.count(), PolicyPush.objects.count()) == (0, 1, 2)
    month = Period.month(localdate().year, localdate().month)
    reading = read("matters.policy_pushed", month)
    assert (reading.value.value, reading.rows) == (2, 2)
    assert read("matters.policy_pushed", month, {"policy": "yl.talent-plan"}).value.value == 1
    assert read("matters.policy_pushed", month.moved(-2)).value.value == 0


def test_shared_data_are_known_without_asking(firm):
    assert set(SHARED) == set(SHARED_BY) == set(SOURCES)
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
        follow_case(case=made.pk)
        assert follow_changes() > 0
        assert lacks(firm.unit, "yl.granted-follow-up") == (0 if expected else 1)
    Case.objects.filter(pk=made.pk).update(matter="yl.leave")
    follow_case(case=made.pk)
    assert not FactChange.objects.filter(done=False).exists()


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


def test_there_is_one_run_and_one_standing_each(firm):
    PolicyStanding.objects.create(unit_id=int(firm.unit), policy="yl.x", version=localdate(), since=localdate())
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyStanding.objects.create(unit_id=int(firm.unit), policy="yl.x", version=localdate(), since=localdate())
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
    # Each standing was written by one of them.
    assert sum(changed) == PolicyStanding.objects.count() > 0
    assert (PolicyPush.objects.count(), Message.objects.filter(kind="matters.policy").count()) == (2, 1)


def test_what_the_directory_knows_is_followed_too(firm):
    def followed():
        while (job := Job.objects.filter(state=Job.WAITING).order_by("pk").first()) is not None:
            Job.objects.filter(pk=job.pk).update(state=Job.DONE)
            kind_of(job.kind).handler(json.loads(job.payload))
        return FactChange.objects.filter(unit=made.pk, done=True).count()

    facts = {"name": "云岭新厂有限公司", "kind": "enterprise", "address": "一号"}
    made = register_organisation(actor=SYSTEM, facts=facts_from(**facts, district="990107"), accepted=EVERY_WARNING)
    assert followed() == 1
    near = set(PolicyStanding.objects.filter(unit=made).values_list("policy", "lacks"))
    assert ("yl.new-user-guide", 0) in near
    change_organisation(
        actor=SYSTEM, organisation=made.pk, facts=facts_from(**{**facts, "kind": "authority"}, district="990107"), accepted=EVERY_WARNING
    )
    assert (followed(), PolicyStanding.objects.filter(unit=made).count()) == (2, 0)
    change_organisation(actor=SYSTEM, organisation=made.pk, facts=facts_from(**facts, district="990107"), accepted=EVERY_WARNING)
    assert (followed(), set(PolicyStanding.objects.filter(unit=made).values_list("policy", "lacks"))) == (3, near)
    move_organisation(actor=SYSTEM, organisation=made.pk, district="990102", address="二号")
    assert followed() == 4
    close_organisation(actor=SYSTEM, organisation=made.pk, on=localdate(), reason="注销")
    assert (followed(), PolicyStanding.objects.filter(unit=made).count()) == (5, 0)
    emit(OrganisationsMerged(1, made.pk, int(firm.unit)))
    emit(MergeUndone(1, "Organisation", made.pk, int(firm.unit)))
    emit(MergeUndone(1, "Person", made.pk, int(firm.unit)))
    assert (followed(), FactChange.objects.filter(unit=firm.unit, done=True).count()) == (7, 2)


@pytest.fixture
def crowd(db):
    """Units of all kinds and districts, with facts that are right, too old, of another kind than they were, or not told."""
    chance, facts = Random(5), policy_shelf().facts  # noqa: S311 -- the same every time
    for number in range(90):
        made = make_unit(f"云岭第{number}企业", district=chance.choice(("990101", "990102", "990107", "")))
        type(made).objects.filter(pk=made.pk).update(
            kind=chance.choice(("enterprise", "enterprise", "institute", "authority")),
            registered_on=localdate() - timedelta(days=chance.randrange(3000)),
        )
        for fact in facts.values():
            if not fact.shared and chance.random() < 0.7:
                value = chance.choice(
                    {"yesno": ("yes", "no"), "choice": (*fact.options, "别的")}.get(fact.kind, ("3", "5.25", "60", "-1", "900000000000"))
                )
                UnitFact.objects.create(
                    unit=made, fact=fact.id, value=value, by="x", at=now() - timedelta(days=chance.choice((1, 364, 367, 900)))
                )


def test_columns_say_what_is_known_of_each(crowd):
    day, names = localdate(), {clause.fact for one in policy_shelf().policies for clause in one.clauses}
    UnitFact.objects.filter(pk__in=list(UnitFact.objects.filter(fact="staff").values_list("pk", flat=True)[:3])).update(value="many")
    columns = everybody(day, names)
    units = units_by_number(columns.units[columns.units > 0].tolist())
    assert len(units) == columns.count == matched_units().count() > 50
    known = known_of(units, day)
    place = {unit: at for at, unit in enumerate(columns.units.tolist())}
    for unit in units:
        row = facts_of([believed(known.get(unit.pk, {}))])
        for one in policy_shelf().policies:
            expected = [(clause.say, verdict) for clause, verdict in standing_of(one, row, 0)]
            assert [(clause.say, verdict) for clause, verdict in standing_of(one, columns.facts, place[unit.pk])] == expected
    for district, start in zip(columns.districts, columns.starts.tolist(), strict=True):
        assert next(unit.district for unit in units if unit.pk == columns.units[start * 64]) == district


def test_what_is_kept_and_counted_is_what_each_unit_is_told(crowd):
    match_everybody()
    day, units = localdate(), units_by_number(matched_units().values_list("pk", flat=True))
    met, near = Counter(), set()
    for unit in units:
        for one in policy_shelf().in_force(day):
            said = own_policy(unit, one, day)
            met[one.id, unit.district, said.verdict] += 1
            lacking = [number for number, part in enumerate(said.clauses, 1) if part.verdict == "unmet"]
            if said.verdict == "met" or (len(lacking) == 1 and not said.open):
                near.add((unit.pk, one.id, lacking[0] if lacking else 0))
    assert set(PolicyStanding.objects.values_list("unit", "policy", "lacks")) == near
    assert len(near) > 50
    counted = {
        (name, tally.district): (row["met"], row["unknown"], row["unmet"])
        for tally in PolicyTally.objects.all() for name, row in tally.counts.items()
    }  # fmt: skip
    assert counted == {key: tuple(met[(*key, verdict)] for verdict in ("met", "unknown", "unmet")) for key in {key[:2] for key in met}}
    # A unit by itself stands as it does among all.
    before = set(PolicyStanding.objects.values_list("unit", "policy", "version", "lacks", "since"))
    PolicyStanding.objects.all().delete()
    for unit in units:
        match_unit(unit.pk)
    assert set(PolicyStanding.objects.values_list("unit", "policy", "version", "lacks", "since")) == before


def test_a_unit_that_changes_while_everybody_is_matched_is_left_to_its_own_matching(firm, monkeypatch):
    read = matching.everybody

    def read_before_the_change(day, names):
        found = read(day, names)
        tell(firm, **TALENT)
        follow_changes()
        return found

    def met():
        return PolicyTally.objects.get().counts["yl.talent-plan"]["met"]

    monkeypatch.setattr(matching, "everybody", read_before_the_change)
    match_everybody()
    assert lacks(firm.unit, "yl.talent-plan") == 0
    monkeypatch.undo()
    # Its counts are those of before: the next hour counts again, and writes nothing.
    assert (met(), follow_policies(), met()) == (0, 0, 1)


def test_a_policy_of_another_version_keeps_days_and_loses_who_no_longer_meets_it(firm, monkeypatch):
    tell(firm, **TALENT)
    match_everybody()
    earlier = localdate() - timedelta(days=9)
    PolicyStanding.objects.update(since=earlier)
    shelf = policy_shelf()
    talent = next(one for one in shelf.policies if one.id == "yl.talent-plan")

    def renewed(wanted, version):
        clause = talent.clauses[1].model_copy(update={"value": Decimal(wanted)})
        other = talent.model_copy(update={"version": version, "clauses": (talent.clauses[0], clause)})
        changed = tuple(other if one.id == other.id else one for one in shelf.policies)
        for module in (matching, known, everybody_module):
            monkeypatch.setattr(module, "policy_shelf", lambda: replace(shelf, policies=changed, digest=f"{version}"))
        return follow_policies()

    row = PolicyStanding.objects.filter(unit=firm.unit, policy=talent.id)
    assert renewed(15, date(2026, 2, 1)) == 1
    assert list(row.values_list("version", "lacks", "since")) == [(date(2026, 2, 1), 0, earlier)]
    assert renewed(21, date(2026, 3, 1)) == 1
    assert list(row.values_list("version", "lacks", "since")) == [(date(2026, 3, 1), 2, localdate())]
