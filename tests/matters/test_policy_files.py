"""Files of policies and facts: everything wrong is told with its place; the city's own files are sound; three values hold."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.matters.rules.files.reading import FlawedError
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.marks import packed, sift
from keheng.matters.rules.matching.matching import matches, standing
from keheng.matters.rules.matching.policy_shelf import policy_flaws, policy_shelf, read_policies
from keheng.matters.rules.matching.vocabulary import Fact

pytestmark = pytest.mark.one_database
FACTS = """
units: [enterprise]
facts:
  - {id: staff, label: 人数, kind: number, max: 100}
  - {id: good, label: 好, kind: yesno}
  - {id: field, label: 领域, kind: choice, options: [甲, 乙]}
  - {id: district, label: 区, kind: choice, shared: directory.district}
"""
POLICY = """
id: t.one
version: 2026-01-01
title: 一
office: 云岭市
from: 2026-01-01
to: 2027-01-01
gives: 补贴
matter: yl.zhangjiang
source: {doc: 虚构, confirmed: false}
clauses:
  - {say: 人数, fact: staff, op: ">=", value: 1, art: 第一条}
  - {say: 领域, fact: field, op: in, value: [甲], art: 第二条}
"""


def flaws(tmp_path, *policies, facts=FACTS):
    """Codes, file and line of everything wrong."""
    (tmp_path / "t/policies").mkdir(parents=True)
    (tmp_path / "t/facts.yaml").write_text(facts, encoding="utf-8")
    for number, text in enumerate(policies):
        (tmp_path / f"t/policies/{number}.yaml").write_text(text, encoding="utf-8")
    try:
        read_policies(tmp_path, shelf())
    except FlawedError as error:
        return [(flaw.problem.code, flaw.file.rpartition("/")[2], flaw.line) for flaw in error.flaws]
    return []


def test_the_city_has_sound_files():
    found = policy_shelf()
    assert policy_flaws() == []
    assert (len(found.policies), found.units) == (13, ("enterprise", "institute"))
    assert {one.matter for one in found.policies} - {""} == {"yl.zhangjiang", "yl.workstation", "yl.talent"}
    assert [one.id for one in found.policies if one.source["confirmed"]] == []
    assert [one.id for one in found.policies if one.shared] == ["yl.grant-match", "yl.granted-follow-up", "yl.new-user-guide"]
    assert [one.id for one in found.policies if one.offers] == ["yl.grant-match"]
    applied = ["yl.grant-match", "yl.high-tech-award", "yl.small-tech-loan", "yl.start-up-rent"]
    assert [one.id for one in found.policies if one.apply is not None] == applied
    assert {clause.fact for one in found.policies for clause in one.clauses} == set(found.facts)


def test_a_policy_counts_from_its_first_day_to_the_day_before_its_end():
    first, last = date(2026, 1, 1), date(2031, 1, 1)
    assert [len(policy_shelf().in_force(day)) for day in (date(2025, 12, 31), first, date(2030, 12, 31), last)] == [0, 13, 13, 0]


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("一\n", "一\n", []),
    ("fact: staff", "fact: stuff", [("MATTER_FILE_NAME", 12)]),
    ("value: [甲]", "value: [丙]", [("POLICY_FILE_FIT", 13)]),
    ("fact: field", "fact: good", [("POLICY_FILE_FIT", 13)]),
    ("fact: staff", "fact: good", [("POLICY_FILE_FIT", 12)]),
    ("fact: staff", "fact: field", [("POLICY_FILE_FIT", 12)]),
    ("yl.zhangjiang", "yl.nothing", [("MATTER_FILE_NAME", 9)]),
    ("to: 2027-01-01", "to: 2026-01-01", [("POLICY_FILE_DATES", 7)]),
    ("to: 2027-01-01", "shared: true", [("POLICY_FILE_SHARED", 12), ("POLICY_FILE_SHARED", 13)]),
    ("value: 1", "value: some", [("MATTER_FILE_VALUE", 12)]),
    ("gives: 补贴", "give: 补贴", [("MATTER_FILE_KEY", 8), ("MATTER_FILE_MISSING", 2)]),
    ("fact: staff", "fact: stuff, fact: staff", [("MATTER_FILE_TWICE", 12)]),
])  # fmt: skip
def test_what_is_wrong_with_a_policy_is_told_with_its_line(tmp_path, old, new, expected):
    found = flaws(tmp_path, POLICY.replace(old, new))
    assert sorted((code, line) for code, _, line in found) == expected


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("units: [enterprise]", "units: [shop]", [("MATTER_FILE_NAME", 2)]),
    ("id: good", "id: staff", [("MATTER_FILE_TWICE", 5)]),
    ("directory.district", "directory.weather", [("MATTER_FILE_NAME", 7)]),
    ("shared: directory.district", "shared: directory.years", [("POLICY_FILE_KIND", 7)]),
    ("label: 好, kind: yesno", "label: 好, kind: number, shared: matters.granted", [("MATTER_FILE_NAME", 5)]),
    ("kind: choice, options: [甲, 乙]", "kind: choice", [("POLICY_FILE_FIT", 13), ("POLICY_FILE_KIND", 6)]),
    ("max: 100", "min: 5, max: 1", [("POLICY_FILE_KIND", 4)]),
])  # fmt: skip
def test_what_is_wrong_with_facts_is_told_with_its_line(tmp_path, old, new, expected):
    found = flaws(tmp_path, POLICY, facts=FACTS.replace(old, new))
    assert sorted((code, line) for code, _, line in found) == expected


def test_two_versions_on_one_day_are_refused_and_one_after_the_other_is_not(tmp_path):
    later = POLICY.replace("version: 2026", "version: 2027").replace("from: 2026", "from: 2027").replace("to: 2027", "to: 2028")
    assert flaws(tmp_path / "a", POLICY, later) == []
    assert flaws(tmp_path / "b", POLICY.replace("to: 2027-01-01", ""), later) == [("POLICY_FILE_TWICE", "1.yaml", 6)]
    assert flaws(tmp_path / "c", POLICY, later.replace("from: 2027-01-01", "from: 2026-12-31")) == [("POLICY_FILE_TWICE", "1.yaml", 6)]


@pytest.mark.parametrize(("told", "day", "expected"), [
    (date(2026, 1, 31), date(2027, 1, 30), True), (date(2026, 1, 31), date(2027, 1, 31), False),
    (date(2024, 2, 29), date(2025, 2, 28), True), (date(2024, 2, 29), date(2025, 3, 1), False),
])  # fmt: skip
def test_an_answer_is_believed_for_so_many_months(told, day, expected):
    assert policy_shelf().facts["staff"].believed(told, day) is expected


def test_a_number_is_what_people_write_and_nothing_else():
    fact = policy_shelf().facts["revenue"]
    texts = ("1,200.50", " 7 ", "0", "-1", "1e400", "NaN", "Infinity", "1.005", "一百", "9" * 30, "1e-9")
    assert [fact.understood(one) for one in texts] == [Decimal("1200.50"), Decimal(7), Decimal(0), *[None] * 8]
    assert [fact.kept(fact.understood(one)) for one in texts[:3]] == ["1200.5", "7", "0"]


def told_facts(fact: Fact):
    """Values of a fact, or nothing known."""
    known = {"yesno": st.booleans(), "choice": st.sampled_from(fact.options or ("-",))}
    return st.one_of(st.none(), known.get(fact.kind, st.integers(0, 40).map(Decimal)))


ROWS = st.fixed_dictionaries({name: told_facts(fact) for name, fact in policy_shelf().facts.items()})


def verdicts(row):
    return {one.policy.id: int(one.verdicts[0]) for one in matches(policy_shelf().policies, facts_of([row]))}


@given(ROWS, st.sampled_from(sorted(policy_shelf().facts)))
def test_an_unknown_fact_decides_nothing_and_more_told_never_makes_what_is_met_unknown(row, name):
    less = verdicts(row | {name: None})
    more = verdicts(row)
    unmet, unknown, met = 0, 1, 2
    for policy in policy_shelf().policies:
        before, after = less[policy.id], more[policy.id]
        assert before in {after, unknown}, policy.id
        asked = [clause for clause in policy.clauses if clause.fact == name]
        if asked and before == met:
            pytest.fail(f"{policy.id} is met without {name}")
        others = policy.model_copy(update={"clauses": tuple(one for one in policy.clauses if one.fact != name)})
        if asked and before == unmet:
            assert int(next(matches([others], facts_of([row]))).verdicts[0]) == unmet


@given(ROWS)
def test_bits_give_the_verdict_of_the_matcher(row):
    facts = facts_of([row])
    sifted = sift(policy_shelf().policies, facts, packed(np.array([True])))
    for one, bits in zip(matches(policy_shelf().policies, facts), sifted, strict=True):
        met, near, unmet, unknown, *each = bits.counts(np.array([0]))[:, 0].tolist()
        assert [unmet, unknown, met] == [int(one.verdicts[0]) == verdict for verdict in (0, 1, 2)]
        judged = [verdict for _clause, verdict in standing(one.policy, facts, 0)]
        assert each == [verdict == wanted for wanted in (0, 1) for verdict in judged]
        assert near == (judged.count(0) == 1 and 1 not in judged)
        kept = [(0, 0)] if met else [(0, judged.index(0) + 1)] if near else []
        assert list(zip(*(part.tolist() for part in bits.kept()), strict=True)) == kept
