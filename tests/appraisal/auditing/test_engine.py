"""The engine: policy in force or given, rules switched off, stable order."""

from dataclasses import replace

from appraisal.made_up import form, fund_line, row
from hypothesis import given
from hypothesis import strategies as st

from keheng.appraisal.auditing.engine import audit, audit_batch, audit_form, in_order
from keheng.appraisal.auditing.peers import facts_of
from keheng.appraisal.policy import load_policy

DEFECTIVE = form(
    row("课程场次", "≥10次", "5次", score="30"), row("借阅读者", "≥500人", "500人", score="31"), row("设备完好率", "≥90%", "97.5%"),
    score_total="92.00", goal="开放实验室，服务社区居民。",
)  # fmt: skip


def test_findings_of_one_form() -> None:
    codes = {finding.code for finding in audit_form(DEFECTIVE)}
    assert {"SC_TOTAL", "SCORE_OVER_WT", "SCORE_NOT_PROPORTIONAL"} <= codes


def test_the_policy_in_force_is_chosen_unless_given() -> None:
    of = form(row("参观者", "≥100人", "95人", score="29"), total=fund_line("100", "100", "95", "95%", "10", "3"), template="sh-2020")

    def variants(policy: str = "") -> list[str]:
        return [f.variant for f in audit_form(of, load_policy(policy) if policy else None) if f.code == "EXEC_SCORE"]

    assert (variants(), variants("mof-2020")) == (["unknown"], ["default"])


def test_a_rule_that_is_off_finds_nothing() -> None:
    off = replace(load_policy("mof-2020"), rules={"SCORE_OVER_WT": {"on": False}, "XF_VALUE": {"on": False}})
    on = {finding.code for finding in audit_form(DEFECTIVE, load_policy("mof-2020"))}
    assert on - {finding.code for finding in audit_form(DEFECTIVE, off)} == {"SCORE_OVER_WT"}


def test_rules_between_forms_can_be_off() -> None:
    forms = [form(row("志愿者人数", "≥10人", f"{count}人"), form_index=count) for count in (11, 12)]
    facts = [facts_of(each) for each in forms]
    on = audit_batch(facts)
    off = audit_batch(facts, replace(load_policy("mof-2020"), rules={code: {"on": False} for code in {f.code for f in on}}))
    assert (sorted({f.code for f in on}), off) == (["XF_VALUE"], [])


def test_an_empty_batch_has_no_findings() -> None:
    assert (audit([]), audit_batch([])) == ([], [])


def test_findings_stand_in_the_order_of_files_and_forms() -> None:
    forms = [replace(DEFECTIVE, file=file, form_index=place) for file in ("b.txt", "a.txt") for place in (2, 1)]
    keys = [(f.file, f.form_index, f.rows, f.code) for f in audit(forms)]
    assert keys == sorted(keys)
    assert {key[:2] for key in keys} == {("a.txt", 1), ("a.txt", 2), ("b.txt", 1), ("b.txt", 2)}


@given(st.permutations(audit([DEFECTIVE, replace(DEFECTIVE, form_index=2)])))
def test_the_order_does_not_depend_on_how_findings_came(shuffled: list) -> None:
    assert in_order(shuffled) == audit([DEFECTIVE, replace(DEFECTIVE, form_index=2)])
