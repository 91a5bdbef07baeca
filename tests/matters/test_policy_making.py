"""Matters made from policies: ordinary files that hold, with tests for every clause; what is wrong is told where the policy says it."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from keheng.kernel.definitions import definitions_folder
from keheng.matters.rules.checking import checked
from keheng.matters.rules.files.reading import FlawedError, read_text
from keheng.matters.rules.files.shelf import read_file, shelf
from keheng.matters.rules.flow.situation import closed_now
from keheng.matters.rules.matching.policy_shelf import make_matter, policy_shelf, read_policies

pytestmark = pytest.mark.one_database
CITY = definitions_folder("matters").parent / "yunling_policies"
FACTS = """
units: [enterprise]
facts:
  - {id: staff, label: 人数, kind: number, max: 100}
  - {id: share, label: 占比, kind: number, places: 2, max: 100}
  - {id: good, label: 好, kind: yesno}
  - {id: field, label: 领域, kind: choice, options: [甲, 乙]}
  - {id: district, label: 区, kind: choice, shared: directory.district}
"""
POLICY = """
id: t.one
version: 2026-01-01
title: 一号补贴
office: 云岭市
from: 2026-01-01
to: 2027-01-01
gives: 补贴
source: {doc: 虚构, confirmed: false}
clauses:
  - {say: 人数, fact: staff, op: ">", value: 1, art: 第一条}
  - {say: 占比, fact: share, op: "<=", value: 2.5, art: 第二条}
  - {say: 好, fact: good, op: is, value: false, art: 第三条}
  - {say: 领域, fact: field, op: not in, value: [甲], art: 第四条}
  - {say: 区, fact: district, op: in, value: ["990107"], art: 第五条}
apply:
  needs: [一号, 二号, 三号]
  archive: 5y
  award: asked
  fields:
    - {id: asked, type: money, label: 申请金额, min: 1, required: true, check: "asked <= 300", say: 不超过 300 元}
  materials:
    - {id: paper, title: 证明}
  sample: {asked: "200"}
"""
SHARED = (
    POLICY.partition("clauses:")[0]
    + """shared: true
clauses:
  - {say: 区, fact: district, op: in, value: ["990107"], art: 第五条}
apply:
  needs: [一号, 二号, 三号]
  archive: 5y
