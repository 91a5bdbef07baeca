"""Amounts that add up, and that read back as they were written."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.money import ZERO, Money, NotMoneyError, from_capitals, total

AMOUNTS = st.one_of(st.integers(-(10**6), 10**6), st.integers(-(10**17), 10**17), st.integers(-9, 9).map(lambda n: n * 10**10)).map(Money)

CAPITALS = {
    "1234.56": "壹仟贰佰叁拾肆元伍角陆分",
    "0": "零元整",
    "0.05": "伍分",
    "0.5": "伍角整",
    "10": "壹拾元整",
    "1000.05": "壹仟元零伍分",
    "1006.50": "壹仟零陆元伍角整",
    "10001": "壹万零壹元整",
    "100000000": "壹亿元整",
    "100010000": "壹亿零壹万元整",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "1000000000000": "壹万亿元整",
    "1000500000000": "壹万零伍亿元整",
    "1000500000001": "壹万零伍亿零壹元整",
    "-6.3": "负陆元叁角整",
}


@pytest.mark.parametrize("yuan", CAPITALS)
def test_capitals_as_on_receipts(yuan):
    money = Money.yuan(yuan)
    text = CAPITALS[yuan]
    assert money.in_capitals() == text
    assert from_capitals(text) == money


@given(AMOUNTS)
def test_amounts_read_back(money):
    assert from_capitals(money.in_capitals()) == money
    assert Money.yuan(str(money)) == money
    assert Money.yuan(Decimal(money.fen) / 100) == money


@pytest.mark.parametrize(
    "text", ["", "壹", "壹元", "元整", "壹拾壹", "十元整", "壹元整整", "伍分整", "零元", "贰壹元整", "abc", "亿元整", "负零元整"]
)
def test_what_is_not_written_so_is_refused(text):
    with pytest.raises(NotMoneyError):
        from_capitals(text)


@pytest.mark.parametrize(
    "amount",
    [
        1.5,
        True,
        "1.005",
        "1,23.4",
        "",
        "1e5",
        Decimal("0.001"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("sNaN"),
        Decimal("1.000000000000000000000000000001"),
        Decimal("1e999999999"),
        Decimal("1e-999999999"),
        10**17,
        10**400,
        None,
    ],
)
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(NotMoneyError):
        Money.yuan(amount)
    with pytest.raises(NotMoneyError):
        Money(Decimal(1))


def test_how_it_prints_and_compares():
    assert [str(Money.yuan(y)) for y in ("1,234.5", "-0.05", 0, 7)] == ["1,234.50", "-0.05", "0.00", "7.00"]
    assert sorted([Money(3), Money(-1), ZERO]) == [Money(-1), ZERO, Money(3)]
    assert [bool(ZERO), bool(-Money(1))] == [False, True]


@given(AMOUNTS, AMOUNTS, st.integers(-9, 9))
def test_arithmetic_is_that_of_whole_fen(a, b, n):
    assert ((a + b) - b, a - a, (a * n).fen, total([a, b, a])) == (a, ZERO, a.fen * n, a * 2 + b)


def test_only_money_is_added_to_money():
    for wrong in (lambda: Money(1) + 5, lambda: Money(1) - 0.5, lambda: Money(1) + "1"):
        with pytest.raises(TypeError):
            wrong()


@given(AMOUNTS, st.decimals(0, 1, allow_nan=False, places=30))
def test_a_share_is_never_more_than_half_a_fen_off(money, rate):
    off = Fraction(money.share(rate).fen) - money.fen * Fraction(rate)
    assert abs(off) <= Fraction(1, 2)


@pytest.mark.parametrize("rate", [0.5, 1, Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_rate_is_refused(rate):
    with pytest.raises(NotMoneyError):
        Money(100).share(rate)


def test_a_share_is_rounded_once():
    assert Money(10**17).share(Decimal("0.000000000000000004999999999999999999999999")) == ZERO
    assert Money(99_999_999_999_999_999).share(Decimal("0.4999999999999999999999999999999")).fen == 49_999_999_999_999_999


def test_shares_round_half_away_from_zero():
    assert [Money(n).share(Decimal("0.5")).fen for n in (1, 2, 3, -1, -3)] == [1, 1, 2, -1, -2]


@given(AMOUNTS, st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_parts_add_up_exactly_and_stay_near_their_share(money, weights):
    parts = money.allocate(weights)
    assert total(parts) == money
    assert all(abs(part.fen * sum(weights) - money.fen * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True))


def test_weights_that_say_nothing_are_refused():
    for weights in ([0, 0], [-1, 3]):
        with pytest.raises(ValueError, match="weights"):
            Money(10).allocate(weights)
