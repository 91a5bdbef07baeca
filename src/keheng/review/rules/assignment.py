"""The draw: judges are seated by a min-cost flow with random costs, so that it is random, complete and fair at once.

A sequential draw leaves seats empty where avoidance is tight; a flow fills every seat that can be filled. The cost of a judge on an
entry is a number of 30 bits drawn from the key (``chance``), plus a distance between fields of work, and each further entry of a
judge costs more than the one before, which evens out the load. So many bits make the cheapest seating unique but for one case in
thousands: what comes out does not depend on the solver. An entry gets one judge of a unit: a node for each entry and unit lets one
through. Where a judge has several units, or a unit judges of several kinds, the flow is solved again without the pair that clashed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from keheng.review.rules.chance import pair_numbers
from keheng.review.rules.joining import join_islands
from keheng.review.rules.seats import Pool, Seat

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_BITS = 30
# A step between fields of work weighs four times the whole range of chance; eight entries more than another judge as much.
_FIELD_STEP, _LOAD_STEP = 1 << (_BITS + 2), 1 << (_BITS - 1)
# At first an entry considers so many judges of a kind; all of them where that leaves a seat empty.
_CONSIDERED = 10
_NEVER = np.int64(1) << 62


@dataclass(frozen=True, slots=True)
class Seating:
    """Who sits where (kept seats included), seats that nobody may fill as ``{(entry, kind): count}``, islands that could not be joined."""

    seats: tuple[Seat, ...]
    empty: Mapping[tuple[str, str], int]
    islands: int


@dataclass(slots=True)
class Board:
    """A pool as arrays: entries are rows, judges columns, kinds and units numbers. ``allowed`` shrinks when a pair clashes."""

    pool: Pool
    kinds: list[str]
    kind_of: Whole
    unit_of: Whole
    need: Whole
    allowed: Flags
    cost: Whole
    loads: Whole
    most: Whole
    kept: list[tuple[int, int]]


def seat_judges(pool: Pool, key: str) -> Seating:
    """Seat the judges of a pool by a key: every seat that can be filled, nobody against avoidance, no two of a unit on an entry.

    Equal pools and keys give the same seating, whatever the order of their lists.
    """
    judges, entries = sorted(pool.judges, key=lambda one: one.ref), sorted(pool.entries, key=lambda one: one.ref)
    board = _board(Pool(judges, entries, sorted(pool.kept)), key)
    seated = _solved(board)
    while clashes := _clashes(board, seated):
        for row, column in clashes:
            board.allowed[row, column] = False
        seated = _solved(board)
    pairs, islands = join_islands(board.kept, seated, lambda row, old, new: _may_swap(board, row, old, new), _units(board))
    left: dict[tuple[str, str], int] = {}
    filled = np.zeros_like(board.need)
    places = np.array(seated, dtype=np.int64).reshape(-1, 2)
    np.add.at(filled, (places[:, 0], board.kind_of[places[:, 1]]), 1)
    for row, kind in np.argwhere(board.need > filled):
        left[entries[row].ref, board.kinds[kind]] = int(board.need[row, kind] - filled[row, kind])
    # Entries and judges are sorted: so are their numbers.
    seats = [Seat(entries[row].ref, judges[column].ref) for row, column in sorted([*board.kept, *pairs])]
    return Seating(tuple(seats), left, islands)


def _board(pool: Pool, key: str) -> Board:
    kinds = sorted({kind for entry in pool.entries for kind in entry.need} | {judge.kind for judge in pool.judges})
    column = {judge.ref: place for place, judge in enumerate(pool.judges)}
    row = {entry.ref: place for place, entry in enumerate(pool.entries)}
    number = {kind: place for place, kind in enumerate(kinds)}
    units = {unit: place for place, unit in enumerate(sorted({unit for judge in pool.judges for unit in judge.units}))}
    kind_of = np.array([number[judge.kind] for judge in pool.judges], dtype=np.int64)
    # Whoever has no unit is a unit of their own.
    unit_of = np.array(
        [units[min(judge.units)] if judge.units else len(units) + place for place, judge in enumerate(pool.judges)], dtype=np.int64
    )
    need = np.zeros((len(pool.entries), max(len(kinds), 1)), dtype=np.int64)
    for entry in pool.entries:
        for kind, count in entry.need.items():
            need[row[entry.ref], number[kind]] = count
    allowed = need[:, kind_of] > 0 if len(pool.judges) else np.zeros((len(pool.entries), 0), dtype=np.bool_)
    for entry in pool.entries:
        barred = [column[ref] for ref in entry.avoid if ref in column]
        allowed[row[entry.ref], barred] = False
    kept = [(row[seat.entry], column[seat.judge]) for seat in pool.kept if seat.entry in row and seat.judge in column]
    loads = np.zeros(len(pool.judges), dtype=np.int64)
    sharing = _sharing(pool)
    for place, judge in kept:
        need[place, kind_of[judge]] = max(0, need[place, kind_of[judge]] - 1)
        loads[judge] += 1
        allowed[place, [judge, *sharing[judge]]] = False
    most = np.array([judge.most for judge in pool.judges], dtype=np.int64)
    return Board(pool, kinds, kind_of, unit_of, need, allowed, _costs(pool, key), loads, most, kept)


def _sharing(pool: Pool) -> list[list[int]]:
    """For each judge the others who share a unit with them."""
    members: dict[str, set[int]] = defaultdict(set)
    for place, judge in enumerate(pool.judges):
        for unit in judge.units:
            members[unit].add(place)
    return [sorted(set().union(*(members[unit] for unit in judge.units)) - {place}) for place, judge in enumerate(pool.judges)]


def _costs(pool: Pool, key: str) -> Whole:
    numbers = pair_numbers(key, [entry.ref for entry in pool.entries], [judge.ref for judge in pool.judges])
    numbers >>= np.uint64(64 - _BITS)
    cost = numbers.view(np.int64)
    fields = sorted({entry.field for entry in pool.entries})
    if fields not in ([], [""]):
        steps = np.array([[_distance(field, judge.fields) if field else 0 for judge in pool.judges] for field in fields], dtype=np.int64)
        place = {field: number for number, field in enumerate(fields)}
        cost += (steps * _FIELD_STEP)[[place[entry.field] for entry in pool.entries]]
    return cost


def _distance(field: str, fields: tuple[str, ...]) -> int:
    """0 for a judge of the field, 1 of its branch (what stands before the first point), 2 of another."""
    if field in fields:
        return 0
    return 1 if field.split(".", maxsplit=1)[0] in {one.split(".")[0] for one in fields} else 2


def _solved(board: Board) -> list[tuple[int, int]]:
    """Pairs of row and column, filling as many seats as can be; few judges are considered first, then all."""
    wanted = int(board.need.sum())
    pairs: list[tuple[int, int]] = []
    width = _CONSIDERED
    while wanted:
        pairs = _flow(board, _considered(board, width))
        if len(pairs) == wanted or width >= len(board.pool.judges):
            break
        width *= 4
    return pairs


def _considered(board: Board, width: int) -> Flags:
    """The ``width`` cheapest judges of each kind for each entry."""
    chosen = np.zeros_like(board.allowed)
    for kind in range(len(board.kinds)):
        columns = np.flatnonzero(board.kind_of == kind)
        allowed = board.allowed[:, columns] & (board.need[:, kind] > 0)[:, None]
        if width < len(columns):
            cost = np.where(allowed, board.cost[:, columns], _NEVER)
            bar = np.partition(cost, width - 1, axis=1)[:, width - 1]
            allowed &= cost <= bar[:, None]
        chosen[:, columns] = allowed
    return chosen


def _flow(board: Board, considered: Flags) -> list[tuple[int, int]]:
    rows, columns = np.nonzero(considered)
    kinds, units = len(board.kinds), int(board.unit_of.max(initial=0)) + 1
    slots = rows * kinds + board.kind_of[columns]
    groups, place, size = np.unique(slots * units + board.unit_of[columns], return_inverse=True, return_counts=True)
    shared = size > 1
    # Nodes: source, sink, slots (entry and kind), judges, and a gate for each slot and unit with more than one judge.
    first_judge = 2 + board.need.size
    first_gate = first_judge + len(board.pool.judges)
    gates = first_gate + np.cumsum(shared) - 1
    tails = np.where(shared[place], gates[place], 2 + slots)
    wanted = np.flatnonzero(board.need.ravel())
    room = np.minimum(board.most - board.loads, len(board.pool.entries)).clip(0)
    steps = np.arange(room.sum()) - np.repeat(np.cumsum(room) - room, room) + np.repeat(board.loads, room)
    flow = SimpleMinCostFlow()
    ones = np.ones(len(rows), dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, first_judge + columns, ones, board.cost[rows, columns])
    flow.add_arcs_with_capacity_and_unit_cost(
        2 + groups[shared] // units, gates[shared], np.ones(shared.sum(), dtype=np.int64), np.zeros(shared.sum(), dtype=np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.zeros_like(wanted), 2 + wanted, board.need.ravel()[wanted], np.zeros(len(wanted), dtype=np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        first_judge + np.repeat(np.arange(len(room)), room), np.ones(len(steps), dtype=np.int64), np.ones(len(steps), dtype=np.int64),
        steps * _LOAD_STEP,
    )  # fmt: skip
    total = int(board.need.sum())
    flow.set_nodes_supplies(np.array([0, 1]), np.array([total, -total]))
    # Where every seat can be filled this is the quicker way.
    status = flow.solve()
    if status == flow.INFEASIBLE:
        status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status}")
    taken = flow.flows(arcs) > 0
    return list(zip(rows[taken].tolist(), columns[taken].tolist(), strict=True))


def _units(board: Board) -> list[frozenset[str]]:
    return [frozenset(judge.units) for judge in board.pool.judges]


def _clashes(board: Board, seated: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs to do without: of judges on one entry who share a unit the dearer ones."""
    units, found = _units(board), []
    if len(board.kinds) <= 1 and all(len(one) <= 1 for one in units):
        # The gates have seen to it.
        return []
    on: dict[int, list[int]] = defaultdict(list)
    for row, column in seated:
        on[row].append(column)
    for row, columns in on.items():
        taken: set[str] = set()
        for column in sorted(columns, key=lambda one: (board.cost[row, one], one)):
            if taken & units[column]:
                found.append((row, column))
            else:
                taken |= units[column]
    return found


def _may_swap(board: Board, row: int, old: int, new: int) -> bool:
    """Whether ``new`` may sit on an entry in the place of ``old``, as far as the two of them go."""
    return bool(board.allowed[row, new]) and board.kind_of[old] == board.kind_of[new]
