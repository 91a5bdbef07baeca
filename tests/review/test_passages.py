"""Copied passages: what is planted is found, what is common is not, and both stand where they were written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review.pools import by_seed

from keheng.review.rules import passages as found
from keheng.review.rules.passages import COMMON, GRAM, WINDOW, Passage, alike, merged, passages, plain, prints_of
from keheng.review.rules.print_store import PrintStore

pytestmark = pytest.mark.one_database
WORDS = st.text(alphabet="科研仪器共享服务平台数据, 。\n", max_size=120)


def text(seed: int, length: int = 600) -> str:
    """Characters by chance: two texts share no gram."""
    chance = by_seed(seed)
    return "".join(chr(0x4E00 + chance.randrange(6000)) for _ in range(length))


def test_planted_copies_are_found_and_nothing_else():
    texts = {number: text(number) for number in range(40)}
    planted = {}
    for number, share in ((1, 0.2), (2, 0.35), (3, 0.6), (4, 0.9)):
        length = int(600 * share)
        texts[20 + number] = text(100 + number, 600 - length) + texts[number][50 : 50 + length]
        planted[number, 20 + number] = share
    seen = {tuple(sorted((one.text, one.other))): one.share for one in alike(prints_of(texts.items()), least=0.1)}
    assert set(seen) == set(planted)
    assert all(seen[pair] == pytest.approx(share, abs=0.06) for pair, share in planted.items())


@given(WORDS, WORDS, st.integers(0, 99))
def test_any_shared_passage_of_19_characters_leaves_a_fingerprint(before, after, seed):
    shared = text(seed, GRAM + WINDOW - 1)
    one, other = (prints_of([(number, one)]) for number, one in enumerate((before + shared + after, after + shared + before)))
    assert np.isin(one.marks, other.marks).any()


@given(WORDS)
def test_width_case_blanks_and_punctuation_do_not_count(words):
    one = words + "平台Data 2026年度共享服务绩效评价报告"
    other = "，".join(words) + "平台ＤＡＴＡ２０２６年度—共享服务《绩效评价报告》"
    assert plain(one) == plain(other)
    assert prints_of([(1, one)]).marks.tolist() == prints_of([(1, other)]).marks.tolist()


def test_what_more_than_twenty_texts_share_counts_for_nobody():
    form = text(999, 200)
    few = alike(prints_of((number, text(number, 100) + form) for number in range(20)), least=0.1)
    many = alike(prints_of((number, text(number, 100) + form) for number in range(21)), least=0.1)
    assert (len(few), many) == (190, [])


def test_short_texts_and_none_are_harmless():
    assert alike(prints_of([]), least=0.1) == []
    assert len(prints_of([(1, "太短"), (2, "")])) == 0
    assert [(one.text, one.other) for one in alike(prints_of([(1, "正好八个字的文本"), (2, "正好八个字的文本")]), least=0.1)] == [(1, 2)]


def test_batches_do_not_change_what_is_found(monkeypatch):
    texts = [(number, text(number, 100)) for number in range(9)]
    whole = prints_of(texts)
    monkeypatch.setattr(found, "_AT_ONCE", 150)
    parts = prints_of(texts)
    assert (parts.marks.tolist(), parts.texts.tolist()) == (whole.marks.tolist(), whole.texts.tolist())


def test_a_share_is_of_the_shorter_text():
    short, long = text(1, 200), text(1, 200) + text(2, 800)
    (pair,) = alike(prints_of([(7, long), (8, short)]), least=0.5)
    assert (pair.text, pair.other) == (8, 7)
    assert pair.share > 0.9


def test_passages_stand_where_they_were_written():
    shared = "由此可见，本项目将建成覆盖全市的共享 平台并提供服务"
    one, other = f"前言。{shared}。结语", f"另有说明：{shared.replace('，', '')}！"
    (passage,) = passages(one, other)
    assert one[passage.begin : passage.end] == shared
    assert other[passage.other_begin : passage.other_end] == shared.replace("，", "")
    assert passages(one, "毫不相干的文字") == []


def test_the_longest_of_several_places_is_taken():
    shared = text(5, 60)
    other = shared[:25] + text(6, 30) + shared
    assert passages(shared, other) == [Passage(0, 60, 55, 115)]


def test_fingerprints_of_all_years_are_kept_and_compared_with(tmp_path):
    store = PrintStore(tmp_path / "prints")
    assert store.years() == []
    assert len(store.like(prints_of([(1, text(1))]))) == 0
    store.keep(2024, prints_of([(1, text(1)), (2, text(2))]))
    store.keep(2025, prints_of([(3, text(3))]))
    store.keep(2024, prints_of([(2, text(22))]))
    new = prints_of([(9, text(90, 400) + text(1)[:200]), (10, text(2)), (3, text(3))])
    pairs = alike(new, store.like(new), least=0.1)
    assert store.years() == [2024, 2025]
    # Text 2 was written anew, and a text is not compared with itself.
    assert [(one.text, one.other) for one in pairs] == [(9, 1)]
    assert pairs[0].share == pytest.approx(1 / 3, abs=0.05)
    assert sorted(path.name for path in (tmp_path / "prints").iterdir()) == [".lock", "2024.npy", "2025.npy"]


def test_merging_keeps_each_fingerprint_once_a_text():
    one = prints_of([(1, text(1))])
    assert merged([one, one]).marks.tolist() == one.marks.tolist()


def test_what_many_old_texts_share_is_no_likeness_of_new_ones(tmp_path):
    store, form = PrintStore(tmp_path), text(999, 200)
    store.keep(2024, prints_of((number, text(number, 100) + form) for number in range(60)))
    new = prints_of((number, text(number, 100) + form) for number in range(100, 105))
    store.keep(2026, new)
    old = store.like(new)
    assert alike(new, old, least=0.1) == []
    # No more of it is read than tells that it is boilerplate.
    assert max(np.unique(old.marks, return_counts=True)[1]) == COMMON + 1


def test_forgotten_texts_are_found_by_nobody(tmp_path):
    store = PrintStore(tmp_path)
    store.keep(2024, prints_of([(1, text(1)), (2, text(2))]))
    store.keep(2025, prints_of([(3, text(3))]))
    before = len(store.of_year(2024))
    assert (store.forget([1, 3]), len(store.of_year(2025))) == (before - len(store.of_year(2024)) + len(prints_of([(3, text(3))])), 0)
    assert (store.keep_only(2024, [2]), set(store.of_year(2024).texts.tolist())) == (0, {2})
    assert len(store.like(prints_of([(9, text(1))]))) == 0
