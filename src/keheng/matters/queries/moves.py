"""What somebody may do with a case now."""

from __future__ import annotations

from keheng.kernel.powers import Principal
from keheng.matters.queries.cases import Loaded, world_of
from keheng.matters.rules.acting import roles_of
from keheng.matters.rules.files.parts import Move
from keheng.matters.rules.flow.situation import standing_hindrances


def open_moves(one: Loaded, actor: Principal) -> list[Move]:
    """The moves that an actor may make, whatever is filled in."""
    roles, world = frozenset(roles_of(actor, one.case, one.matter)), world_of(one)
    return [
        move
        for move in one.matter.moves_of(one.case.state)
        if roles & set(move.roles) and not standing_hindrances(one.matter, one.at, move, actor.account, roles, world)
    ]
