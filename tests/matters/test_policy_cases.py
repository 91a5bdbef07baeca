"""Policies applied for and offered: what is known is filled in, clauses are judged twice, a unit has a policy once, money is paid once."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate, now
from matters.test_races import at_once
from people import actor_for, make_account, make_unit

from keheng.directory.models import Organisation
from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused, attempt
from keheng.kernel.measures import read
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.periods import Period
from keheng.kernel.uploads.receiving import store
from keheng.matters.models import Case, Edition, Funding, Instalment, Material, PolicyCase, PolicyPush, UnitFact
from keheng.matters.queries.cases import loaded, look_at, matter_of, private_answers
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.policies.asides import sources_said
from keheng.matters.queries.policies.offers import offers_due
from keheng.matters.queries.policies.stages import Progress, progress_of_policies
from keheng.matters.rules.matching import policy_shelf as policy_shelf_module
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.service import (
    MoveWish,
    discard_draft,
    follow_offers,
    lapse_case,
    match_everybody,
    match_unit,
    move_case,
    offer_policy,
    open_case,
    renew_draft,
    save_answers,
    tell_facts,
)

AWARD, LOAN, MATCH = "yl.apply-high-tech-award", "yl.apply-small-tech-loan", "yl.grant-match"
FACTS = {"high_tech": "yes", "rd_share": "4.6", "dishonest": "no"}
PAYEE = {
    "contact": "演示人",
    "phone": "19900000001",
    "payee": "云岭精密仪器有限公司",
    "bank": "云岭演示银行",
    "account": "6200000000000001",
}
OWN = {"cert_number": "GR202699100001", "first_time": "yes"}


@pytest.fixture
def told(people):
    tell_facts(actor=people["firm"], typed=FACTS, seen={})
    return people


def hand_in(case):
    for one in matter_of(case).materials:
        if one.waive is None:
            file = store().keep(io.BytesIO(f"%PDF-1.4 {one.id}\n%%EOF".encode()), MATERIAL.limits)
            Material.objects.create(case=case, code=one.id, name="a.pdf", file_id=file.digest, by=case.applicant, at=now())


def do(actor, case, move, **asked):
    case.refresh_from_db()
    return move_case(actor=actor, case=case.pk, wish=MoveWish(move, case.version, asked, "意见", signed=True))


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [(one.code, one.field) for one in caught.value.problems]


def submitted(people, matter=AWARD, typed=OWN):
    case = open_case(actor=people["firm"], matter=matter)
    save_answers(actor=people["firm"], case=case.pk, typed=typed, seen={})
    hand_in(case)
    return do(people["firm"], case, "submit", **PAYEE)


def granted_project(unit):
    """A project of the fund that was granted to a unit."""
    edition = Edition.objects.get_or_create(digest="0" * 64, defaults={"matter": "yl.zhangjiang", "version": "2020-01-01", "text": ""})[0]
    return Case.objects.create(
        edition=edition, matter="yl.zhangjiang", title="甲", applicant="x", unit_id=unit, state="granted", std="办结", end="granted",
        number=f"T-{unit}-{Case.objects.count()}", entered_on=localdate(), opened_at=now(), submitted_at=now(), ended_at=now(),
    )  # fmt: skip


def offered(people):
    unit = int(people["firm"].unit)
    granted_project(unit)
    match_unit(unit)
    follow_offers()
    return Case.objects.get(matter="yl.apply-grant-match", unit=unit)


def test_what_is_known_is_filled_in_with_its_source_and_shared_data_are_never_typed(told):
    case = open_case(actor=told["firm"], matter=AWARD)
    known = {name: case.answers[name] for name in ("kind", "high_tech", "rd_share", "dishonest", "award", "unit_name")}
    assert known == {
        "kind": "企业", "high_tech": True, "rd_share": "4.6", "dishonest": False, "award": 20_000_000, "unit_name": "云岭精密仪器有限公司",
    }  # fmt: skip
    kept = PolicyCase.objects.get(case=case)
    assert (kept.policy, kept.turn, kept.offered, kept.holds) == ("yl.high-tech-award", "", False, True)
    assert kept.sources["rd_share"] == {"told": True, "since": localdate().isoformat(), "value": "4.6"}
    assert kept.sources["kind"]["told"] is False
    save_answers(actor=told["firm"], case=case.pk, typed={"kind": "科研院所", "rd_share": "5", "high_tech": "yes"}, seen={})
    one = look_at(case.pk)
    assert (one.at.answers["kind"], one.at.answers["rd_share"]) == ("企业", "5")
    day = f"企业填写于 {localdate():%Y-%m-%d}"
    assert sources_said(one) == {"kind": "来自平台共享数据", "high_tech": day, "rd_share": "申请时填写", "dishonest": day}


def test_what_is_too_old_is_asked_again(told):
    UnitFact.objects.filter(fact="rd_share").update(at=now() - timedelta(days=367))
    case = open_case(actor=told["firm"], matter=AWARD)
    assert "rd_share" not in case.answers
    assert case.answers["high_tech"] is True


def test_every_clause_that_is_not_met_or_not_known_is_told_when_it_is_handed_in(people):
    case = open_case(actor=people["firm"], matter=AWARD)
    save_answers(actor=people["firm"], case=case.pk, typed={**OWN, "rd_share": "2.99", "dishonest": "yes"}, seen={})
    found = refused(lambda: do(people["firm"], case, "submit", **PAYEE))
    assert [one for one in found if one[0] in {"MATTER_NOT_ELIGIBLE", "MATTER_NOT_JUDGED"}] == [
        ("MATTER_NOT_JUDGED", "eligible-1"), ("MATTER_NOT_ELIGIBLE", "eligible-2"), ("MATTER_NOT_ELIGIBLE", "eligible-3"),
    ]  # fmt: skip
    assert ("MATTER_MATERIAL", "material-certificate") in found
    # The licence is waived: the directory has the unit's registration.
    Organisation.objects.filter(pk=case.unit_id).update(credit_code="91990101000DBCMM5J")
    assert ("MATTER_MATERIAL", "material-licence") in found
    assert ("MATTER_MATERIAL", "material-licence") not in refused(lambda: do(people["firm"], case, "submit", **PAYEE))


def test_clauses_are_judged_again_before_a_decision_by_shared_data_and_the_form(told):
    Organisation.objects.update(credit_code="91990101000DBCMM5J")
    case = submitted(told)
    Organisation.objects.filter(pk=case.unit_id).update(kind="institute")
    assert refused(lambda: do(told["officer"], case, "verify")) == [("POLICY_CLAUSE_UNMET", "kind")]
    Organisation.objects.filter(pk=case.unit_id).update(kind="enterprise")
    case = do(told["officer"], case, "verify")
    # What the unit tells elsewhere meanwhile changes nothing: the form says what was applied with.
    tell_facts(actor=told["firm"], typed={"rd_share": "1"}, seen={"rd_share": "4.6"})
    assert attempt(lambda: do(told["leader"], case, "grant")) == ()
    case.refresh_from_db()
    answers = {**case.answers, "rd_share": "2"}
    answers.pop("high_tech")
    Case.objects.filter(pk=case.pk).update(state="decision", answers=answers)
    assert refused(lambda: do(told["leader"], case, "grant")) == [("POLICY_CLAUSE_OPEN", "high_tech"), ("POLICY_CLAUSE_UNMET", "rd_share")]


def test_shared_data_are_read_anew_when_it_is_handed_in(told):
    Organisation.objects.update(credit_code="91990101000DBCMM5J")
    case = open_case(actor=told["firm"], matter=AWARD)
    save_answers(actor=told["firm"], case=case.pk, typed=OWN, seen={})
    hand_in(case)
    Organisation.objects.filter(pk=case.unit_id).update(kind="institute")
    assert refused(lambda: do(told["firm"], case, "submit", **PAYEE)) == [("MATTER_NOT_ELIGIBLE", "eligible-0")]
    Organisation.objects.filter(pk=case.unit_id).update(kind="enterprise")
    assert do(told["firm"], case, "submit", **PAYEE).state == "examine"


def test_after_its_publicity_an_award_is_owed_and_paid_once(told, on):
    Organisation.objects.update(credit_code="91990101000DBCMM5J")
    case = do(told["leader"], do(told["officer"], submitted(told), "verify"), "grant")
    assert (case.state, Funding.objects.count()) == ("public", 0)
    assert refused(lambda: do(told["leader"], case, "award")) == [("POLICY_STILL_PUBLIC", "")]
    Case.objects.filter(pk=case.pk).update(entered_on=localdate() - timedelta(days=30))
    case = do(told["leader"], case, "award")
    row = Instalment.objects.get(funding__root=case)
    assert (case.state, row.fen, row.paid_fen, row.due_on == case.due_on) == ("awarded", 20_000_000, 0, True)
    case = do(told["officer"], case, "pay")
    row.refresh_from_db()
    assert (case.end, row.paid_fen, row.paid_for_id) == ("granted", 20_000_000, case.pk)
    month = Period.month(localdate().year, localdate().month)
    scope = {"policy": "yl.high-tech-award"}
    assert [read(f"matters.policy_{name}", month, scope).value.value for name in ("had", "paid", "unasked")] == [1, 200_000, 0]
    Case.objects.filter(pk=case.pk).update(state="awarded", end="", std="审批")
    assert refused(lambda: do(told["officer"], case, "pay")) == [("MATTER_NOT_PAYABLE", "")]


def test_what_is_private_in_a_move_is_kept_sealed_and_the_account_may_be_mended_before_the_payment(told):
    Organisation.objects.update(credit_code="91990101000DBCMM5J")
    case = submitted(told)
    assert ("phone" in case.answers, "phone" in Case.objects.get(pk=case.pk).answers) == (False, False)
    assert private_answers(Case.objects.get(pk=case.pk)) == {"phone": PAYEE["phone"]}
    with connection.cursor() as cursor:
        cursor.execute("select private from matters_case where id = %s", [case.pk])
        assert PAYEE["phone"] not in cursor.fetchone()[0]
    assert not any(PAYEE["phone"] in str(event.given) for event in loaded(case).events)
    Case.objects.filter(pk=case.pk).update(state="awarded", std="审批")
    do(told["firm"], case, "account", **(PAYEE | {"account": "6200000000000002", "phone": "19900000002"}))
    answers = look_at(case.pk).at.answers
    assert (answers["account"], answers["phone"], answers["rd_share"]) == ("6200000000000002", "19900000002", "4.6")


def test_a_unit_has_a_policy_once_and_another_try_after_it_failed(told):
    Organisation.objects.update(credit_code="91990101000DBCMM5J")
    case = submitted(told)
    assert refused(lambda: open_case(actor=told["mate"], matter=AWARD)) == [("POLICY_HELD", "")]
    do(told["officer"], case, "refuse")
    assert PolicyCase.objects.get(case=case).holds is False
    second = open_case(actor=told["mate"], matter=AWARD)
    discard_draft(actor=told["mate"], case=second.pk)
    third = open_case(actor=told["firm"], matter=AWARD)
    assert PolicyCase.objects.filter(holds=True).get().case_id == third.pk


def test_a_yearly_policy_is_had_once_a_year(people):
    first = open_case(actor=people["firm"], matter=LOAN)
    assert PolicyCase.objects.get().turn == str(localdate().year)
    assert refused(lambda: open_case(actor=people["firm"], matter=LOAN)) == [("POLICY_HELD", "")]
    PolicyCase.objects.filter(case=first).update(turn=str(localdate().year - 1))
    open_case(actor=people["firm"], matter=LOAN)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyCase.objects.update(turn="2020")


def test_who_is_no_enterprise_and_a_policy_that_is_over_are_refused(people, monkeypatch):
    assert refused(lambda: open_case(actor=people["person"], matter=AWARD)) == [("MATTER_FOR_UNITS", "")]
    Organisation.objects.filter(pk=people["firm"].unit).update(kind="association")
    assert refused(lambda: open_case(actor=people["firm"], matter=AWARD)) == [("POLICY_KIND", "")]
    Organisation.objects.filter(pk=people["firm"].unit).update(kind="enterprise")
    without = policy_shelf_module.PolicyShelf((), policy_shelf().facts, policy_shelf().units, "0")
    for name in ("keheng.matters.actions.policy_cases", "keheng.matters.queries.policies.judging"):
        monkeypatch.setattr(f"{name}.policy_shelf", lambda: without)
    assert refused(lambda: open_case(actor=people["firm"], matter=AWARD)) == [("POLICY_OVER", "")]


def test_a_policy_is_not_applied_for_before_or_after_its_days(people, on):
    on("2031-01-01")
    codes = [code for code, _ in refused(lambda: open_case(actor=people["firm"], matter=AWARD))]
    assert codes == ["MATTER_CLOSED_NOW"]
    on("2030-12-31")
    assert open_case(actor=people["firm"], matter=AWARD).state == "draft"


def test_a_running_case_stays_on_its_edition_and_a_draft_may_move_to_the_new_one(told, shelved, on):
    text = Edition.objects.get(pk=open_case(actor=told["firm"], matter=AWARD).edition_id).text
    case = Case.objects.get(matter=AWARD)
    newer = text.replace("version: 2026-01-01", "version: 2026-02-01").replace("rd_share >= 3", "rd_share >= 6")
    shelved(newer)
    assert matter_of(case).eligible[2].rule.source == "rd_share >= 3"
    renewed = renew_draft(actor=told["firm"], case=case.pk, digest=shelved_digest(newer))
    assert matter_of(renewed).eligible[2].rule.source == "rd_share >= 6"
    assert renewed.answers["rd_share"] == "4.6"


def shelved_digest(text):
    from keheng.matters.rules.files.reading import digest_of_text  # noqa: PLC0415 -- used only here

    return digest_of_text(text)


def test_an_offer_is_opened_by_itself_and_one_page_accepts_it(people):
    case = offered(people)
    firm = people["firm"]
    assert (case.state, case.applicant, case.number, case.answers["projects"], case.answers["award"]) == (
        "offered",
        firm.account,
        None,
        1,
        5_000_000,
    )
    message = Message.objects.get(account=firm.account, url=f"/matters/cases/{case.pk}/")
    assert "确认即可享受" in message.body
    assert not Message.objects.filter(kind="matters.policy", body__contains="近三年有专项资金立项的企业").exists()
    assert PolicyPush.objects.filter(policy=MATCH, unit=case.unit_id).count() == 1
    assert AuditEntry.objects.filter(body__contains="policy.offer").count() == 1
    case = do(people["mate"], case, "confirm", **PAYEE)
    row = Instalment.objects.get(funding__root=case)
    assert (case.state, case.number is not None, row.fen) == ("awarded", True, 5_000_000)
    do(people["officer"], case, "pay")
    month = Period.month(localdate().year, localdate().month)
    assert read("matters.policy_unasked", month, {"policy": MATCH}).value.value == 100
    assert progress_of_policies(people["officer"])[MATCH] == Progress(1, 0, 1, 1, 1, 5_000_000)


def test_an_offer_is_never_made_twice(people):
    case = offered(people)
    assert follow_offers() == 0
    do(people["firm"], case, "decline")
    match_everybody()
    assert (offers_due(localdate()), follow_offers()) == ([], 0)
    assert Case.objects.filter(matter="yl.apply-grant-match").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyCase.objects.create(case=granted_project(case.unit_id), unit_id=case.unit_id, policy=MATCH, version=localdate(), offered=True)
    # It may still be asked for.
    assert open_case(actor=people["firm"], matter="yl.apply-grant-match").state == "draft"


def test_an_offer_that_no_longer_holds_is_withdrawn(people):
    case = offered(people)
    Organisation.objects.filter(pk=case.unit_id).update(kind="institute")
    # Nobody accepts it meanwhile, and what is not met is named.
    assert refused(lambda: do(people["firm"], case, "confirm", **PAYEE))[0] == ("POLICY_CLAUSE_UNMET", "kind")
    match_unit(case.unit_id)
    assert Job.objects.filter(kind="matters.follow_offers", state=Job.WAITING).exists()
    assert follow_offers() == 1
    case.refresh_from_db()
    assert (case.state, case.end, PolicyCase.objects.get(case=case).holds) == ("expired", "closed", False)
    assert "不再符合" in Message.objects.filter(url=f"/matters/cases/{case.pk}/").latest("pk").body
    assert (follow_offers(), Funding.objects.count()) == (0, 0)


def test_an_offer_of_a_policy_that_is_over_is_withdrawn(people, on):
    case = offered(people)
    on("2031-01-01")
    Case.objects.filter(pk=case.pk).update(entered_on="2030-12-30")
    assert refused(lambda: do(people["firm"], case, "confirm", **PAYEE))[0] == ("POLICY_OVER", "")
    match_everybody()
    assert follow_offers() == 1
    case.refresh_from_db()
    assert (case.state, case.end) == ("expired", "closed")


def test_an_offer_that_nobody_answers_ends_by_itself(people):
    case = offered(people)
    assert lapse_case(case=case.pk) is False
    Case.objects.filter(pk=case.pk).update(entered_on=localdate() - timedelta(days=70))
    assert lapse_case(case=case.pk) is True
    case.refresh_from_db()
    assert (case.state, PolicyCase.objects.get(case=case).holds) == ("expired", False)


def test_what_a_firm_told_of_itself_does_not_suffice_and_nobody_is_offered_what_nobody_can_accept(people):
    # Met, but by facts that the firm told: it is asked to apply.
    tell_facts(actor=people["firm"], typed=FACTS, seen={})
    alone = make_unit("云岭无人企业")
    granted_project(alone.pk)
    match_everybody()
    assert (follow_offers(), PolicyCase.objects.count()) == (0, 0)
    assert refused(lambda: offer_policy(actor=people["leader"], unit=alone.pk, policy=MATCH)) == [("POLICY_OFFER", "")]
    assert refused(lambda: offer_policy(actor=people["leader"], unit=int(people["firm"].unit), policy="yl.high-tech-award")) == [
        ("POLICY_OFFER", "")
    ]


def test_who_asks_already_is_not_offered_the_same(people):
    unit = int(people["firm"].unit)
    granted_project(unit)
    open_case(actor=people["firm"], matter="yl.apply-grant-match")
    match_unit(unit)
    assert follow_offers() == 0


def test_of_several_jobs_at_once_one_offers_and_of_several_colleagues_one_applies(fresh):
    unit = make_unit()
    actors = [actor_for(make_account(login, "unit_manager", unit=unit), unit.pk) for login in ("ann", "bob", "cid")]
    granted_project(unit.pk)
    match_unit(unit.pk)
    officer = actor_for(make_account("officer", "case_officer"))
    found = at_once(*[lambda: offer_policy(actor=officer, unit=unit.pk, policy=MATCH)] * 3)
    assert found == ["POLICY_OFFER", "POLICY_OFFER", "done"]
    assert Case.objects.filter(matter="yl.apply-grant-match").count() == 1
    assert Message.objects.filter(title__contains="可以直接享受").count() == 2
    found = at_once(*(lambda one=one: open_case(actor=one, matter=AWARD) for one in actors))
    assert found == ["POLICY_HELD", "POLICY_HELD", "done"]
    assert PolicyCase.objects.filter(policy="yl.high-tech-award").count() == 1


def test_an_offer_and_an_application_at_once_are_one_case(fresh):
    unit = make_unit()
    firm = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
    granted_project(unit.pk)
    match_unit(unit.pk)
    officer = actor_for(make_account("officer", "case_officer"))
    found = at_once(
        lambda: offer_policy(actor=officer, unit=unit.pk, policy=MATCH), lambda: open_case(actor=firm, matter="yl.apply-grant-match")
    )
    assert len([one for one in found if one == "done"]) == 1
    assert PolicyCase.objects.filter(policy=MATCH, holds=True).count() == 1
