"""Files of matters: those of the repository are sound and unchanged; whatever is wrong with one is told with its place."""

import json
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from matters.made_up import SMALL, flaws_of, matter_of, small

from keheng.cli import main
from keheng.kernel.definitions import definitions_folder
from keheng.matters.rules.checking import checked
from keheng.matters.rules.files.differences import differences
from keheng.matters.rules.files.parts import Std
from keheng.matters.rules.files.reading import FlawedError, read_text
from keheng.matters.rules.files.shelf import all_in_force, changed_since_release, in_force, matter_files, release, shelf
from keheng.matters.rules.files.texts import said


def test_all_files_of_the_repository_hold_with_their_own_tests():
    sound, flaws = checked(matter_files())
    assert [str(flaw) for flaw in flaws] == []
    assert len(sound) == len(matter_files()) >= 3


def test_no_released_file_was_changed():
    assert [path.name for path in matter_files() if changed_since_release(path)] == []


def test_a_file_in_force_is_not_released_anew_and_one_to_come_is(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert release(path, date(2025, 1, 1)) == []
    assert not changed_since_release(path)
    path.write_text(SMALL.replace("小事项", "小事"), encoding="utf-8")
    assert changed_since_release(path)
    assert [flaw.problem.code for flaw in release(path, date(2026, 1, 1))] == ["MATTER_FILE_IN_FORCE"]
    assert changed_since_release(path)
    assert release(path, date(2025, 12, 31)) == []
    assert not changed_since_release(path)


def test_the_small_matter_has_nothing_wrong():
    assert flaws_of(SMALL) == []


@pytest.mark.parametrize(("old", "new", "flaws"), [
    ("", "a: [", [("YAML", "")]),
    ("title: 小事项\n", "", [("MISSING", "title")]),
    ("title: 小事项", "title: 小事项\ntitel: 错", [("KEY", "titel")]),
    ("title: 小事项", "title: 小事项\ntitle: 又", [("TWICE", "title")]),
    ("archive: 1y", "archive: soon", [("VALUE", "archive")]),
    ("version: 2026-01-01", "version: 一月", [("VALUE", "version")]),
    ("due: 15wd", "due: 15", [("VALUE", "states[2].due")]),
    ("std: 受理", "std: 收了", [("VALUE", "states[1].std")]),
    ("std: 受理", "std: 办结", [("STD", "states[1].std")]),
    ("end: granted", "end: won", [("VALUE", "states[3].end")]),
    (", end: granted", "", [("STD", "states[3].std"), ("DEAD_END", "states[3]")]),
    ('"cost > 5000"', '"cost > "', [("VALUE", "materials[0].need")]),
    ('"cost > 5000"', '"price > 5000"', [("NAME", "materials[0].need")]),
    ('"cost > 1000"', '"money > 1000"', [("NAME", "form[0].fields[2].show")]),
    ("to: done", "to: dome", [("NAME", "states[1].moves[0].to"), ("UNREACHED", "states[3]")]),
    ("by: clerk, to: done", "by: clark, to: done", [("NAME", "states[1].moves[0].by")]),
    ("holds: matters.case.accept", "holds: matters.case.excape", [("PERMISSION", "roles.clerk.holds")]),
    ("holds: matters.case.decide", "named: chief", [("NAME", "roles.boss.named")]),
    ("apply: {zh: 申请人}", "apply: {zh: 申请人, holds: matters.case.apply}", [("NOBODY", "roles")]),
    ("late: gone", "late: gne", [("NAME", "states[2].late"), ("UNREACHED", "states[4]")]),
    ("due: 15wd, late", "late", [("LATE", "states[2].late")]),
    (", moves: [{do: resend, title: 再交, by: apply, to: check}]", "", [("NAME", "tests[1].path[3]")]),
    ("due: 15wd, late: gone, moves: [{do: resend, title: 再交, by: apply, to: check}]", "edit: none", [("TWICE", "states[2].edit")]),
    ("late: gone, moves: [{do: resend, title: 再交, by: apply, to: check}]", "moves: [{do: resend, title: 再交, by: apply, to: fix}]", [("DEAD_END", "states[2]"), ("UNREACHED", "states[4]")]),
    ("clock: stop, why: 等待补正", "clock: stop", [("WHY", "states[2].clock")]),
    ("clock: main", "clock: mian", [("NAME", "states[1].clock"), ("CLOCK", "clocks.main")]),
    ("promise: 5wd, law: 20wd", "promise: 25wd, law: 20wd", [("PROMISE", "clocks.main")]),
    ("promise: 5wd, law: 20wd", "promise: 5d, law: 20wd", [("PROMISE", "clocks.main")]),
    ("law: 20wd}", "law: 20wd, warn: [100, 50]}", [("WARN", "clocks.main.warn")]),
    ("law: 20wd}", "law: 20wd, extend: 10d}", [("PROMISE", "clocks.main.extend")]),
    ("by: clerk, to: done", "by: clerk, extend: main, to: done", [("EXTEND", "states[1].moves[0].extend")]),
    ("by: clerk, to: done", "by: {all_of: [clerk], any_of: [boss]}, to: done", [("AGREE", "states[1].moves[0].by")]),
    ("by: clerk, to: done", "by: clerk, guard: review.dun, to: done", [("NAME", "states[1].moves[0].guard")]),
    ("by: clerk, to: done", "by: clerk, effect: review.bigin, to: done", [("NAME", "states[1].moves[0].effect")]),
    ("by: clerk, to: done", "by: clerk, outputs: [card], to: done", [("NAME", "states[1].moves[0].outputs")]),
    ("clocks:", "outputs: {card: {title: 证}}\nclocks:", [("OUTPUT", "outputs.card")]),
    ("audience: [person]", "audience: [person]\nlanguages: [en]\nwords: {小事项: {en: Small}}", [("WORDS", f"words.{text}") for text in ("测试用。", "不收费", "基本", "名称", "金额", "说明", "证明", "填写", "提交", "审查", "补正", "等待补正", "再交", "办结", "作结")]),
    ("audience: [person]", "audience: [person]\nwords: {大事项: {en: Big}}", [("STALE", "words.大事项")]),
    ("audience: [person]", "audience: [staff]", [("AUDIENCE", "audience")]),
    ("id: why", "id: name", [("TWICE", "form[0].fields[2].id")]),
    ("id: why", "id: today", [("FIELD", "form[0].fields[2]")]),
    ("type: money, label: 金额,", "type: money, label: 金额, dupcheck: true,", [("DUPCHECK", "form[0].fields[1]")]),
    ("label: 说明,", "label: 说明, private: true, dupcheck: true,", [("DUPCHECK", "form[0].fields[2]")]),
    ("title: 证明,", "title: 证明, accept: [png], dupcheck: true,", [("DUPCHECK", "materials[0]")]),
    ("type: money, label: 金额, min: 0, max: 100000", 'type: money, label: 金额, formula: "cost + 1"', [("ORDER", "form")]),
    ("type: money, label: 金额, min: 0, max: 100000", 'type: text, label: 金额, formula: "name"', [("FORMULA", "form[0].fields[1]")]),
    ("type: text, label: 名称", "type: choice, label: 名称", [("OPTIONS", "form[0].fields[0]")]),
    ("type: text, label: 名称", "type: table, label: 名称", [("COLUMNS", "form[0].fields[0]")]),
    ("label: 名称", 'label: 名称, check: "cost > 1"', [("SAY", "form[0].fields[0]")]),
    ("edit: all, moves", "auto: [{to: check}], edit: all, moves", [("START", "states[0]")]),
    ("clock: main\n", "clock: main\n    auto: [{to: fix, when: 'cost > 1'}]\n", []),
    ("clock: stop, why: 等待补正", "auto: [{to: fix}], clock: stop, why: 等待补正", [("LOOP", "states[2].auto")]),
    ("{wait: 2wd}, accept], ends: done", "{wait: 2wd}, accept], ends: gone", [("TEST", "tests[0].ends")]),
    ("used: {main: 2}", "used: {main: 3}", [("TEST", "tests[0].used")]),
    ("give: {name: 甲}, path: [submit, {wait: 2wd}", "give: {}, path: [submit, {wait: 2wd}", [("TEST", "tests[0].path[0]")]),
    ("{wait: 2wd}, accept", "{refused: accept}, accept", [("TEST", "tests[0].path[1]")]),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(old, new, flaws):
    text = small((old, new)) if old else new
    assert flaws_of(text) == flaws


def test_what_is_sealed_is_not_printed_where_anybody_may_check_it():
    issued = ("std: 办结, end: granted}", "std: 办结, end: granted, outputs: [slip]}")
    shown = ("clocks:", "outputs: {slip: {title: 凭条, shows: [name, why]}}\nclocks:")
    assert flaws_of(small(issued, shown)) == []
    assert flaws_of(small(issued, shown, ("label: 说明,", "label: 说明, private: true,"))) == [("SHOWN", "outputs.slip.shows")]


def test_everything_is_told_at_once_with_its_line():
    text = small(("archive: 1y", "archive: soon"), ("std: 受理", "std: 收了"), ("title: 小事项\n", ""))
    with pytest.raises(FlawedError) as caught:
        read_text(text, "small.yaml")
    lines = text.splitlines()
    told = {flaw.problem.field: flaw.line for flaw in caught.value.flaws}
    assert list(told) == ["title", "archive", "states[1].std"]
    assert lines[told["archive"] - 1] == "archive: soon"
    assert lines[told["states[1].std"] - 1] == "    std: 收了"


def test_versions_are_chosen_by_day():
    name = next(iter(shelf()))
    first = shelf()[name][0].matter.version
    assert in_force(name, date(2000, 1, 1)) is None
    assert in_force(name, first).matter.id == name
    assert in_force("no.such", first) is None
    assert [read.matter.id for read in all_in_force(first)] == [name for name in shelf() if shelf()[name][0].matter.version <= first]


def test_words_fall_back_to_chinese():
    text = small(("audience: [person]", "audience: [person]\nwords: {小事项: {en: Small thing}}"))
    matter = matter_of(text)
    assert [said(matter, "小事项", language) for language in ("en", "ja", "zh-hans")] == ["Small thing", "小事项", "小事项"]


def test_differences_are_told_piece_by_piece():
    new = small(("max: 10}", "max: 20}"), ("- {id: paper, title: 证明", "- {id: card, title: 证件"), ("promise: 5wd", "promise: 3wd"))
    told = [(one.part, one.piece, one.change) for one in differences(matter_of(), matter_of(new))]
    assert told == [
        ("表单", "名称", "修改（max）"), ("材料", "证明", "取消"), ("材料", "证件", "新增"), ("时限", "main", "修改（promise）"),
    ]  # fmt: skip
    assert differences(matter_of(), matter_of()) == []


def test_every_standard_step_stands_in_the_data_with_its_source():
    content = json.loads((definitions_folder("matters") / "exchange.json").read_text(encoding="utf-8"))
    assert tuple(content["states"]) == get_args(Std)
    assert content["source"]


def test_the_command_tells_everything_and_fails(tmp_path, capsys):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SMALL, encoding="utf-8")
    bad.write_text(small(("yl.small", "yl.bad"), ("to: done", "to: dome")), encoding="utf-8")
    assert main(["matters", "check", str(good)]) == 0
    assert "小事项 yl.small 2026-01-01：2 项测试通过" in capsys.readouterr().out
    assert main(["matters", "check", str(good), str(bad)]) == 1
    out = capsys.readouterr().out
    assert f"{bad}:28 [states[1].moves[0].to] MATTER_FILE_NAME" in out
    assert main(["matters", "release", str(bad)]) == 1
    assert not (tmp_path / "released.json").exists()
    assert main(["matters", "release", str(good)]) == 0
    assert main(["matters", "check", str(good), str(tmp_path / "none.yaml")]) == 1


def test_the_worked_example_of_the_guide_is_a_sound_file():
    text = (Path(__file__).parents[2] / "docs" / "guide" / "matters.md").read_text(encoding="utf-8")
    assert flaws_of(text.partition("```yaml\n")[2].partition("```")[0]) == []
