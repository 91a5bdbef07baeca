"""Requests about one's own data, consent, legal holds, and erasure with its proof."""

import json
import threading
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.kernel.personal import holders, requests
from keheng.kernel.personal.catalogue import notice
from keheng.kernel.personal.consents import give_consent, withdraw_consent
from keheng.kernel.personal.holders import Erased, Holder, Kept, keys_of, register_holder, register_keys, sections_of
from keheng.kernel.personal.holds import in_force, lift_hold, place_hold
from keheng.kernel.personal.models import Consent, DataRequest, ErasureProof, LegalHold
from keheng.kernel.personal.requests import ask_request, decide_request, due_on, export_own, read_own
from keheng.kernel.trail import heads
from keheng.kernel.trail.record import Actor, mark, now
from keheng.kernel.trail.seal import seal_pending

CITIZEN, OFFICER, SECOND = Actor("1"), Actor("5"), Actor("11")
ERASE, CORRECT = DataRequest.Kind.ERASE, DataRequest.Kind.CORRECT
PHONE = "13812345678"


@pytest.fixture(autouse=True)
def books(monkeypatch):
    """Two packages that hold data: one forgets, one must keep."""
    phones = {"account:1": [PHONE], "person:8": ["13900001111", "13900002222"]}
    vouchers = [Kept(3, "会计凭证保存三十年", date(2056, 12, 31)), Kept(1, "司法查询")]
    monkeypatch.setattr(holders, "_holders", {})
    monkeypatch.setattr(holders, "_resolvers", [])
    register_keys(lambda account: {"1": ["person:8", "account:1"], "11": ["person:8"]}.get(account, []))
    register_holder(
        Holder(
            "phones",
            "电话簿",
            lambda key: [{"电话": one} for one in phones.get(key, [])],
            lambda key, _actor: Erased(len(phones.pop(key, []))),
        )
    )
    kept = Holder(
        "vouchers",
        "凭证",
        lambda _key: [],
        lambda key, _actor: Erased(0, tuple(vouchers) if key == "person:8" else ()),
        "保存三十年：会计法",
    )
    register_holder(kept)
    return phones


def codes(error):
    return [one.code for one in error.value.problems]


def ask(actor=CITIZEN, kind=ERASE, detail=""):
    return ask_request(actor=actor, kind=kind, detail=detail)


def decide(asked, actor=OFFICER, reason="", *, approve=True):
    return decide_request(actor=actor, request_id=asked.pk, approve=approve, reason=reason)


def bodies():
    return [json.loads(body) for body in AuditEntry.objects.order_by("id").values_list("body", flat=True)]


def test_a_person_has_several_keys_and_nobody_has_none():
    assert (keys_of("1"), keys_of("2"), keys_of("")) == (("account:1", "person:8"), ("account:2",), ())


def test_a_code_is_one_holders():
    with pytest.raises(ValueError, match="registered twice"):
        register_holder(Holder("phones", "别的", lambda _key: [], lambda _key, _actor: Erased(0)))


@pytest.mark.django_db
def test_own_data_are_read_and_exported_on_the_trail():
    [section] = read_own(actor=CITIZEN)
    assert (section.code, section.rows) == ("phones", [{"电话": PHONE}, {"电话": "13900001111"}, {"电话": "13900002222"}])
    assert export_own(actor=CITIZEN, form="pdf") == [section]
    assert sections_of("2") == []
    told = [(one["act"], one["account"], one["target"], one["reason"]) for one in bodies()]
    assert told == [("personal.own.read", "1", "account:1", ""), ("personal.own.export", "1", "account:1", "pdf")]


@pytest.mark.parametrize(
    ("asked", "last"),
    [(date(2026, 3, 2), date(2026, 3, 23)), (date(2026, 9, 25), date(2026, 10, 22)), (date(2026, 2, 13), date(2026, 3, 12))],
)
def test_the_clock_runs_in_working_days(asked, last):
    assert due_on(asked) == last


