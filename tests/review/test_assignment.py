"""The draw: complete, never against avoidance, even, and the same wherever it is run."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review import pools
from review.pools import by_seed

from keheng.review.rules.assignment import seat_judges
from keheng.review.rules.chance import commitment, digest, joined, later, pair_numbers
from keheng.review.rules.draw import drawn, published, redraw, sheet
from keheng.review.rules.seats import Entry, Judge, Pool, Seat, pool_from

pytestmark = pytest.mark.one_database
SOURCES = Path(__file__).resolve().parents[2] / "src"


@given(pools.pools(), st.text(max_size=5))
@settings(max_examples=150)
def test_every_seat_that_can_be_filled_is_filled_and_no_rule_is_broken(pool, key):
    seating = seat_judges(pool, key)
    assert pools.breaches(pool, seating) == []
    assert len(seating.seats) == pools.most_seats(pool)


@given(pools.pools(kinds=("tech", "money"), units_each=2))
@settings(max_examples=150)
def test_with_several_kinds_and_units_no_rule_is_broken(pool):
    assert pools.breaches(pool, seat_judges(pool, "k")) == []


@given(pools.pools(kinds=("tech", "money")), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_in_which_a_pool_is_told_does_not_matter(pool, chance):
    judges, entries = list(pool.judges), list(pool.entries)
    chance.shuffle(judges)
    chance.shuffle(entries)
    assert seat_judges(Pool(judges, entries), "k") == seat_judges(pool, "k")


@given(pools.pools(kinds=("tech", "money")), st.integers(0, 99))
@settings(max_examples=80)
def test_kept_seats_stay_and_who_dropped_out_is_replaced(pool, lot):
    first = seat_judges(pool, "k")
    if not first.seats:
        return
    gone = first.seats[lot % len(first.seats)].judge
    kept = [seat for seat in first.seats if seat.judge != gone]
    judges = [one for one in pool.judges if one.ref != gone]
    again = Pool(judges, pool.entries, kept)
    second = seat_judges(again, later("k", 1))
    assert pools.breaches(again, second) == []
    assert set(kept) <= set(second.seats)


def test_loads_are_even_and_other_keys_give_other_seats():
    pool = pools.pool(40, 300)
    one, other = seat_judges(pool, "one"), seat_judges(pool, "other")
    loads = Counter(seat.judge for seat in one.seats)
    assert (one.empty, one.islands, len(one.seats)) == ({}, 1, 900)
    assert max(loads.values()) - min(loads.values()) <= 2
    # Of 900 seats about 3 in 40 are the same by chance.
    assert len(set(one.seats) & set(other.seats)) < 200


def test_each_judge_is_as_likely_as_another():
    pool = Pool([Judge(f"J{n}", "net", (), 9) for n in range(6)], [Entry("E", {"net": 2})])
    taken = Counter(seat.judge for lot in range(600) for seat in seat_judges(pool, str(lot)).seats)
    # 200 are expected of each; the standard deviation is 11.5.
    assert min(taken.values()) > 150
    assert max(taken.values()) < 250


def test_a_judge_of_the_field_comes_first_and_of_the_branch_second():
    judges = [Judge("J1", "net", (), 9, ("a.1",)), Judge("J2", "net", (), 9, ("a.2",)), Judge("J3", "net", (), 9, ("b.1",))]
    seats = [seat_judges(Pool(judges, [Entry("E", {"net": count}, field="a.1")]), "k").seats for count in (1, 2, 3)]
    assert [[seat.judge for seat in some] for some in seats] == [["J1"], ["J1", "J2"], ["J1", "J2", "J3"]]


def test_an_empty_seat_is_told_by_entry_and_kind():
    pool = Pool([Judge("J1", "net", ("U",), 9), Judge("J2", "net", ("U",), 9)], [Entry("E", {"net": 2, "money": 1})])
    assert seat_judges(pool, "k").empty == {("E", "net"): 1, ("E", "money"): 1}
    assert seat_judges(Pool([], [Entry("E", {"net": 1})]), "k").empty == {("E", "net"): 1}


def islands_apart() -> Pool:
    """Two fields with judges of their own: the cheapest seating leaves two islands."""
    judges = [Judge(f"{field}{n}", "net", (), 9, (f"{field}.1",)) for field in "ab" for n in range(4)]
    return Pool(judges, [Entry(f"{field}{n}", {"net": 3}, field=f"{field}.1") for field in "ab" for n in range(4)])


def test_bridge_judges_join_what_would_be_islands():
    pool = islands_apart()
    seating = seat_judges(pool, "k")
    assert (seating.islands, pools.breaches(pool, seating)) == (1, [])
    strangers = [seat for seat in seating.seats if seat.entry[0] != seat.judge[0]]
    assert len(strangers) == 2


def test_islands_that_avoidance_keeps_apart_are_told():
    pool = islands_apart()
    apart = [replace(one, avoid=frozenset(judge.ref for judge in pool.judges if judge.ref[0] != one.ref[0])) for one in pool.entries]
    assert seat_judges(Pool(pool.judges, apart), "k").islands == 2


def test_a_published_draw_is_run_again_and_tampering_is_seen():
    pool, halves = pools.pool(12, 20), ["organiser", "observer"]
    one = sheet(pool, [commitment(half) for half in halves])
    file = json.loads(json.dumps(published(one, halves, drawn(one, halves))))
    assert redraw(file).holds
    entry, judge = file["seats"][0]
    other = next(ref for ref in (row["ref"] for row in one["pool"]["judges"]) if [entry, ref] not in file["seats"])
    swapped = redraw({**file, "seats": [[entry, other], *file["seats"][1:]]})
    assert (swapped.holds, swapped.digest_holds, swapped.keys_hold) == (False, True, True)
    assert swapped.differing == tuple(sorted([Seat(entry, judge), Seat(entry, other)]))
    assert not redraw({**file, "halves": ["organiser", "another"]}).keys_hold
    eased = json.loads(json.dumps(file))
    eased["sheet"]["pool"]["entries"][0]["avoid"] = []
    assert not redraw(eased).digest_holds
    with pytest.raises(ValueError, match=r"is not keheng\.draw/1"):
        redraw({**file, "sheet": {**one, "format": "other"}})
    with pytest.raises(ValueError, match="not the one that was committed to"):
        drawn(one, ["organiser", "another"])


def test_drawing_again_has_a_key_of_its_own():
    pool, halves = pools.pool(12, 20), ["a", "b"]
    commitments = [commitment(half) for half in halves]
    first, second = (drawn(sheet(pool, commitments, number), halves) for number in (0, 1))
    assert first != second
    assert redraw(published(sheet(pool, commitments, 1), halves, second)).holds


def test_the_document_of_a_pool_is_the_pool():
    pool = replace(pools.pool(5, 4), kept=[Seat("E0001", "J003")])
    shuffled = replace(pool, judges=by_seed(1).sample(list(pool.judges), 5))
    assert digest(shuffled.document()) == digest(pool.document())
    assert pool_from(json.loads(json.dumps(pool.document()))).document() == pool.document()


def test_numbers_of_pairs_belong_to_the_pair_alone():
    whole = pair_numbers("k", ["E1", "E2"], ["J1", "J2", "J3"])
    assert whole[1, 2] == pair_numbers("k", ["E2"], ["J3"])[0, 0]
    assert len(set(whole.ravel().tolist())) == 6
    assert pair_numbers(joined(["a", "b"]), ["E1"], ["J1"]) != pair_numbers(joined(["b", "a"]), ["E1"], ["J1"])


def test_another_process_draws_the_same():
    program = (
        "from review import pools; from keheng.review.rules.assignment import seat_judges;"
        "print([(seat.entry, seat.judge) for seat in seat_judges(pools.pool(15, 30), 'k').seats])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{SOURCES}:{SOURCES.parent / 'tests'}"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert said == {f"{[(seat.entry, seat.judge) for seat in seat_judges(pools.pool(15, 30), 'k').seats]}\n"}
