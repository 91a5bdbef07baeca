"""Display: cards for what repeats, soft findings under the hard ones that explain them; nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from keheng.appraisal.auditing.damping import Card, damp
from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.definitions import load_definition


def finding(code: str, form_index: int = 1, rows: tuple[int, ...] = (), **values: str) -> Finding:
    return Finding(code, Severity.MEDIUM, "made_up.txt", form_index, rows, values=values)


def test_the_same_finding_on_three_forms_is_one_card() -> None:
    same = [finding("ALL_FULL", place, count="8") for place in (1, 2, 3)]
    other = finding("ALL_FULL", 4, count="9")
    assert damp([*same, other]) == [Card(same[0], (same[1], same[2])), Card(other)]


def test_two_forms_make_two_cards() -> None:
    same = [finding("ALL_FULL", place, count="8") for place in (1, 2)]
    assert damp(same) == [Card(same[0]), Card(same[1])]


def test_repetition_inside_one_form_is_no_batch() -> None:
    same = [finding("UNIT_MIX", 1, (place,), units="次 / 场") for place in (1, 2, 3)]
    assert damp(same) == [Card(each) for each in same]


def test_a_soft_finding_folds_under_the_hard_one_on_its_row() -> None:
    hard, soft, apart = finding("ATTAINED_DEDUCTED", 1, (2,)), finding("DEDUCT_NO_REASON", 1, (2,)), finding("DEDUCT_NO_REASON", 1, (3,))
    assert damp([soft, hard, apart]) == [Card(hard, (), (soft,)), Card(apart)]


def test_other_forms_and_other_codes_explain_nothing() -> None:
    hard, elsewhere, unrelated = finding("ATTAINED_DEDUCTED", 1, (2,)), finding("DEDUCT_NO_REASON", 2, (2,)), finding("UNIT_MIX", 1, (2,))
    assert damp([hard, elsewhere, unrelated]) == [Card(hard), Card(elsewhere), Card(unrelated)]


def test_a_finding_on_the_whole_form_touches_all_its_rows() -> None:
    hard, soft = finding("GRADE_VS_EXEC"), finding("EXEC_LOW_NO_REASON")
    assert damp([soft, hard]) == [Card(hard, (), (soft,))]
    whole, of_rows = finding("NO_TARGET_ACTUAL"), finding("EVID_MISSING", 1, (2, 3))
    assert damp([whole, of_rows]) == [Card(whole, (), (of_rows,))]


def test_a_soft_finding_folds_once() -> None:
    first, second, soft = finding("NARR_COPY"), finding("NARR_BACKGROUND"), finding("NARR_EMPTY")
    assert damp([first, second, soft]) == [Card(first, (), (soft,)), Card(second)]


def test_cards_of_a_batch_carry_what_each_form_explains() -> None:
    hard = [finding("ATTAINED_DEDUCTED", place, (1,), name="课程") for place in (1, 2, 3)]
    soft = [finding("DEDUCT_NO_REASON", place, (1,), name="课程") for place in (1, 2, 3)]
    assert damp([*hard, *soft]) == [Card(hard[0], tuple(hard[1:]), tuple(soft))]


def test_what_explains_is_never_explained_away() -> None:
    explains = load_definition("explains.json")["explains"]
    assert set(explains) & {soft for softs in explains.values() for soft in softs} == set()


codes = st.sampled_from(["ATTAINED_DEDUCTED", "DEDUCT_NO_REASON", "ALL_FULL", "NARR_COPY", "NARR_EMPTY"])
findings = st.lists(st.builds(lambda code, at, row: finding(code, at, (row,)), codes, st.integers(1, 4), st.integers(1, 3)), max_size=12)


@given(findings)
def test_every_finding_is_shown_exactly_once(made: list[Finding]) -> None:
    shown = [each for card in damp(made) for each in (card.finding, *card.others, *card.folded)]
    assert sorted(map(id, shown)) == sorted(map(id, made))