@pytest.mark.django_db
def test_a_request_is_open_once_and_a_correction_says_what_is_wrong():
    first = ask()
    assert (first.state, first.person_keys) == ("open", "account:1 person:8")
    with pytest.raises(Refused) as error:
        ask()
    assert codes(error) == ["personal.request_open"]
    ask(kind=CORRECT, detail="电话应为 13900003333")
    with pytest.raises(Refused) as error:
        ask(kind=CORRECT, detail=" 错 ")
    assert codes(error) == ["personal.detail_missing", "personal.request_open"]
    assert "13900003333" not in json.dumps(bodies(), ensure_ascii=False)


@pytest.mark.django_db
def test_an_approved_erasure_is_carried_out_and_proved(books):
    asked = decide(ask(detail=f"删除 {PHONE}"))
    assert (books, asked.state, asked.detail, asked.decided_by) == ({}, "done", "", "5")
    proofs = [
        (one.holder, one.person_mark, one.erased, one.kept, one.kept_until, one.kept_because) for one in ErasureProof.objects.order_by("pk")
    ]
    assert proofs == [
        ("phones", mark("account:1"), 1, 0, None, ""),
        ("phones", mark("person:8"), 2, 0, None, ""),
        ("vouchers", mark("person:8"), 0, 4, None, "会计凭证保存三十年；司法查询"),
    ]
    assert sections_of("1") == []


@pytest.mark.django_db
def test_the_latest_end_is_told_where_all_have_one(monkeypatch):
    ends = Erased(0, (Kept(1, "甲", date(2030, 1, 1)), Kept(1, "乙", date(2028, 1, 1))))
    monkeypatch.setattr(holders, "_holders", {"x": Holder("x", "丙", lambda _key: [], lambda _key, _actor: ends)})
    decide(ask())
    assert {one.kept_until for one in ErasureProof.objects.all()} == {date(2030, 1, 1)}


@pytest.mark.django_db
def test_a_fault_of_one_holder_undoes_the_decision(monkeypatch):
    def fails(_key, _actor):
        raise RuntimeError("no")

    register_holder(Holder("zebra", "故障", lambda _key: [], fails))
    asked = ask()
    with pytest.raises(RuntimeError):
        decide(asked)
    assert (DataRequest.objects.get().state, ErasureProof.objects.count()) == ("open", 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("actor", "approve", "reason", "problems"), [
    (CITIZEN, True, "", ["personal.own_request"]),
    (SECOND, False, "", ["personal.own_request", "personal.reason_short"]),
    (OFFICER, False, "不行", ["personal.reason_short"]),
    (OFFICER, True, "", []),
    (OFFICER, False, "凭证尚在保存期", []),
])  # fmt: skip
def test_a_second_person_decides_and_a_refusal_has_a_reason(actor, approve, reason, problems):
    asked = ask()
    if problems:
        with pytest.raises(Refused) as error:
            decide(asked, actor, reason, approve=approve)
        assert (codes(error), DataRequest.objects.get().state) == (problems, "open")
    else:
        decide(asked, actor, reason, approve=approve)
        assert (DataRequest.objects.get().state, DataRequest.objects.get().answer) == ("done" if approve else "refused", reason)


@pytest.mark.django_db
def test_a_request_is_decided_once():
    asked = decide(ask(kind=CORRECT, detail="姓名有误"), reason="已经更正")
    with pytest.raises(Refused) as error:
        decide(asked, Actor("6"), reason="已经更正")
    assert codes(error) == ["personal.request_decided"]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"decided_by": "1"}, {"state": "done"}, {"state": "done", "decided_by": "5"}, {"decided_by": "5"}])
def test_the_database_refuses_half_a_decision_and_the_own_one(wrong):
    ask()
    with pytest.raises(DatabaseError), transaction.atomic():
        DataRequest.objects.update(**wrong)


@pytest.mark.django_db
def test_a_hold_stops_erasure_until_it_is_lifted(books):
    hold = place_hold(actor=OFFICER, target="person:8", document="协助执行通知书 1 号")
    asked = ask()
    with pytest.raises(Refused) as error:
        decide(asked)
    assert (codes(error), "协助执行通知书 1 号" in str(error.value), len(books)) == (["personal.held"], True, 2)
    lift_hold(actor=OFFICER, hold_id=hold.pk)
    assert (decide(asked).state, books) == ("done", {})
    with pytest.raises(Refused) as error:
        lift_hold(actor=OFFICER, hold_id=hold.pk)
    assert codes(error) == ["personal.hold_lifted"]


