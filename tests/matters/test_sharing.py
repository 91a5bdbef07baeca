"""Parts shared by files: taken in where they are named, told with their own file and line, and held by the digest."""

from datetime import date

import pytest
from matters.made_up import SMALL, flaws_of

from keheng.matters.rules.files.reading import FlawedError, read_text
from keheng.matters.rules.files.shelf import changed_since_release, read_file, release

SHARED = """# parts
ends:
  - {id: done, title: 办结, std: 办结, end: granted}
  - {id: gone, title: 作结, std: 办结, end: closed}
clock: {main: {promise: 5wd, law: 20wd}, spare: {promise: 1wd, law: 2wd}}
round: [{include: round}]
"""
OWN = SMALL.replace("title: 小事项", "parts: [shared]\ntitle: 小事项").replace(
    """  - {id: done, title: 办结, std: 办结, end: granted}
  - {id: gone, title: 作结, std: 办结, end: closed}
""",
    "  - include: ends\n",
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "matters").mkdir()
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "shared.yaml").write_text(SHARED, encoding="utf-8")
    return tmp_path


def written(folder, text):
    path = folder / "matters" / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def flaws(path):
    with pytest.raises(FlawedError) as caught:
        read_file(path)
    return [(flaw.file.rpartition("/")[2], flaw.line, flaw.problem.code) for flaw in caught.value.flaws]


def test_a_matter_reads_as_if_its_parts_stood_in_it(folder):
    read = read_file(written(folder, OWN))
    assert read.matter.states == read_text(SMALL, "").matter.states
    assert read_text(read.text, "").matter.states == read.matter.states


def test_in_a_mapping_the_own_keys_win(folder):
    text = OWN.replace("clocks: {main: {promise: 5wd, law: 20wd}}", "clocks: {include: clock, main: {promise: 3wd, law: 9wd}}")
    path = written(folder, text)
    assert flaws(path) == [("shared.yaml", 5, "MATTER_FILE_CLOCK")]
    matter = read_text(read_text(path.read_text(encoding="utf-8") + f"\n--- # shared.yaml\n{SHARED}", "small.yaml").text, "").matter
    assert {name: clock.promise.days for name, clock in matter.clocks.items()} == {"main": 3, "spare": 1}


def test_what_is_wrong_in_a_part_is_told_with_its_own_file_and_line(folder):
    shared = folder / "parts" / "shared.yaml"
    shared.write_text(SHARED.replace("end: closed", "end: lost"), encoding="utf-8")
    assert flaws(written(folder, OWN)) == [("shared.yaml", 4, "MATTER_FILE_VALUE")]
    shared.write_text(SHARED.replace("std: 办结, end: closed", "std: 办结, end: closed, std: 办结"), encoding="utf-8")
    assert flaws(written(folder, OWN)) == [("shared.yaml", 4, "MATTER_FILE_TWICE")]
    shared.write_text("ends: [", encoding="utf-8")
    assert [(file, code) for file, _line, code in flaws(written(folder, OWN))] == [("shared.yaml", "MATTER_FILE_YAML")]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("parts: [shared]", "parts: [nowhere]", "MATTER_FILE_NAME"),
    ("parts: [shared]", "parts: [../shared]", "MATTER_FILE_NAME"),
    ("include: ends", "include: end", "MATTER_FILE_NAME"),
    ("include: ends", "include: clock", "MATTER_FILE_SHARE"),
    ("include: ends", "include: [ends, round]", "MATTER_FILE_SHARE"),
])  # fmt: skip
def test_a_part_that_is_not_there_or_does_not_fit_is_told(folder, old, new, code):
    assert code in {found for _file, _line, found in flaws(written(folder, OWN.replace(old, new)))}


def test_shared_words_that_a_matter_does_not_use_are_nothing_wrong_and_own_ones_are(folder):
    (folder / "parts" / "shared.yaml").write_text(f"{SHARED}more: {{没有: {{en: none}}}}\n", encoding="utf-8")
    read_file(written(folder, f"{OWN}words: {{include: more}}\n"))
    assert flaws_of(f"{SMALL}words: {{没有: {{en: none}}}}\n") == [("STALE", "words.没有")]


def test_the_digest_covers_the_parts(folder):
    path = written(folder, OWN)
    assert release(path, date(2025, 1, 1)) == []
    assert not changed_since_release(path)
    (folder / "parts" / "shared.yaml").write_text(SHARED.replace("作结", "结束"), encoding="utf-8")
    assert changed_since_release(path)
    assert [flaw.problem.code for flaw in release(path, date(2026, 1, 1))] == ["MATTER_FILE_IN_FORCE"]


def test_answers_that_all_tests_begin_with():
    text = SMALL.replace("tests:", "sample: {name: 甲, other: 无}\ntests:").replace("give: {name: 甲}", "give: {cost: 5}")
    assert flaws_of(text) == []
    matter = read_text(text, "").matter
    assert matter.given(matter.tests[0]) == {"name": "甲", "other": "无", "cost": 5}
