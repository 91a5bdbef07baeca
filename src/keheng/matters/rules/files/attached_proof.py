"""Proof of what is attached to a matter: calls, reviews, values from elsewhere, payments."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cache

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import problem
from keheng.matters.rules.files.attached import Review
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.files.points import known
from keheng.matters.rules.files.reading import Flaw, Path, Read
from keheng.matters.rules.files.review_proof import begun_flaws

_NUMBERS = frozenset({"integer", "decimal", "money"})
_WHOLE, _LONGEST_PUBLICITY = 100, 60
_SAYS_WHO = frozenset({"unit.name", "unit.code", "unit.district", "person.name"})


@cache
def rubric_codes() -> frozenset[str]:
    """The rubrics there are: what a file names is data too."""
    files = (definitions_folder("review") / "rubrics").glob("*.json")
    return frozenset(json.loads(file.read_text(encoding="utf-8"))["code"] for file in files)


@cache
def combination_codes() -> frozenset[str]:
    """The ways to combine scores there are."""
    return frozenset(json.loads((definitions_folder("review") / "combinations.json").read_text(encoding="utf-8"))["ways"])


def attached_flaws(read: Read) -> Iterator[Flaw]:
    """Everything that does not hold of what is attached."""
    yield from _windows(read)
    yield from _reviews(read)
    yield from begun_flaws(read)
    yield from _values(read)
    yield from _payments(read)
    yield from _calls(read)
    for name, role in read.matter.roles.items():
        if role.unit and role.holds is None:
            yield read.flaw(("roles", name), problem("MATTER_FILE_UNIT_ROLE", name=name))


def _named(read: Read, path: Path, name: str | None, among: Collection[str], what: str) -> Iterator[Flaw]:
    if name is not None and name not in among:
        yield read.flaw(path, problem("MATTER_FILE_NAME", what=what, name=name, known="、".join(sorted(among)) or "—"))


def _windows(read: Read) -> Iterator[Flaw]:
    last = None
    for number, one in enumerate(read.matter.open):
        if one.until < one.since or (last is not None and one.since <= last):
            yield read.flaw(("open", number), problem("MATTER_FILE_OPEN", title=one.title))
        last = one.until


def _reviews(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    shown = {field.id for field in matter.fields if not field.sealed and field.prefill not in _SAYS_WHO}
    for name, one in matter.review.items():
        path: Path = ("review", name)
        yield from _named(read, (*path, "rubric"), one.rubric, rubric_codes(), "评分表 / rubric")
        yield from _named(read, (*path, "combine"), one.combine, combination_codes(), "合成方法 / combination")
        for field in one.shows:
            yield from _named(read, (*path, "shows"), field, shown, "不显示身份的字段 / field that tells nobody")
        for field in (*one.near, *one.employers, *one.hides):
            yield from _named(read, path, field, {each.id for each in matter.fields}, "字段 / field")
        for material in one.files:
            yield from _named(read, (*path, "files"), material, {each.id for each in matter.materials}, "材料 / material")
        yield from _named(read, (*path, "own"), one.own, _numbers(matter.fields), "数字字段 / number")
        yield from _excludes(read, path, one)
        if not _sensible(one) or name not in {matter.review_at(state.id) for state in matter.states}:
            yield read.flaw(path, problem("MATTER_FILE_REVIEW", name=name))
    for number, state in enumerate(matter.states):
        yield from _named(read, ("states", number, "review"), state.review, matter.review, "评审 / review")


def _excludes(read: Read, path: Path, one: Review) -> Iterator[Flaw]:
    """A bounded table that judges do not read, with columns of text."""
    if one.excludes is None:
        return
    tables = {field.id: field for field in read.matter.fields if field.type == "table" and field.max and field.id not in one.shows}
    below: Path = (*path, "excludes")
    yield from _named(
        read, (*below, "table"), one.excludes.table, tables, "有行数上限、评委看不到的表格 / bounded table hidden from judges"
    )
    if one.excludes.table in tables:
        cols = {col.id for col in tables[one.excludes.table].cols if col.type == "text"}
        for key in ("name", "unit", "reason"):
            yield from _named(read, (*below, key), getattr(one.excludes, key), cols, "文字列 / column of text")


def _sensible(one: Review) -> bool:
    """Seats for somebody, an odd number where told so, bounds within what they bound."""
    seats = one.kinds.values()
    return (
        bool(seats)
        and min(seats) > 0
        and (not one.odd or sum(seats) % 2 == 1)
        and (not isinstance(one.quota, int) or one.quota > 0)
        and (one.line is None or 0 <= one.line <= _WHOLE)
        and (isinstance(one.publicity, str) or (one.publicity.working and one.publicity.days <= _LONGEST_PUBLICITY))
    )


def _numbers(fields: Collection[FormField]) -> set[str]:
    return {field.id for field in fields if field.type in _NUMBERS}


def _values(read: Read) -> Iterator[Flaw]:
    """Values from elsewhere: of the parent in the form, of a registered function with a move; never typed, so never computed either."""
    matter = read.matter
    for number, section in enumerate(matter.form):
        for n, field in enumerate(section.fields):
            lonely = field.inherit is not None and (matter.parent is None or field.prefill is not None or field.formula is not None)
            alone = field.known is not None and (matter.policy is None or field.prefill or field.formula or field.inherit)
            if field.fact is not None or lonely or alone or any(col.fact or col.inherit for col in field.cols):
                yield read.flaw(("form", number, "fields", n), problem("MATTER_FILE_FIELD", name=field.id))
    moves = [(("states", s, "moves", m), move) for s, state in enumerate(matter.states) for m, move in enumerate(state.moves)]
    for path, move in [*moves, *((("anywhere", number), move) for number, move in enumerate(matter.anywhere))]:
        for n, field in enumerate(move.ask):
            yield from _named(read, (*path, "ask", n, "fact"), field.fact, known("facts"), "取值函数 / fact")
            if field.inherit is not None or (field.fact is not None and field.formula is not None):
                yield read.flaw((*path, "ask", n), problem("MATTER_FILE_FIELD", name=field.id))


def _calls(read: Read) -> Iterator[Flaw]:
    """Who and what stands in one case of a call, and the quotas that moves take places of."""
    matter = read.matter
    for number, one in enumerate(matter.people):
        path: Path = ("people", number)
        yield from _named(read, (*path, "number"), one.number, _of_type(matter.fields, "id_number"), "身份证号字段 / identity number")
        yield from _named(read, (*path, "born"), one.born, _of_type(matter.fields, "date"), "日期字段 / date")
    for part in ("name", "number") if matter.holder is not None else ():
        yield from _named(read, ("holder", part), getattr(matter.holder, part), _of_type(matter.fields, "text"), "文字字段 / text")
    yield from _named(read, ("own_code",), matter.own_code, _of_type(matter.fields, "text"), "文字字段 / text")
    for name, quota in matter.quotas.items():
        choices = {field.id for field in matter.fields if field.type == "choice"}
        yield from _named(read, ("quotas", name, "of"), quota.of, choices, "单选字段 / choice")
    for number, state in enumerate(matter.states):
        for n, move in enumerate(state.moves):
            yield from _named(read, ("states", number, "moves", n, "takes"), move.takes, matter.quotas, "名额 / quota")


def _payments(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    if matter.plan is not None:
        plan = matter.plan
        tables = {field.id: {col.id: col.type for col in field.cols} for field in matter.fields if field.type == "table"}
        yield from _named(read, ("plan", "table"), plan.table, tables, "表格字段 / table")
        yield from _named(read, ("plan", "total"), plan.total, _of_type(matter.fields, "money"), "金额字段 / amount")
        for key, kind in (("title", "text"), ("amount", "money"), ("day", "date")):
            cols = {name for name, type_ in tables.get(plan.table, {}).items() if type_ == kind}
            yield from _named(read, ("plan", key), getattr(plan, key), cols, "列 / column")
    if matter.pays is not None:
        yield from _named(read, ("pays", "number"), matter.pays.number, _of_type(matter.fields, "integer"), "整数字段 / whole number")
        yield from _named(read, ("pays", "amount"), matter.pays.amount, _of_type(matter.fields, "money"), "金额字段 / amount")


def _of_type(fields: Collection[FormField], kind: str) -> set[str]:
    return {field.id for field in fields if field.type == kind}


def inherited_flaws(read: Read, parent: Matter) -> Iterator[Flaw]:
    """What a matter takes over from its parent must stand there, and be of the same type."""
    theirs = {field.id: field.type for field in parent.by_id.values() if not field.sealed}
    if read.matter.parent is not None:
        yield from _named(read, ("parent", "asked"), read.matter.parent.asked, theirs, "上级事项的字段 / field of the parent")
    for number, section in enumerate(read.matter.form):
        for n, field in enumerate(section.fields):
            same = {name for name, kind in theirs.items() if kind == field.type}
            yield from _named(read, ("form", number, "fields", n, "inherit"), field.inherit, same, "上级事项的字段 / field of the parent")