@pytest.mark.django_db
@pytest.mark.parametrize(("target", "document", "problems"), [
    ("account:1", "通知 1 号", []), ("rule:consent", "通知 1 号", []), ("personal.Consent:3", "通知 1 号", []),
    ("rule:none", "通知 1 号", ["personal.hold_target"]), ("张三", " ", ["personal.hold_target", "personal.hold_document"]), ("person:x", "通知", ["personal.hold_target"]),
    ("personal.consent:3", "通知", ["personal.hold_target"]), ("no.Such:3", "通知", ["personal.hold_target"]), ("account:2", "通知 2 号", ["personal.hold_known"]),
])  # fmt: skip
def test_holds_name_what_exists_and_who_demands_them(target, document, problems):
    place_hold(actor=OFFICER, target="account:2", document="通知 2 号")
    if problems:
        with pytest.raises(Refused) as error:
            place_hold(actor=OFFICER, target=target, document=document)
        assert (codes(error), LegalHold.objects.count()) == (problems, 1)
    else:
        place_hold(actor=OFFICER, target=target, document=document)
        assert in_force().count() == 2


@pytest.mark.django_db
def test_consent_is_to_the_version_that_was_read_and_is_withdrawn_once():
    version = notice()["version"]
    consent = give_consent(actor=CITIZEN, person_key="account:1", version=version)
    assert give_consent(actor=CITIZEN, person_key="account:1", version=version) == consent
    with pytest.raises(Refused) as error:
        give_consent(actor=CITIZEN, person_key="account:1", version="2020-1")
    assert codes(error) == ["personal.consent_version"]
    with pytest.raises(Refused) as error:
        withdraw_consent(actor=OFFICER, person_keys=("account:5",), consent_id=consent.pk)
    assert codes(error) == ["personal.consent_none"]
    withdraw_consent(actor=CITIZEN, person_keys=("account:1",), consent_id=consent.pk)
    with pytest.raises(Refused):
        withdraw_consent(actor=CITIZEN, person_keys=("account:1",), consent_id=consent.pk)
    again = give_consent(actor=CITIZEN, person_key="account:1", version=version)
    assert [(one.pk, one.withdrawn_at is None) for one in Consent.objects.order_by("pk")] == [(consent.pk, False), (again.pk, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE personal_erasureproof SET erased = 9", "DELETE FROM personal_erasureproof"])
def test_proofs_are_not_changed(statement):
    decide(ask())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_after_an_erasure_the_trail_is_whole_and_holds_no_value(fresh, tmp_path):
    decide(ask(detail=f"删除 {PHONE}"), reason="已按请求清除")
    place_hold(actor=OFFICER, target="person:9", document="通知 3 号")
    seal_pending(now())
    assert list(heads.problems(tmp_path / "heads")) == []
    assert [PHONE in json.dumps(body, ensure_ascii=False) for body in bodies()] == [False] * 3


def together(*acts):
    """Run acts at the same time, each on a connection of its own; what they returned or refused."""
    outcomes, gate = [], threading.Barrier(len(acts))

    def run(one):
        gate.wait()
        try:
            outcomes.append(one())
        except Refused as refused:
            outcomes.append([problem.code for problem in refused.problems])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[one]) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_officers_decide_at_once_and_one_of_them_does(fresh, books):
    asked = ask()
    outcomes = together(lambda: decide(asked).state, lambda: decide(asked, Actor("6"), "凭证尚在保存期", approve=False).state)
    assert sorted(map(str, outcomes)) in (["['personal.request_decided']", "done"], ["['personal.request_decided']", "refused"])
    assert (DataRequest.objects.get().state == "done") == (books == {})


def test_a_request_sent_twice_at_once_is_one(fresh):
    outcomes = together(lambda: ask().kind, lambda: ask().kind, lambda: ask().kind)
    assert sorted(map(str, outcomes)) == ["['personal.request_open']", "['personal.request_open']", "erase"]
    assert requests.requests_of("1").count() == 1


def test_consent_given_twice_at_once_is_one(fresh):
    version = notice()["version"]
    outcomes = together(*[lambda: give_consent(actor=CITIZEN, person_key="account:1", version=version).pk] * 3)
    assert (len(set(outcomes)), Consent.objects.count()) == (1, 1)
