"""Policies as data: what ships holds together, what does not hold together is refused with every problem named."""

import json
from decimal import Decimal

import pytest
from appraisal.made_up import form

from keheng.appraisal.definitions import definitions_folder
from keheng.appraisal.model import FormKind
from keheng.appraisal.policy import Policy, PolicyError, build_policy, choose_policy, load_policy, policy_ids


def raw(policy_id: str = "mof-2020") -> dict:
    return json.loads((definitions_folder() / "policies" / f"{policy_id}.json").read_text(encoding="utf-8"))


def test_every_shipped_policy_loads_under_its_own_name() -> None:
    assert [load_policy(policy_id).id for policy_id in policy_ids()] == policy_ids()
    assert {"mof-2020", "sh-2019-a", "sh-2019-b", "sh-2020", "sh-2022", "sh-2023", "sc-2023", "hubei-2020", "hebei-module",
            "manual-2022", "sc-2020-dept", "transfer-2021"} <= set(policy_ids())  # fmt: skip


def test_a_policy_takes_from_its_base_what_it_does_not_say() -> None:
    base, local = load_policy("mof-2020"), load_policy("manual-2022")
    assert (local.levels, local.grades, local.execution) == (base.levels, base.grades, base.execution)
    assert (local.over_action, local.over_points, base.over_action) == ("deduct", Decimal(2), "flag")
    assert local.caps == ((Decimal("0.5"), 59), (Decimal("0.6"), 69), (Decimal("0.7"), 79), (Decimal("0.8"), 89))


@pytest.mark.parametrize(
    ("policy_id", "kind", "points", "rate_round"),
    [
        ("mof-2020", "linear", 10, ("half_up", 2)),
        ("sh-2019-b", "banded", 8, ("half_up", 2)),
        ("sh-2020", "unknown", 10, ("half_up", 2)),
        ("sh-2022", "linear", 10, ("up", 2)),
        ("sh-2023", "linear", 10, ("down", 2)),
        ("hubei-2020", "linear", 20, ("half_up", 2)),
        ("hebei-module", "linear", 20, ("half_up", 2)),
    ],
)
def test_execution_of_the_families(policy_id: str, kind: str, points: int, rate_round: tuple[str, int]) -> None:
    execution = load_policy(policy_id).execution
    assert (execution.kind, execution.points, execution.rate_round) == (kind, points, rate_round)


def test_middle_level_is_wider_in_two_provinces() -> None:
    def middle(policy_id: str) -> tuple[Decimal, Decimal]:
        return next((level.low, level.high) for level in load_policy(policy_id).levels if level.id == "partly")

    assert [middle(p) for p in ("mof-2020", "hubei-2020", "hebei-module")] == [
        (Decimal("0.6"), Decimal("0.8")), (Decimal("0.5"), Decimal("0.8")), (Decimal("0.5"), Decimal("0.8")),
    ]  # fmt: skip


def test_a_clause_shows_how_sure_its_source_is() -> None:
    assert load_policy("hebei-module").clause == "省级一体化平台绩效模块（待核）"
    assert load_policy("sh-2019-a").clause.endswith("（表内印制）")
    assert "（" not in load_policy("sh-2023").clause


def test_thresholds_come_from_the_defaults_unless_a_policy_says_otherwise() -> None:
    data = raw()
    data["thresholds"] = {"points": "0.5"}
    assert (build_policy(data).threshold("points"), build_policy(data).threshold("rate_pp")) == (Decimal("0.5"), Decimal("0.01"))


def test_a_rule_can_be_switched_off() -> None:
    data = raw()
    data["rules"] = {"TGT_LAX": {"on": False}}
    assert [build_policy(data).rule_on(code) for code in ("TGT_LAX", "TGT_LOW")] == [False, True]


def test_an_unknown_policy_names_the_known_ones() -> None:
    with pytest.raises(PolicyError, match=r"没有计分政策 none.*mof-2020"):
        load_policy("none")


def test_missing_keys_are_named_together() -> None:
    data = raw()
    del data["qual"], data["caps"]
    with pytest.raises(PolicyError, match="mof-2020: 缺少 qual; 缺少 caps"):
        build_policy(data)


def test_every_problem_is_reported_at_once() -> None:
    data = raw("mof-2020")
    data["exec"] = {**data["exec"], "rule": {"type": "banded", "bands": [{"from": "0.1", "to": None, "low": "9", "high": "8"}]},
                    "rate_round": ["nearest", 2]}  # fmt: skip
    data["quant"] = {**data["quant"], "unmet": "half", "over": {"ratio": "1.3", "action": "praise"}}
    data["qual"] = [{"id": "odd", "words": ["好"], "from": "much", "to": "0.5"}]
    data["grades"] = [["甲", "60"], ["乙", "80"]]
    data["caps"] = [{"below": "0.8", "at_most": "89"}, {"below": "0.7", "at_most": "79"}]
    data["sections"] = [{"id": "output", "labels": ["产出指标"], "counts_in": "nowhere"}]
    data["cite"] = [{"text": "某办法", "status": "rumour"}]
    data["thresholds"] = {"no_such_threshold": "1"}
    with pytest.raises(PolicyError) as raised:
        build_policy(data)
    assert str(raised.value).removeprefix("mof-2020: ").split("; ") == [
        "quant.unmet 不能是 half", "quant.over.action 不能是 praise", "rounding 不能是 nearest", "cite.status 不能是 rumour",
        "定性档 odd: from much 应不大于 to 0.5", "分档 0.1: low 应不大于 high", "执行率分档应从 0 起首尾相接，末档不封顶",
        "等级线应由高到低，最后一档为 0", "封顶应由低到高", "部分 output 归入的 nowhere 不存在", "未知阈值 no_such_threshold",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "kind", "chosen"),
    [
        ("sh-2023", FormKind.SELF_EVALUATION, "sh-2023"),
        ("sh-2019-b", FormKind.SELF_EVALUATION, "sh-2019-b"),
        ("sichuan", FormKind.SELF_EVALUATION, "sc-2023"),
        ("hubei", FormKind.SELF_EVALUATION, "hubei-2020"),
        ("never-seen", FormKind.SELF_EVALUATION, "mof-2020"),
        ("mof", FormKind.TRANSFER, "transfer-2021"),
        ("sh-2023", FormKind.TARGETS, "targets"),
    ],
)
def test_the_policy_in_force_follows_template_and_kind(template: str, kind: FormKind, chosen: str) -> None:
    policy: Policy = choose_policy(form(template=template, kind=kind))
    assert policy.id == chosen
