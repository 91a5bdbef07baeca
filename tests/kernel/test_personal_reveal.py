"""Revealing: with the power, in reach, for a reason, and on the trail without the value."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.kernel.personal import reveal as revealing
from keheng.kernel.personal.catalogue import catalogue, table_of
from keheng.kernel.personal.models import DataRequest
from keheng.kernel.personal.reveal import OutOfReachError, can_reveal, masked, register_subject, reveal
from keheng.kernel.powers import Power, Principal, Reach

LABEL, PHONE = "personal.DataRequest", "13812345678"
PHONES = table_of(LABEL, {"fields": {"detail": {"kind": "phone"}, "due_on": {"kind": "birth"}}})
OFFICER = Principal("5", powers=(Power("personal.reveal", Reach.ALL),))
CLERK = Principal("6", powers=(Power("personal.reveal", Reach.OWN),))
OTHER = Principal("7")


def within_reach(actor):
    return DataRequest.objects.filter(actor.within("personal.reveal", own="account"))


@pytest.fixture
def row(db, monkeypatch):
    monkeypatch.setitem(catalogue(), LABEL, PHONES)
    monkeypatch.setattr(revealing, "_subjects", {})
    register_subject(LABEL, within_reach)
    return ask("1", PHONE)


def ask(account, detail):
    return DataRequest.objects.create(
        kind="erase",
        account=account,
        person_keys=f"account:{account}",
        detail=detail,
        asked_at=datetime(2026, 3, 2, tzinfo=UTC),
        due_on=date(2026, 3, 23),
    )


def show(row, actor=OFFICER, field="detail", reason="contact", model=LABEL):
    return reveal(actor=actor, model=model, pk=str(getattr(row, "pk", row)), field=field, reason=reason)


def entries():
    return [json.loads(body) for body in AuditEntry.objects.order_by("id").values_list("body", flat=True)]


def codes(error):
    return [one.code for one in error.value.problems]


def test_the_value_comes_with_an_entry_that_does_not_hold_it(row):
    assert (masked(row, "detail"), show(row)) == ("138****5678", PHONE)
    [entry] = entries()
    told = (entry["act"], entry["account"], entry["target"], entry["reason"], entry["succeeded"])
    assert told == ("personal.reveal", "5", f"{LABEL}:{row.pk}", "detail: 联系本人办理业务", True)


def test_own_words_are_a_reason_and_what_is_personal_in_them_is_masked(row):
    assert show(row, reason=f"回拨 {PHONE}，抄送 a.b@example.cn") == PHONE
    assert entries()[0]["reason"] == "detail: 回拨 ****，抄送 a****@example.cn"


def test_other_types_are_told_as_text(row):
    assert (masked(row, "due_on"), show(row, field="due_on")) == ("2026-**-**", "2026-03-23")


@pytest.mark.parametrize(("actor", "reason", "problems"), [
    (OFFICER, "", ["personal.reason_short"]), (OFFICER, "  x  ", ["personal.reason_short"]), (OFFICER, "三个字", ["personal.reason_short"]),
    (OTHER, "contact", ["personal.no_power"]), (OTHER, "", ["personal.no_power", "personal.reason_short"]),
])  # fmt: skip
def test_without_power_or_reason_all_problems_at_once(row, actor, reason, problems):
    with pytest.raises(Refused) as error:
        show(row, actor, reason=reason)
    assert codes(error) == problems
    assert [(entry["succeeded"], entry["account"]) for entry in entries()] == [(False, actor.account)]


@pytest.mark.parametrize(("pk", "field", "model"), [
    (None, "state", LABEL), (None, "no_such", LABEL), (None, "detail", "personal.Consent"), (None, "detail", "no.Such"), ("0", "detail", LABEL), ("x", "detail", LABEL),
])  # fmt: skip
def test_what_is_not_there_is_out_of_reach(row, pk, field, model):
    with pytest.raises(OutOfReachError):
        show(pk or row, field=field, model=model)
    assert [entry["succeeded"] for entry in entries()] == [False]


def test_the_scope_bounds_what_is_revealed(row):
    own = ask("6", "13900001111")
    assert show(own, CLERK) == "13900001111"
    with pytest.raises(OutOfReachError):
        show(row, CLERK)


def test_the_button_is_offered_to_who_may_where_a_scope_is_registered(row):
    assert [can_reveal(OFFICER, LABEL), can_reveal(OTHER, LABEL), can_reveal(OFFICER, "personal.Consent")] == [True, False, False]
    register_subject(LABEL, within_reach)
    with pytest.raises(ValueError, match="registered twice"):
        register_subject(LABEL, lambda _actor: DataRequest.objects.all())


class TrailWithoutValues(TestCase):
    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["核实 {}", "{}", "联系{}本人", "打电话 +86{} 核实"]))
    def test_nothing_of_the_value_is_on_the_trail(self, phone, words):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(catalogue(), LABEL, PHONES)
            patch.setattr(revealing, "_subjects", {LABEL: within_reach})
            row = ask("1", phone)
            assert show(row, reason=words.format(phone)) == phone
            assert [phone in body for body in AuditEntry.objects.values_list("body", flat=True)] == [False]
