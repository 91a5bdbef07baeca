"""Retention: rules that the law bounds, and a job that disposes of what is overdue and of nothing else."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keheng.kernel.errors import Refused
from keheng.kernel.jobs.registry import Timed, all_timed, kind_of
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.personal import nightly, retention
from keheng.kernel.personal.holds import lift_hold, place_hold
from keheng.kernel.personal.models import Consent, DataRequest, RetentionRun
from keheng.kernel.personal.retention import Binding, all_bindings, bind_retention, run_binding, run_retention
from keheng.kernel.personal.retention_rules import minima, parse_rules, rules
from keheng.kernel.trail.record import Actor

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
OFFICER = Actor("5")
CONSENTS = Binding("consent", "personal.Consent", Consent.objects.all, "withdrawn_at", person_keys=lambda row: [row.person_key])
RULE = {"what_zh": "甲", "what_en": "a", "since_zh": "乙", "days": 30, "action": "delete", "basis": "art. 19"}


def consent(number, withdrawn_days_ago):
    withdrawn = None if withdrawn_days_ago is None else NOW - timedelta(days=withdrawn_days_ago)
    given = NOW - timedelta(days=3000)
    return Consent.objects.create(
        person_key=f"account:{number}", notice="general", version="2020-1", how="page", given_at=given, withdrawn_at=withdrawn
    )


def left():
    return list(Consent.objects.order_by("pk").values_list("person_key", flat=True))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)


@pytest.mark.django_db
def test_what_is_overdue_goes_and_the_rest_stays():
    for number, days in enumerate([1097, 1096, 1095, None, 2000, 1500, 1400]):
        consent(number, days)
    run = run_binding(CONSENTS, NOW)
    assert left() == ["account:1", "account:2", "account:3"]
    assert (run.rule, run.disposed, run.held, run.oldest_left) == ("consent", 4, 0, NOW - timedelta(days=1096))
    again = run_binding(CONSENTS, NOW)
    assert (again.disposed, RetentionRun.objects.count()) == (0, 2)
    told = [json.loads(body) for body in AuditEntry.objects.order_by("id").values_list("body", flat=True)]
    assert [(one["act"], one["target"], one["reason"]) for one in told] == [
        ("personal.retention.dispose", "rule:consent", "personal.Consent: 2, held 0")
    ] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["account:0", "personal.Consent:{}", "rule:consent"])
def test_a_hold_keeps_a_person_a_record_or_a_rule(target):
    held = consent(0, 2000)
    consent(1, 2000)
    hold = place_hold(actor=OFFICER, target=target.format(held.pk), document="协助查询 1 号")
    run = run_binding(CONSENTS, NOW)
    everything = target.startswith("rule")
    assert (run.disposed, run.held, left()) == ((0, 2, ["account:0", "account:1"]) if everything else (1, 1, ["account:0"]))
    lift_hold(actor=OFFICER, hold_id=hold.pk)
    assert (run_binding(CONSENTS, NOW).held, left()) == (0, [])


@pytest.mark.django_db
def test_held_rows_do_not_hide_those_behind_them():
    for number in range(5):
        consent(number, 2000)
    for number in range(4):
        place_hold(actor=OFFICER, target=f"account:{number}", document="协助查询 2 号")
    assert (run_binding(CONSENTS, NOW).disposed, left()) == (1, ["account:0", "account:1", "account:2", "account:3"])


@pytest.mark.django_db
def test_texts_are_blanked_and_a_second_run_finds_none():
    decided = {"state": "done", "decided_by": "5", "decided_at": NOW - timedelta(days=1097)}
    common = {"kind": "correct", "person_keys": "account:1 person:8", "asked_at": NOW - timedelta(days=1200), "due_on": date(2023, 9, 1)}
    old = DataRequest.objects.create(account="1", detail="电话 13812345678", answer="已更正", **decided, **common)
    DataRequest.objects.create(account="2", detail="尚未处理", **common)
    [binding] = [one for one in all_bindings() if one.rule == "data_request"]
    hold = place_hold(actor=OFFICER, target="person:8", document="协助查询 3 号")
    assert (run_binding(binding, NOW).held, DataRequest.objects.filter(texts_kept=False).count()) == (1, 0)
    lift_hold(actor=OFFICER, hold_id=hold.pk)
    assert [run_binding(binding, NOW).disposed, run_binding(binding, NOW).disposed] == [1, 0]
    old.refresh_from_db()
    assert (old.detail, old.answer, old.state, DataRequest.objects.get(account="2").detail) == ("", "", "done", "尚未处理")


@pytest.mark.django_db
def test_a_day_counts_by_the_local_calendar():
    rows = [
        DataRequest.objects.create(kind="erase", account=str(day), person_keys="account:1", asked_at=NOW, due_on=date(2026, 10, day))
        for day in (21, 22, 23)
    ]
    binding = Binding("draft", "test", DataRequest.objects.all, "due_on")
    # 17:00 UTC is the next day in Shanghai: thirty days before 22 November is 23 October.
    run = run_binding(binding, datetime(2026, 11, 21, 17, tzinfo=UTC))
    assert (run.disposed, list(DataRequest.objects.values_list("pk", flat=True))) == (2, [rows[2].pk])
    assert run.oldest_left.astimezone(UTC) == datetime(2026, 10, 22, 16, tzinfo=UTC)


@pytest.mark.django_db
def test_jobs_that_are_done_go_unless_a_key_keeps_them():
    for key, state, days in [(None, Job.DONE, 400), ("k", Job.DONE, 400), (None, Job.FAILED, 400), (None, Job.DONE, 300)]:
        Job.objects.create(kind="x", payload="{}", key=key, state=state, due_at=NOW, finished_at=NOW - timedelta(days=days))
    run_retention(NOW)
    assert [(one.key, one.state, (NOW - one.finished_at).days) for one in Job.objects.order_by("pk")] == [
        ("k", Job.DONE, 400),
        (None, Job.FAILED, 400),
        (None, Job.DONE, 300),
    ]


@pytest.mark.django_db
def test_every_run_logs_every_binding_and_the_job_is_this():
    assert kind_of(nightly.KIND).handler is nightly.carry_out
    assert Timed(nightly.KIND, timedelta(days=1)) in all_timed()
    nightly.carry_out({})
    assert list(RetentionRun.objects.order_by("pk").values_list("rule", "holder")) == [(one.rule, one.holder) for one in all_bindings()]


@pytest.mark.django_db
def test_the_work_does_not_grow_with_rows_that_stay():
    counts = []
    for number in (1, 3):
        for place in range(number):
            consent(f"{number}{place}", 10)
        with CaptureQueriesContext(connection) as queries:
            run_binding(CONSENTS, NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_interrupted_run_is_begun_again(fresh, monkeypatch):
    for number in range(6):
        consent(number, 2000)
    dispose, calls = retention.dispose_batch, []

    def dies(**given):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return dispose(**given)

    monkeypatch.setattr(retention, "dispose_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        run_binding(CONSENTS, NOW)
    assert (len(left()), RetentionRun.objects.count()) == (4, 0)
    assert (run_binding(CONSENTS, NOW).disposed, left()) == (4, [])


@pytest.mark.parametrize(("change", "problem"), [
    ({}, None), ({"days": "while active"}, None), ({"kind": "log", "days": 184}, None), ({"kind": "log", "days": 1, "action": "keep"}, None),
    ({"kind": "log", "days": 183}, "personal.retention_short"), ({"kind": "log", "days": "while active"}, "personal.retention_short"),
    ({"kind": "assessment", "days": 1095}, "personal.retention_short"), ({"days": 0}, "personal.retention_rule"), ({"days": -1}, "personal.retention_rule"),
    ({"days": "forever"}, "personal.retention_rule"), ({"days": None}, "personal.retention_rule"), ({"action": "burn"}, "personal.retention_rule"),
    ({"kind": "no such"}, "personal.retention_rule"),
])  # fmt: skip
def test_a_rule_shorter_than_the_law_is_refused(change, problem):
    content = {"a": {**RULE, **change}, "b": {**RULE, **change}}
    if problem is None:
        assert [rule.while_active for rule in parse_rules(content, minima()).values()] == [change.get("days") == "while active"] * 2
    else:
        with pytest.raises(Refused) as error:
            parse_rules(content, minima())
        assert [(one.code, one.field) for one in error.value.problems] == [(problem, "a"), (problem, "b")]


def test_logs_are_kept_for_six_months_at_least():
    assert (minima()["log"]["days"], {rule.kind for rule in rules().values()} <= {"", *minima()}) == (184, True)
    assert {code for code, rule in rules().items() if rule.kind == "log"} == {"trail", "operation_log", "sign_in_log"}


@pytest.mark.parametrize(("binding", "error"), [
    (Binding("none", "x", Consent.objects.all, "given_at"), KeyError),
    (Binding("trail", "x", Consent.objects.all, "given_at"), ValueError),
    (Binding("consent", "x", Consent.objects.all, "given_at", dispose=len), ValueError),
    (Binding("account", "x", Consent.objects.all, "given_at"), ValueError),
    (Binding("consent", "personal.Consent", Consent.objects.all, "given_at"), ValueError),
])  # fmt: skip
def test_a_binding_that_cannot_be_carried_out_is_a_mistake(binding, error):
    with pytest.raises(error):
        bind_retention(binding)
    assert binding not in all_bindings()