"""
)


def written(folder, *policies, facts=FACTS):
    """A system with so many policies; the paths of the policies."""
    (folder / "t/policies").mkdir(parents=True)
    (folder / "t/facts.yaml").write_text(facts, encoding="utf-8")
    found = []
    for number, text in enumerate(policies):
        found.append(folder / f"t/policies/{number}.yaml")
        found[-1].write_text(text, encoding="utf-8")
    return found


def made(folder, text):
    """The matter made from a policy."""
    path, whole = make_matter(written(folder, text)[0])
    return path, whole


def flaws(folder, text):
    """Codes and lines of everything that keeps a matter from being made."""
    with pytest.raises(FlawedError) as caught:
        made(folder, text)
    return sorted((flaw.problem.code, flaw.line) for flaw in caught.value.flaws)


@pytest.mark.parametrize("policy", [one for one in policy_shelf().policies if one.apply is not None], ids=lambda one: one.id)
def test_the_citys_matters_are_what_its_policies_make(policy):
    path = next(one for one in sorted((CITY / "policies").glob("*.yaml")) if yaml.safe_load(one.read_text("utf-8"))["id"] == policy.id)
    target, text = make_matter(path)
    assert target.read_text(encoding="utf-8") == text
    matter = read_file(target).matter
    assert (matter.id, matter.version, matter.policy.id) == (policy.applied_by, policy.version, policy.id)
    assert [(one.say, one.art) for one in matter.eligible] == [(one.say, one.art) for one in policy.clauses]
    assert {one.id for one in matter.fields if one.known} == {one.fact for one in policy.clauses}
    assert len([one for one in matter.tests if one.name.endswith("条不满足")]) == len(policy.clauses)
    assert matter.state_of["granted"].end == "granted"


def test_the_form_asks_for_the_facts_of_the_clauses_as_they_are(tmp_path):
    path, text = made(tmp_path, POLICY)
    matter = read_text(text, "t.yaml").matter
    assert path == tmp_path / "t/matters/apply-one-2026-01-01.yaml"
    asked = [(one.id, one.type, one.known, one.required) for one in matter.form[1].fields]
    assert asked == [
        ("staff", "integer", "told", True), ("share", "decimal", "told", True), ("good", "yesno", "told", True),
        ("field", "choice", "told", True), ("district", "text", "shared", False),
    ]  # fmt: skip
    rules = [one.rule.source for one in matter.eligible]
    assert rules == ["staff > 1", "share <= 2.5", "not good", 'field not in ["甲"]', 'district in ["云岭高新技术产业开发区"]']
    sample = {"staff": "2", "share": "2.5", "good": "no", "field": "乙", "district": "云岭高新技术产业开发区"}
    assert {name: matter.sample[name] for name in sample} == sample
    # Outside of every clause by the smallest step: one more than the bound, one less.
    outside = {next(iter(trial.path[0].set.items())) for trial in matter.tests if trial.name.endswith("条不满足")}
    assert outside >= {("staff", "1"), ("share", "2.51"), ("good", "yes"), ("field", "甲")}


@pytest.mark.parametrize("award", [True, False])
@pytest.mark.parametrize("publicity", [True, False])
@pytest.mark.parametrize("offer", [True, False])
def test_every_shape_of_the_template_holds(tmp_path, award, publicity, offer):
    text = SHARED if offer else POLICY.replace("  award: asked\n", "")
    text += ("  publicity: 5wd\n" if publicity else "") + ('  award: "100.50"\n' if award else "")
    path, whole = made(tmp_path, text)
    path.parent.mkdir()
    path.write_text(whole, encoding="utf-8")
    sound, found = checked([path])
    assert (len(sound), [str(one) for one in found]) == (1, [])
    states = set(sound[0].matter.state_of)
    assert {"offered", "declined", "expired"} & states == ({"offered", "declined", "expired"} if offer else set())
    assert ("public" in states, "awarded" in states) == (publicity, award)


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("award: asked", "award: wanted", [("MATTER_FILE_NAME", 19)]),
    ("award: asked", "award: 'asked +'", [("MATTER_FILE_VALUE", 19)]),
    ("{id: paper, title: 证明}", "{id: paper, title: 证明, waive: nobody.knows}", [("MATTER_FILE_NAME", 23)]),
    ("{id: asked, type: money", "{id: staff, type: money", [("MATTER_FILE_NAME", 19), ("MATTER_FILE_NAME", 21), ("MATTER_FILE_TWICE", 21)]),
    ('sample: {asked: "200"}', 'sample: {asked: "301"}', [("MATTER_FILE_TEST", 24)] * 6),
    ("archive: 5y", "archive: 5 years", [("MATTER_FILE_VALUE", 18)]),
    ("  archive: 5y", "  archive: 5y\n  decide: 30wd", [("MATTER_FILE_PROMISE", 19)]),
    ("  archive: 5y", "  archive: 5y\n  decides: matters.nobody", [("MATTER_FILE_PERMISSION", 19)]),
    ("needs: [一号, 二号, 三号]", "needs: [一号]", [("MATTER_FILE_VALUE", 17)]),
    ("gives: 补贴", "gives: 补贴\nmatter: yl.talent", [("POLICY_FILE_APPLY", 9)]),
    ('op: ">", value: 1,', 'op: ">", value: 100,', [("POLICY_FILE_NEVER", 11)]),
])  # fmt: skip
def test_what_is_wrong_with_an_application_is_told_with_its_line(tmp_path, old, new, expected):
    assert old in POLICY
    assert flaws(tmp_path, POLICY.replace(old, new)) == expected


def test_everything_wrong_with_an_application_is_told_at_once(tmp_path):
    spoilt = POLICY.replace("award: asked", "award: wanted").replace("title: 证明}", "title: 证明, waive: nobody.knows}")
    spoilt = spoilt.replace("asked <= 300", "askd <= 300").replace("  archive: 5y", "  archive: 5y\n  examines: matters.nobody")
    assert flaws(tmp_path, spoilt) == [
        ("MATTER_FILE_NAME", 20), ("MATTER_FILE_NAME", 22), ("MATTER_FILE_NAME", 24), ("MATTER_FILE_PERMISSION", 19),
    ]  # fmt: skip


def test_who_need_not_apply_is_asked_for_nothing_else(tmp_path):
    more = "  fields: [{id: size, type: integer, label: 面积, required: true}]\n  materials: [{id: paper, title: 证明}]\n"
    assert flaws(tmp_path / "a", SHARED + more) == [("POLICY_FILE_OFFER", 16), ("POLICY_FILE_OFFER", 17)]
    made(tmp_path / "b", SHARED + more.replace(", required: true", "").replace("title: 证明", "title: 证明, waive: directory.registered"))
    told = POLICY + "  told: true\n"
    assert flaws(tmp_path / "c", told) == [("POLICY_FILE_OFFER", 21), ("POLICY_FILE_OFFER", 23)]


def test_a_policy_whose_matter_was_not_made_or_is_of_another_text_is_told(tmp_path):
    def told(folder, matters):
        with pytest.raises(FlawedError) as caught:
            read_policies(folder, matters)
        return [(flaw.problem.code, flaw.line, flaw.problem.remedy_zh) for flaw in caught.value.flaws]

    source = written(tmp_path, POLICY)[0]
    remedy = f"运行 keheng matters make {source}，再登记 keheng matters release"
    assert told(tmp_path, shelf()) == [("POLICY_FILE_UNMADE", 16, remedy)]
    read = read_text(make_matter(source)[1], "made.yaml")
    matters = {**shelf(), read.matter.id: (read,)}
    assert [one.id for one in read_policies(tmp_path, matters).policies] == ["t.one"]
    source.write_text(POLICY.replace("gives: 补贴", "gives: 更多补贴"), encoding="utf-8")
    assert told(tmp_path, matters) == [("POLICY_FILE_UNMADE", 16, remedy)]


def test_a_new_version_is_a_new_edition_and_each_is_open_as_long_as_its_policy(tmp_path):
    later = POLICY.replace("2026-01-01", "2027-01-01").replace("to: 2027-01-01", "to: 2028-01-01").replace("value: 1,", "value: 5,")
    later = later.replace("from: 2027-01-01\nto: 2027-01-01", "from: 2027-01-01\nto: 2028-01-01")
    first, second = (read_text(make_matter(path)[1], path.name) for path in written(tmp_path, POLICY, later))
    assert (first.matter.id, first.matter.version) == ("t.apply-one", date(2026, 1, 1))
    assert (second.matter.id, second.matter.version) == ("t.apply-one", date(2027, 1, 1))
    assert first.digest != second.digest
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    for read, expected in ((first, [1, 0, 0, 1, 1, 1]), (second, [1, 1, 1, 0, 0, 1])):
        assert [len(closed_now(read.matter, day)) for day in days] == expected


def test_a_policy_that_is_not_applied_for_makes_nothing(tmp_path):
    assert flaws(tmp_path, POLICY.partition("apply:")[0]) == [("POLICY_FILE_NO_APPLY", 2)]
    assert not Path(tmp_path / "t/matters").exists()
