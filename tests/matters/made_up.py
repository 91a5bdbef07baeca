"""A small matter for tests, and ways to spoil it."""

from datetime import date

from keheng.matters.rules.files.proof import proved
from keheng.matters.rules.files.reading import FlawedError, read_text
from keheng.matters.rules.flow.trying import tried

DAY = date(2026, 9, 28)
SMALL = """
id: yl.small
version: 2026-01-01
title: 小事项
audience: [person]
about: 测试用。
archive: 1y
basis: [{doc: 某办法, art: 第一条}]
roles:
  apply: {zh: 申请人}
  clerk: {zh: 经办人, holds: matters.case.accept}
  boss: {zh: 审批人, holds: matters.case.decide}
form:
  - section: 基本
    fields:
      - {id: name, type: text, label: 名称, required: true, max: 10}
      - {id: cost, type: money, label: 金额, min: 0, max: 100000}
      - {id: why, type: text, label: 说明, show: "cost > 1000", required: true}
materials:
  - {id: paper, title: 证明, need: "cost > 5000"}
states:
  - {id: draft, title: 填写, std: 申办, edit: all, moves: [{do: submit, title: 提交, by: apply, to: check, complete: true}]}
  - id: check
    title: 审查
    std: 受理
    clock: main
    moves:
      - {do: accept, title: 通过, by: clerk, to: done}
      - {do: ask, title: 补正, by: clerk, to: fix, correct: true, once: true}
  - {id: fix, title: 补正, std: 补正告知, clock: stop, why: 等待补正, edit: asked, due: 15wd, late: gone, moves: [{do: resend, title: 再交, by: apply, to: check}]}
  - {id: done, title: 办结, std: 办结, end: granted}
  - {id: gone, title: 作结, std: 办结, end: closed}
clocks: {main: {promise: 5wd, law: 20wd}}
tests:
  - {name: 一路通过, start: 2026-09-28, give: {name: 甲}, path: [submit, {wait: 2wd}, accept], ends: done, used: {main: 2}}
  - {name: 补正, start: 2026-09-28, give: {name: 甲}, path: [submit, ask, {wait: 3wd}, resend, accept], ends: done, used: {main: 0}}
"""


def small(*swaps):
    """The text of the small matter with pieces replaced."""
    text = SMALL
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    return text


def matter_of(text=SMALL):
    return read_text(text, "small.yaml").matter


def flaws_of(text):
    """Codes and paths of everything wrong with a text."""
    try:
        read = read_text(text, "small.yaml")
    except FlawedError as error:
        return [(flaw.problem.code.removeprefix("MATTER_FILE_"), flaw.problem.field) for flaw in error.flaws]
    return [(flaw.problem.code.removeprefix("MATTER_FILE_"), flaw.problem.field) for flaw in proved(read) or tried(read)]
