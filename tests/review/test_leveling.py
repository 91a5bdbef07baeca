"""The levelled score against simulated truth, its interval, islands; the official combination."""

import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.review_study import WORLDS, kendall, simulated, studied
from keheng.review.rules import combining
from keheng.review.rules.combining import combinations, total_of
from keheng.review.rules.leveling import Given, fit, level

pytestmark = pytest.mark.one_database
SCORES = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9)


@pytest.mark.parametrize("name", WORLDS)
def test_the_study_is_reproduced_within_the_noise_of_its_ten_runs(name):
    world = WORLDS[name]
    measured = studied(world, 400 if world.entries < 100 else 30)
    far = {
        (column, what): (round(own.mean, 3), figure, round(own.noise, 3))
        for column, figures in world.figures.items()
        for what, own, figure in zip(("tau", "best tenth"), measured[column], figures, strict=True)
        if figure is not None and not own.near(figure)
    }
    assert far == {}


def test_leveling_gains_where_judges_differ_and_nothing_where_one_panel_judged_all():
    gains = {
        name: (found := studied(world, 100 if world.entries < 100 else 2))["levelled"][0].mean - found["mean"][0].mean
        for name, world in WORLDS.items()
    }
    alone = gains.pop("one panel of 5 scores all 40")
    assert min(gains.values()) > 0.04
    assert abs(alone) < 0.01


@pytest.mark.parametrize("each", [3, 5, 7])
def test_the_interval_holds_the_truth_in_about_95_of_100_cases(each):
    inside = []
    for seed in range(4):
        one = simulated(seed, each=each, judges=60, entries=1000, false=0.15 if each > 3 else 0.0)
        found, error, _, _ = fit(one.entry, one.judge, one.score)
        inside.append(np.mean(np.abs(found - one.truth) < 1.96 * error))
    assert 0.90 < np.mean(inside) < 0.98


def test_a_figure_is_told_from_another():
    # The tolerance is no excuse: a column does not pass for its neighbours in a world of a thousand entries.
    world = WORLDS["5 scores, 15 % with a false one"]
    measured = studied(world, 30)
    assert not measured["mean"][0].near(world.figures["dropped"][0])
    assert not measured["levelled"][0].near(world.figures["additive"][0])


def test_a_panel_that_judged_everything_leaves_nothing_to_correct():
    one = simulated(1, each=5, judges=5, entries=40)
    found = level([Given(f"E{e:02}", f"J{j}", s) for e, j, s in zip(one.entry, one.judge, one.score, strict=True)])
    assert (found.complete, found.islands) == (True, 1)


def test_a_strict_judge_is_seen_and_their_entries_do_not_suffer():
    scores = [
        Given(f"E{entry:02}", f"J{judge}", 60.0 + entry - (12 if judge == 0 else 0) + (entry * judge) % 3)
        for entry in range(30)
        for judge in ((entry % 6), (entry + 1) % 6, (entry + 3) % 6)
    ]
    found = level(scores)
    assert min(found.judges, key=lambda ref: found.judges[ref].points) == "J0"
    assert found.judges["J0"].points + 2 * found.judges["J0"].error < 0
    assert found.judges["J0"].count == 15
    # Entry 29 is the best; of its judges none, of entry 28's none... the order of quality comes back.
    order = sorted(found.entries, key=lambda ref: found.entries[ref].score)
    assert kendall(np.array([float(ref[1:]) for ref in order]), np.arange(30.0)) > 0.9


def test_one_false_score_moves_a_levelled_score_less_than_the_mean():
    one = simulated(5, each=5, judges=20, entries=100)
    before = fit(one.entry, one.judge, one.score)[0][7]
    wrong = one.score.copy()
    wrong[7 * 5] += 40
    after = fit(one.entry, one.judge, wrong)[0][7]
    assert abs(after - before) < 4
    assert (wrong - one.score)[35:40].mean() == pytest.approx(8)


def test_islands_are_not_comparable():
    near = [Given(f"A{n}", judge, 70.0 + n) for n in range(3) for judge in ("J1", "J2")]
    far = [Given(f"B{n}", judge, 50.0 + n) for n in range(2) for judge in ("J3", "J4")]
    found = level(near + far)
    assert found.islands == 2
    assert [ref for ref in sorted(found.entries) if not found.comparable(ref)] == ["B0", "B1"]


def test_no_score_and_one_score():
    assert level([]).entries == {}
    alone = level([Given("E", "J", 80.0)]).entries["E"]
    assert alone.score == pytest.approx(80)
    same = level([Given("E1", "J1", 80.0), Given("E1", "J2", 80.0), Given("E2", "J1", 80.0)])
    assert [round(one.score, 3) for one in same.entries.values()] == [80, 80]


@given(st.permutations(range(12)))
def test_the_order_of_scores_does_not_matter(order):
    scores = [Given(f"E{n % 4}", f"J{n % 3}", float(n * n % 17)) for n in range(12)]
    one, other = level(scores), level([scores[place] for place in order])
    assert [found.score for found in one.entries.values()] == pytest.approx([found.score for found in other.entries.values()])


@given(st.sampled_from(sorted(combinations())), SCORES)
def test_a_combination_lies_within_the_scores_and_takes_them_in_any_order(code, scores):
    one = combinations()[code]
    assert min(scores) <= one(scores) <= max(scores)
    assert one(scores) == one(sorted(scores, reverse=True))


@given(st.sampled_from(sorted(combinations())), SCORES, st.integers(0, 8), st.decimals(0, 5, places=2))
def test_a_higher_score_never_lowers_the_result(code, scores, place, more):
    raised = list(scores)
    raised[place % len(scores)] += more
    assert combinations()[code](raised) >= combinations()[code](scores)


@pytest.mark.parametrize(
    ("code", "scores", "result"),
    [
        ("mean", ["80", "81", "81"], "80.67"),
        ("drop_one", ["10", "80", "82", "100"], "81.00"),
        ("drop_one", ["10", "80", "82"], "57.33"),
        ("drop_two", ["1", "2", "80", "81", "82", "99", "100"], "81.00"),
        ("median", ["1", "70", "71", "100"], "70.50"),
        ("mean", ["0.005", "0.005"], "0.01"),
        ("mean", [], None),
    ],
)
def test_combinations_by_hand(code, scores, result):
    assert combinations()[code]([Decimal(one) for one in scores]) == (None if result is None else Decimal(result))


def test_a_way_that_may_leave_nothing_is_refused(tmp_path, monkeypatch):
    row = {"zh": "", "en": "", "of": "mean", "highest": 1, "lowest": 1, "least": 2}
    (tmp_path / "combinations.json").write_text(json.dumps({"ways": {"bad": row}}))
    monkeypatch.setattr(combining, "definitions_folder", lambda _name: tmp_path)
    with pytest.raises(ValueError, match=r"bad: of 2 scores 1 \+ 1 are left out"):
        combinations.__wrapped__()


def test_points_become_a_score_of_a_hundred():
    criteria = [("need", 20, Decimal(5)), ("cost", 60, Decimal(10))]
    assert total_of({"need": Decimal(5), "cost": Decimal(10)}, criteria) == Decimal("100.00")
    assert total_of({"need": Decimal("2.5"), "cost": Decimal(5)}, criteria) == Decimal("50.00")
    assert total_of({"need": Decimal(0), "cost": Decimal(10)}, criteria) == Decimal("75.00")
    with pytest.raises(KeyError):
        total_of({"need": Decimal(1)}, criteria)
