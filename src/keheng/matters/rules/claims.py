"""The class that an applicant claims, beside what points and routes make of the answers in the same form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from keheng.kernel.errors import problem
from keheng.kernel.logic import Truth
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.reading import Flaw, Read
from keheng.matters.rules.files.seen import Fact
from keheng.matters.rules.form.answers import facts_of
from keheng.matters.rules.scales.routes import Routes, Standing, routes_of, standing
from keheng.matters.rules.scales.score import Score, score
from keheng.matters.rules.scales.table import Choices, PointsTable, edition_on

_NONE = "-"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed ('' for nothing yet) and where the answers lead by the table in force on the day of the application."""

    claimed: str
    routes: Routes
    score: Score
    standing: Standing

    @property
    def agrees(self) -> bool | None:
        """Whether the claim is the class that is certain; None while answers that lack may still lead to it."""
        if not self.claimed or self.score.refused:
            return False if self.score.refused else None
        if self.claimed == self.standing.certain:
            return True
        order = self.routes.classes
        low, high = order.index(self.standing.certain), order.index(self.standing.possible)
        return None if high <= order.index(self.claimed) < low else False


def claim_of(matter: Matter, answers: Mapping[str, Any], day: date) -> Claim | None:
    """The claim in a form as it stands; None for a matter without a scale."""
    if matter.scale is None:
        return None
    routes = routes_of(matter.scale.routes)
    table = edition_on(routes.table, day)
    known = facts_of(matter, answers, day)
    items = {item.id: item for item in table.items}
    facts: dict[str, Any] = {}
    for name, source in matter.scale.facts.items():
        found = _found(source, known, many=name in items and isinstance(items[name], Choices) and items[name].kind == "best")
        if found is None and _ruled_out(matter, source, known):
            found = False
        if found is not None:
            facts[name] = found
    points = score(table, {name: value for name, value in facts.items() if name in items})
    claimed = matter.scale.classes.get(str(known.get(matter.scale.claims)), "")
    return Claim(claimed, routes, points, standing(routes, points, facts))


def _found(source: Fact, known: Mapping[str, Any], *, many: bool) -> Any:
    """A fact as the scale takes it; None while the form does not tell it."""
    if source.fixed is not None:
        return _number(source.fixed) if _number(source.fixed) is not None else source.fixed
    if source.value is not None:
        number = source.value(known)
        sound = isinstance(number, int | Decimal) and not isinstance(number, bool) and number >= 0
        return Decimal(number) if sound else None
    if source.born is not None:
        return _whole_years(known.get(source.born), known["today"])
    answer = known.get(source.field or "")
    if answer is None or not source.values:
        return answer
    names = {
        source.values[one] for one in (answer if isinstance(answer, list | tuple | set | frozenset) else [answer]) if one in source.values
    }
    return frozenset(names - {_NONE}) if many else next(iter(names), None)


def _ruled_out(matter: Matter, source: Fact, known: Mapping[str, Any]) -> bool:
    """Whether a question of yes and no is not asked since other answers leave no room for a yes: that is a no."""
    field = matter.by_id.get(source.field or "")
    return field is not None and field.type == "yesno" and field.show is not None and field.show(known) is Truth.UNMET


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _whole_years(born: Any, day: date) -> Decimal | None:
    """Who is born on 29 February is a year older on 1 March of years without that day."""
    if not isinstance(born, date) or born > day:
        return None
    return Decimal(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def claim_flaws(read: Read) -> Iterator[Flaw]:
    """What does not fit between a file and the scale it names."""
    matter, scale = read.matter, read.matter.scale
    if scale is None:
        return
    try:
        routes = routes_of(scale.routes)
    except KeyError:
        yield read.flaw(
            ("scale", "routes"), problem("MATTER_FILE_NAME", what="分类 / routes", name=scale.routes, known="definitions/*/routes")
        )
        return
    table = edition_on(routes.table, matter.version)
    known = {*(item.id for item in table.items), *(asked.id for asked in routes.facts)}
    for name, source in scale.facts.items():
        ways = [way for way in (source.value, source.born, source.fixed, source.field) if way is not None]
        options = _options(matter, source.field)
        if name not in known or len(ways) != 1 or (bool(options) and set(source.values) != options) or not _answers(table, name, source):
            yield read.flaw(("scale", "facts", name), problem("MATTER_FILE_FACT", name=name))
    if set(scale.classes) != _options(matter, scale.claims) or not set(scale.classes.values()) <= set(routes.classes):
        yield read.flaw(("scale", "classes"), problem("MATTER_FILE_FACT", name=scale.claims))
    for path, name in _fields(matter):
        if name not in matter.by_id:
            what, among = "字段 / field", "、".join(sorted(matter.by_id))
            yield read.flaw(("scale", *path), problem("MATTER_FILE_NAME", what=what, name=name, known=among))


def _options(matter: Matter, field: str | None) -> set[str]:
    return set(matter.by_id[field].options) if field is not None and field in matter.by_id else set()


def _answers(table: PointsTable, name: str, source: Fact) -> bool:
    """Whether options are named as the rows of the table are."""
    rows = {row.value for item in table.items if item.id == name and isinstance(item, Choices) for row in item.rows}
    return not rows or set(source.values.values()) <= rows | {_NONE}


def _fields(matter: Matter) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every field that the scale reads, with its place."""
    if matter.scale is not None:
        yield ("claims",), matter.scale.claims
        for name, source in matter.scale.facts.items():
            read = source.value.names if source.value is not None else ()
            yield from ((("facts", name), one) for one in (*read, source.born, source.field) if one is not None)
