"""What a case lacks before it may be handed in, each with the address where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.errors import Problem
from keheng.kernel.powers import Principal
from keheng.kernel.spoken import in_a_line
from keheng.matters.queries.cases import Loaded, lacking, world_of
from keheng.matters.rules.acting import roles_of
from keheng.matters.rules.flow.situation import standing_hindrances
from keheng.matters.rules.form.places import material_of, place_of


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to be mended, in words, and the address of its input ('' for what is not mended on a page of the case)."""

    said: str
    url: str


def missing(one: Loaded, actor: Principal) -> list[Missing]:
    """What a draft lacks before it may be handed in, first what its moves wait for that is not in its form; nothing afterwards."""
    return led_to(one, [*_waits(one, actor), *lacking(one, localdate())]) if one.case.submitted_at is None else []


def led_to(one: Loaded, problems: Iterable[Problem]) -> list[Missing]:
    """Problems of a case with the addresses of their inputs."""
    return [Missing(in_a_line(each), _address(one, each)) for each in problems]


def _waits(one: Loaded, actor: Principal) -> list[Problem]:
    """What the moves of a draft wait for, so that nobody looks for a button in vain."""
    matter, world, roles = one.matter, world_of(one), frozenset(roles_of(actor, one.case, one.matter))
    moves = [move for move in matter.state_of[one.case.state].moves if roles & set(move.roles)]
    return [each for move in moves for each in standing_hindrances(matter, one.at, move, actor.account, roles, world)]


def _address(one: Loaded, problem: Problem) -> str:
    if one.matter.state_of[one.case.state].edit == "none":
        return ""
    if code := material_of(problem):
        return f"{reverse('matters:case', args=[one.case.pk])}#id_upload-{code}_file"
    place = place_of(one.matter, one.at.answers, problem)
    return f"{reverse('matters:form', args=[one.case.pk, place.section])}#id_{place.name}" if place is not None else ""
