"""What holds for every form: points stay inside the row, more is never worth less, the same form scores the same."""

from dataclasses import replace
from decimal import Decimal

from appraisal.made_up import cell, form, fund_line, row
from hypothesis import given
from hypothesis import strategies as st

from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import load_policy, policy_ids
from keheng.appraisal.scoring.engine import score
from keheng.appraisal.scoring.rows import score_row

D = Decimal
policies = st.sampled_from(policy_ids()).map(load_policy)
numbers = st.decimals(min_value=0, max_value=10_000, places=2).map(str)
weights = st.decimals(min_value=0, max_value=100, places=1).map(str)
operators = st.sampled_from(["≥", "≤", ">", "<", "=", "", "不少于"])
units = st.sampled_from(["次", "%", "人", "万元", ""])
words = st.sampled_from(["健全", "较为健全", "未达成", "蓬勃", "达成指标", "基本完成", "—", ""])
names = st.sampled_from(["开放课程", "设备故障率", "单位成本", "办理时间", "读者满意度"])
cells = st.one_of(words, st.builds("{}{}{}".format, operators, numbers, units))
rules = st.sampled_from(["", "①300及以上得10分;②200-300得6-9分;③200以下,不得分", "每少一次扣2分", "有得5分，无不得分"])
made_rows = st.builds(lambda n, t, a, w, s, r: row(n, t, a, w, s, rule=r), names, cells, cells, weights, weights, rules)
forms = st.lists(made_rows, min_size=1, max_size=6).map(lambda rows: form(*rows))


@given(made_rows, policies)
def test_points_stay_between_nothing_and_the_weight(of, policy) -> None:
    card = score_row(of, policy)
    assert card.weight is not None
    assert 0 <= card.legal_min <= card.legal_max <= card.weight
    assert card.expected is None or card.legal_min <= card.expected <= card.legal_max


@given(numbers, numbers, numbers, weights, st.sampled_from(["mof-2020", "sh-2023", "hubei-2020", "sc-2023"]))
def test_more_is_never_worth_less_on_a_positive_row(target: str, one: str, other: str, weight: str, policy_id: str) -> None:
    less, more = sorted((one, other), key=D)
    low, high = (
        score_row(row(target=f"≥{target}次", actual=f"{actual}次", weight=weight), load_policy(policy_id)) for actual in (less, more)
    )
    assert low.legal_min <= high.legal_min
    assert low.legal_max <= high.legal_max


@given(forms, policies)
def test_the_same_form_gives_the_same_card(of: EvaluationForm, policy) -> None:
    assert repr(score(of, policy)) == repr(score(replace(of), policy))


@given(forms, policies, st.integers(1, 40))
def test_a_full_row_more_moves_weights_and_scores_alike(of: EvaluationForm, policy, weight: int) -> None:
    full = replace(row(target="≥10次", actual="10次", weight=str(weight)), ordinal=len(of.rows) + 1)
    before, after = score(of, policy), score(replace(of, rows=(*of.rows, full), weight_total=cell(""), score_total=cell("")), policy)
    assert before.weight_sum is not None
    assert before.score_sum is not None
    assert (after.weight_sum, after.score_sum) == (before.weight_sum + weight, before.score_sum + weight)


@given(st.integers(1, 10**9), st.integers(0, 10**9), policies)
def test_execution_points_stay_inside_theirs(annual: int, executed: int, policy) -> None:
    card = score(form(total=fund_line("", str(annual), str(executed), "", "10", "5")), policy).execution
    assert 0 <= card.legal_min <= card.legal_max <= 10
    assert card.expected is not None
    assert card.legal_min <= card.expected <= card.legal_max
