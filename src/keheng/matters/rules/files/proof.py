"""Proof of a file before anyone stands on it: every name leads somewhere, every state is reached and can be left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from keheng.kernel.errors import problem
from keheng.kernel.logic import Formula, Rule
from keheng.kernel.logic.syntax import FUNCTIONS
from keheng.kernel.powers import permissions
from keheng.matters.rules.files.attached_proof import attached_flaws
from keheng.matters.rules.files.codes import code_flaws
from keheng.matters.rules.files.parts import NO_CLOCK, STOP, Agreement, FormField, Matter, Move, State
from keheng.matters.rules.files.points import known
from keheng.matters.rules.files.proof_tables import tables_proved
from keheng.matters.rules.files.reading import Flaw, Path, Read
from keheng.matters.rules.files.texts import texts, untold

ENDED = frozenset({"办结", "领取登记"})
BUILT_IN = frozenset({"today"})
_NUMBERS = frozenset({"integer", "decimal", "money"})
_WHOLE = 100
_UNTOLD = frozenset({"table", "colleague"})
_CHOICES = frozenset({"choice", "choices"})
_WORDS = frozenset({"text", "longtext", "table"})
Walk = tuple[Path, State]


def proved(read: Read) -> list[Flaw]:
    """Everything that does not hold, in the order of lines; none for a file that cases can run on."""
    parts = (
        _doubled, _roles, _form, _compared, tables_proved, _materials, _states, _moves, _ways, _clocks, _lists, _outputs,
        attached_flaws, code_flaws, _words, _tests,
    )  # fmt: skip
    return sorted((flaw for part in parts for flaw in part(read)), key=lambda flaw: flaw.line)


def _twice(read: Read, names: Iterable[tuple[Path, str]]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            yield read.flaw(path, problem("MATTER_FILE_TWICE", key=name))
        seen.add(name)


def _doubled(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    yield from _twice(read, _fields(matter))
    yield from _twice(read, ((("materials", n, "id"), one.id) for n, one in enumerate(matter.materials)))
    yield from _twice(read, ((("states", n, "id"), one.id) for n, one in enumerate(matter.states)))
    for place, state in _all_states(matter):
        yield from _twice(read, (((*path, "do"), move.do) for path, move in _moves_at(matter, place, state)))


def _fields(matter: Matter) -> Iterator[tuple[Path, str]]:
    for number, section in enumerate(matter.form):
        yield from ((("form", number, "fields", n, "id"), field.id) for n, field in enumerate(section.fields))


def _all_states(matter: Matter) -> list[Walk]:
    return [(("states", number), state) for number, state in enumerate(matter.states)]


def _moves_at(matter: Matter, place: Path, state: State) -> Iterator[tuple[Path, Move]]:
    yield from (((*place, "moves", number), move) for number, move in enumerate(state.moves))
    own = len(state.moves)
    places = {move.do: number for number, move in enumerate(matter.anywhere)}
    yield from ((("anywhere", places[move.do]), move) for move in matter.moves_of(state.id)[own:])


def _written_moves(matter: Matter) -> Iterator[tuple[Path, Move]]:
    """Every move once, where it stands in the file."""
    for place, state in _all_states(matter):
        yield from (((*place, "moves", number), move) for number, move in enumerate(state.moves))
    yield from ((("anywhere", number), move) for number, move in enumerate(matter.anywhere))


def _named(read: Read, path: Path, name: str | None, among: Collection[str], what: str) -> Iterator[Flaw]:
    if name is not None and name not in among:
        yield read.flaw(path, problem("MATTER_FILE_NAME", what=what, name=name, known="、".join(sorted(among)) or "—"))


def _read_by(read: Read, path: Path, rule: Rule | Formula | None, facts: Collection[str]) -> Iterator[Flaw]:
    for name in rule.names if rule is not None else ():
        yield from _named(read, path, name, facts, "字段 / field")


def _roles(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    for name, role in matter.roles.items():
        path: Path = ("roles", name)
        if role.holds is not None and role.named is not None:
            yield read.flaw(path, problem("MATTER_FILE_ROLE", name=name))
        if role.holds is not None and role.holds not in permissions():
            yield read.flaw((*path, "holds"), problem("MATTER_FILE_PERMISSION", name=role.holds))
        colleagues = [field.id for field in matter.fields if field.type == "colleague"]
        yield from _named(read, (*path, "named"), role.named, colleagues, "人员字段 / field of type colleague")
    if not any(role.applies for role in matter.roles.values()):
        yield read.flaw(("roles",), problem("MATTER_FILE_NOBODY"))
    if matter.kind != "office" and set(matter.audience) & {"staff"}:
        yield read.flaw(("audience",), problem("MATTER_FILE_AUDIENCE"))


def _form(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    facts = {*matter.by_id, *BUILT_IN}
    for number, clause in enumerate(matter.eligible):
        yield from _read_by(read, ("eligible", number, "rule"), clause.rule, facts)
    for number, section in enumerate(matter.form):
        for n, field in enumerate(section.fields):
            yield from _field(read, ("form", number, "fields", n), field, facts)
    own = {field.id for field in matter.fields}
    told = [field.id for field in matter.fields if field.type not in _UNTOLD and not field.sealed]
    yield from _named(read, ("subject",), matter.subject, told, "不保密的字段 / field that is not sealed")
    yield from _order(read, ("form",), matter.fields)
    for path, move in _written_moves(matter):
        for n, field in enumerate(move.ask):
            yield from _field(read, (*path, "ask", n), field, facts)
            if field.id in own or (field.type == "table") != (field.like is not None):
                yield read.flaw((*path, "ask", n), problem("MATTER_FILE_FIELD", name=field.id))


def _field(read: Read, path: Path, field: FormField, facts: Collection[str], outer: str = "") -> Iterator[Flaw]:
    if (field.type in _CHOICES) != bool(field.options):
        yield read.flaw(path, problem("MATTER_FILE_OPTIONS", name=field.id))
    if (field.type == "table") != bool(field.cols):
        yield read.flaw(path, problem("MATTER_FILE_COLUMNS", name=field.id))
    if field.formula is not None and (field.type not in _NUMBERS or field.required is not False):
        yield read.flaw(path, problem("MATTER_FILE_FORMULA", name=field.id))
    if field.check is not None and not field.say:
        yield read.flaw(path, problem("MATTER_FILE_SAY", name=field.id))
    if field.id in BUILT_IN or field.id in FUNCTIONS or (outer and field.sealed) or (field.cols and field.private):
        yield read.flaw(path, problem("MATTER_FILE_FIELD", name=field.id))
    for key, rule in (("show", field.show), ("check", field.check), ("formula", field.formula)):
        yield from _read_by(read, (*path, key), rule, facts)
    if isinstance(field.required, Rule):
        yield from _read_by(read, (*path, "required"), field.required, facts)
    columns = {*(col.id for col in field.cols), *BUILT_IN}
    for n, col in enumerate(field.cols):
        if col.type in {"table", "choices"}:
            yield read.flaw((*path, "cols", n), problem("MATTER_FILE_COLUMNS", name=col.id))
        yield from _field(read, (*path, "cols", n), col, columns, outer=field.id)
    yield from _twice(read, (((*path, "cols", n, "id"), col.id) for n, col in enumerate(field.cols)))
    yield from _order(read, path, field.cols)


def _order(read: Read, path: Path, fields: Sequence[FormField]) -> Iterator[Flaw]:
    """Formulas are computed in the order of the file: one may only read what is computed before it."""
    computed = {field.id: place for place, field in enumerate(fields) if field.formula is not None}
    for place, field in enumerate(fields):
        for name in field.formula.names if field.formula is not None else ():
            if computed.get(name, -1) >= place:
                yield read.flaw(path, problem("MATTER_FILE_ORDER", name=field.id, other=name))


def _compared(read: Read) -> Iterator[Flaw]:
    """Only words of the form that are not sealed can be compared, and documents that words can be read in."""
    matter = read.matter
    for number, section in enumerate(matter.form):
        for n, field in enumerate(section.fields):
            marked = field.dupcheck and (field.sealed or field.type not in _WORDS)
            if marked or any(col.dupcheck for col in field.cols):
                yield read.flaw(("form", number, "fields", n), problem("MATTER_FILE_DUPCHECK", name=field.id))
    for path, move in _written_moves(matter):
        for n, field in enumerate(move.ask):
            if field.dupcheck:
                yield read.flaw((*path, "ask", n), problem("MATTER_FILE_DUPCHECK", name=field.id))
    for number, material in enumerate(matter.materials):
        if material.dupcheck and not set(material.accept) & {"pdf", "docx"}:
            yield read.flaw(("materials", number), problem("MATTER_FILE_DUPCHECK", name=material.id))


def _materials(read: Read) -> Iterator[Flaw]:
    facts = {*read.matter.by_id, *BUILT_IN}
    for number, material in enumerate(read.matter.materials):
        if isinstance(material.need, Rule):
            yield from _read_by(read, ("materials", number, "need"), material.need, facts)
        yield from _named(read, ("materials", number, "waive"), material.waive, known("waivers"), "免交函数 / waiver")
        if material.min > material.max or (material.endless and not material.valid):
            yield read.flaw(("materials", number), problem("MATTER_FILE_FIELD", name=material.id))


def _states(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    names, facts = set(matter.state_of), {*matter.by_id, *BUILT_IN}
    for place, state in _all_states(matter):
        yield from _named(read, (*place, "late"), state.late, names, "状态 / state")
        if state.late is not None and state.due is None:
            yield read.flaw((*place, "late"), problem("MATTER_FILE_LATE", name=state.id))
        if (state.end is not None) != (state.std in ENDED):
            yield read.flaw((*place, "std"), problem("MATTER_FILE_STD", name=state.id, std=state.std))
        if state.clock == STOP and not state.why:
            yield read.flaw((*place, "clock"), problem("MATTER_FILE_WHY", name=state.id))
        for number, auto in enumerate(state.auto):
            yield from _named(read, (*place, "auto", number, "to"), auto.to, names, "状态 / state")
            yield from _read_by(read, (*place, "auto", number, "when"), auto.when, facts)
        for output in state.outputs:
            yield from _named(read, (*place, "outputs"), output, matter.outputs, "文书 / output")


def _moves(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    names, facts = set(matter.state_of), {*matter.by_id, *BUILT_IN}
    for path, move in _written_moves(matter):
        yield from _named(read, (*path, "to"), move.to, names, "状态 / state")
        for role in move.roles:
            yield from _named(read, (*path, "by"), role, matter.roles, "角色 / role")
        if isinstance(move.by, Agreement) and bool(move.by.all_of) == bool(move.by.any_of):
            yield read.flaw((*path, "by"), problem("MATTER_FILE_AGREE", name=move.do))
        yield from _read_by(read, (*path, "when"), move.when, facts)
        yield from _named(read, (*path, "guard"), move.guard, known("guards"), "条件函数 / guard")
        yield from _named(read, (*path, "effect"), move.effect, known("effects"), "后续函数 / effect")
        yield from _named(read, (*path, "extend"), move.extend, matter.clocks, "时限 / clock")
        clock = matter.clocks.get(move.extend or "")
        if clock is not None and clock.extend is None:
            yield read.flaw((*path, "extend"), problem("MATTER_FILE_EXTEND", name=move.extend))
        for key, outputs in (("outputs", move.outputs), ("revoke", move.revoke)):
            for output in outputs:
                yield from _named(read, (*path, key), output, matter.outputs, "文书 / output")
    for number, move in enumerate(matter.anywhere):
        for state_name in move.but:
            yield from _named(read, ("anywhere", number, "but"), state_name, names, "状态 / state")


def _targets(matter: Matter, state: State) -> set[str]:
    found = {move.to for move in matter.moves_of(state.id) if move.to} | {auto.to for auto in state.auto}
    return (found | {state.late} if state.late else found) & set(matter.state_of)


def _ways(read: Read) -> Iterator[Flaw]:
    """Every state is reached from the start, an end is reached from each, and no chain of automatic moves comes round."""
    matter = read.matter
    onward = {state.id: _targets(matter, state) for state in matter.states}
    reached = _closure({matter.start.id}, onward)
    back = {name: {one for one, targets in onward.items() if name in targets} for name in onward}
    saved = _closure({state.id for state in matter.states if state.end is not None}, back)
    automatic = {state.id: {auto.to for auto in state.auto} & set(onward) for state in matter.states}
    for place, state in _all_states(matter):
        if state.id not in reached:
            yield read.flaw(place, problem("MATTER_FILE_UNREACHED", name=state.id))
        if state.id not in saved:
            yield read.flaw(place, problem("MATTER_FILE_DEAD_END", name=state.id))
        if state.id in _closure(automatic[state.id], automatic):
            yield read.flaw((*place, "auto"), problem("MATTER_FILE_LOOP", name=state.id))
    if matter.start.end is not None or matter.start.auto or matter.start.clock != NO_CLOCK or matter.start.late is not None:
        yield read.flaw(("states", 0), problem("MATTER_FILE_START", name=matter.start.id))


def _closure(begin: Collection[str], onward: dict[str, set[str]]) -> set[str]:
    found, waiting = set(begin), list(begin)
    while waiting:
        for name in onward[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found


def _clocks(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    for place, state in _all_states(matter):
        yield from _named(read, (*place, "clock"), state.clock, {*matter.clocks, STOP, NO_CLOCK}, "时限 / clock")
    for name, clock in matter.clocks.items():
        path: Path = ("clocks", name)
        if name in {STOP, NO_CLOCK} or name not in {state.clock for state in matter.states}:
            yield read.flaw(path, problem("MATTER_FILE_CLOCK", name=name))
        if clock.promise.working != clock.law.working or clock.promise.days > clock.law.days:
            yield read.flaw(path, problem("MATTER_FILE_PROMISE", promise=clock.promise, law=clock.law))
        if clock.extend is not None and clock.extend.working != clock.law.working:
            yield read.flaw((*path, "extend"), problem("MATTER_FILE_PROMISE", promise=clock.extend, law=clock.law))
        if list(clock.warn) != sorted(set(clock.warn)) or not all(0 < one <= _WHOLE for one in clock.warn):
            yield read.flaw((*path, "warn"), problem("MATTER_FILE_WARN"))


def _lists(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    for name, one in matter.checklists.items():
        path: Path = ("checklists", name)
        yield from _named(read, (*path, "by"), one.by, matter.roles, "角色 / role")
        yield from _read_by(read, (*path, "when"), one.when, {*matter.by_id, *BUILT_IN})
        yield from _twice(read, (((*path, "steps", n, "id"), step.id) for n, step in enumerate(one.steps)))


def _outputs(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    given = {name for state in matter.states for name in state.outputs} | {
        name for _, move in _written_moves(matter) for name in move.outputs
    }
    for name, output in matter.outputs.items():
        path: Path = ("outputs", name)
        numbered = output.kind == "certificate" and output.series is not None
        if name not in given or (output.kind == "certificate" and not numbered) or (output.listed and not numbered):
            yield read.flaw(path, problem("MATTER_FILE_OUTPUT", name=name))
        for field in output.shows:
            yield from _named(read, (*path, "shows"), field, matter.by_id, "字段 / field")
            # Anybody may open the page on which it is checked.
            if field in matter.by_id and matter.by_id[field].sealed:
                yield read.flaw((*path, "shows"), problem("MATTER_FILE_SHOWN", name=field))
        dates = [field.id for field in matter.by_id.values() if field.type == "date"]
        yield from _named(read, (*path, "until"), output.until, dates, "日期字段 / date field")


def _words(read: Read) -> Iterator[Flaw]:
    for text, languages in untold(read.matter).items():
        yield read.flaw(("words", text), problem("MATTER_FILE_WORDS", text=text[:40], languages="、".join(languages)))
    present = set(texts(read.matter))
    for text in read.matter.words:
        if text not in present and read.is_own(("words", text)):
            yield read.flaw(("words", text), problem("MATTER_FILE_STALE", text=text[:40]))


def _tests(read: Read) -> Iterator[Flaw]:
    matter = read.matter
    every_move = {move.do for _, move in _written_moves(matter)}
    for number, trial in enumerate(matter.tests):
        place: Path = ("tests", number)
        yield from _named(read, (*place, "ends"), trial.ends, matter.state_of, "状态 / state")
        for name in trial.lacks:
            yield from _named(read, (*place, "lacks"), name, {one.id for one in matter.materials}, "材料 / material")
        for name in trial.used:
            yield from _named(read, (*place, "used"), name, matter.clocks, "时限 / clock")
        for n, step in enumerate(trial.path):
            done = step if isinstance(step, str) else step.do or step.refused
            yield from _named(read, (*place, "path", n), done, every_move, "操作 / move")
            if not isinstance(step, str):
                yield from _named(read, (*place, "path", n, "state"), step.state, matter.state_of, "状态 / state")
