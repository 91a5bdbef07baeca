"""Unified social credit codes: real ones pass, slips are found as far as the mathematics promises."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keheng.kernel.credit_code import (
    ALPHABET,
    check_digit,
    make,
    normalise,
    organisation_check_digit,
    problems_of,
)

# Published codes of well-known companies and public bodies.
REAL = ("91110000802100433B", "91350100M000100Y43", "914403001922038216", "91330100799655058B")
CODES = st.builds(
    make,
    st.just("9"),
    st.sampled_from("123"),
    st.integers(0, 999_999).map("{:06d}".format),
    st.integers(0, 31**8 - 1),
)


def codes_of(code):
    return [one.code for one in problems_of(code)]


@pytest.mark.parametrize("code", REAL)
def test_real_codes_have_no_problems(code):
    assert problems_of(code) == []


def test_what_is_typed_is_brought_into_form():
    assert normalise(" ９１３５０１００ｍ０００１００ｙ４３\u3000") == "91350100M000100Y43"
    assert normalise("91350100-M000100Y-43") == "91350100M000100Y43"


def test_every_part_is_looked_at():
    assert codes_of("") == ["credit_code.length"]
    assert codes_of("9135010OM000100Y43") == ["credit_code.characters"]
    assert codes_of("9135010OM000100Y4") == ["credit_code.length", "credit_code.characters"]
    assert codes_of("91350100M000100Y44") == ["credit_code.check_digit"]
    first17 = "B1350100M000100Y4"
    assert codes_of(first17 + check_digit(first17)) == ["credit_code.department"]
    first17 = "98350100M000100Y4"
    assert codes_of(first17 + check_digit(first17)) == ["credit_code.class"]
    first17 = "9135A100M000100Y4"
    assert codes_of(first17 + check_digit(first17)) == ["credit_code.area"]
    first17 = "91350100M000100Y5"
    assert codes_of(first17 + check_digit(first17)) == ["credit_code.organisation"]


def test_parts_of_the_wrong_shape_are_mistakes_of_the_program():
    for bad in ("1" * 16, "1" * 16 + "I"):
        with pytest.raises(ValueError, match="17 characters"):
            check_digit(bad)
    for bad in ("1" * 7, "1" * 7 + "O"):
        with pytest.raises(ValueError, match="8 characters"):
            organisation_check_digit(bad)
    with pytest.raises(ValueError, match="does not fit"):
        make("9", "1", "350100", 31**8)
    with pytest.raises(ValueError, match="no known class"):
        make("9", "8", "350100", 1)


def test_serial_numbers_make_different_codes():
    assert len({make("1", "2", "350100", serial) for serial in range(2000)}) == 2000


@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_changed_character_is_found(code, place, character):
    """Promised for all 18 places: 31 is prime and no weight is a multiple of it, so the final check always changes."""
    assume(code[place] != character)
    assert "credit_code.check_digit" in codes_of(code[:place] + character + code[place + 1 :])


@given(CODES, st.integers(0, 16))
def test_any_swap_of_neighbours_is_found(code, place):
    """Promised for all 17 pairs: weights of neighbours differ modulo 31, also those of the 17th (28) and the check character (1).

    It is not promised for the first and the last character, whose weights are both 1, nor for two independent slips.
    """
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert "credit_code.check_digit" in codes_of(swapped)


@given(CODES, st.integers(8, 15), st.sampled_from(ALPHABET))
def test_the_organisation_code_finds_slips_only_modulo_eleven(code, place, character):
    """The inner check promises less: letters count to 34, so characters eleven or twenty-two apart look the same to it."""
    assume(code[place] != character)
    changed = code[8:17][: place - 8] + character + code[place + 1 : 17]
    same = (int(code[place], 36) - int(character, 36)) % 11 == 0
    assert (changed[8] == organisation_check_digit(changed[:8])) == same
