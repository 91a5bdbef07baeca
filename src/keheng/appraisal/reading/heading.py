"""The head of a form: labels with their values, the goal and the account of results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from keheng.appraisal.model import Cell
from keheng.appraisal.reading.pieces import Piece
from keheng.appraisal.reading.rows import cell_text
from keheng.appraisal.reading.terms import is_word, label_of, label_with_value

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)年?度?")
_YEAR_OF_FORM = re.compile(r"(20[0-4]\d)(?:年度?|\))")
_NARRATIVE = ("goal", "achieved")
_ACT_WORDS = re.compile(r"[了过]|已|达到|完成[了情]|共计|累计|均为|超额")
_SIDE_MAX = 6
_SENTENCE_ENDS = "。；;.!！"
_SHORT_LINE, _PAIR = 0.9, 2
_TAGS = re.compile(r"</?(?:p|br|div|span)\b[^<>]{0,60}>", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """Values by label; ``printed`` holds every label seen, filled or not."""

    values: dict[str, Cell] = field(default_factory=dict)
    printed: set[str] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)


def read_head(pieces: Sequence[Piece], first_index: int) -> Head:
    """Labels and values among the pieces of a head (or of what stands below a table).

    ``first_index`` is the index of the first piece in the file, so that ``taken`` tells which pieces were understood.
    """
    head = Head()
    label: str | None = None
    gathered: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        found = _label_at(pieces, index)
        if found is None:
            gathered.append(piece)
            index += 1
            continue
        name, length, rest = found
        _store(head, label, gathered)
        gathered = [rest] if rest is not None else []
        label = name
        head.printed.add(name)
        head.taken.add(first_index + index)
        index += length
        if name == "goal" and _heads_columns(pieces, index):
            index = _read_columns(pieces, index, head)
            label, gathered = None, []
    _store(head, label, gathered)
    return head


def _label_at(pieces: Sequence[Piece], index: int) -> tuple[str, int, Piece | None] | None:
    """Label that begins at a piece: its name, how many pieces it takes, and the value glued to it."""
    piece = pieces[index]
    glued = label_with_value(piece.folded)
    if glued is not None:
        name, length = glued
        value = re.split("[:：]", piece.text, maxsplit=1)[-1]
        rest = Piece(value.strip(), piece.folded[length:], piece.row, piece.line, piece.page, piece.column, piece.gridded, False, False)
        return name, 1, rest
    name_here = label_of(piece.folded)
    for size in (3, 2):
        parts = pieces[index : index + size]
        if len(parts) == size and len(piece.folded) <= _SIDE_MAX:
            name_joined = label_of("".join(part.folded for part in parts))
            if name_joined is not None:
                return name_joined, size, None
    return (name_here, 1, None) if name_here is not None else None


def _store(head: Head, label: str | None, gathered: list[Piece]) -> None:
    gathered = [piece for piece in gathered if not is_word("side_labels", piece.folded)]
    if label is None or label in head.values or not gathered:
        return
    if label == "grade":
        gathered = gathered[:1]
    first = gathered[0]
    head.values[label] = Cell(_narrative(gathered), first.line, first.page, first.column)


def _heads_columns(pieces: Sequence[Piece], index: int) -> bool:
    """True when 预期目标 and 实际完成情况 stand side by side as heads of two columns."""
    return index < len(pieces) and label_of(pieces[index].folded) == "achieved"


def _read_columns(pieces: Sequence[Piece], index: int, head: Head) -> int:
    """The two narratives below their heads; returns the index behind them."""
    head.printed.add("achieved")
    goal_head, achieved_head = pieces[index - 1], pieces[index]
    index += 1
    stop = index
    while stop < len(pieces) and (label_of(pieces[stop].folded) in (None, "goal_side") or not pieces[stop].first):
        stop += 1
    body = [p for p in pieces[index:stop] if not (is_word("side_labels", p.folded) or label_of(p.folded) == "goal_side")]
    if achieved_head.gridded:
        goal, achieved = _by_column(body, goal_head, achieved_head)
    else:
        goal, achieved = _by_paragraph(body)
    for name, part in (("goal", goal), ("achieved", achieved)):
        if part:
            head.values[name] = Cell(_narrative(part), part[0].line, part[0].page, part[0].column)
    return stop


def _narrative(pieces: Sequence[Piece]) -> str:
    """The text of a cell; forms pasted from a web editor print its paragraph tags."""
    return _TAGS.sub(" ", cell_text(pieces)).strip()


def _by_column(body: Sequence[Piece], goal_head: Piece, achieved_head: Piece) -> tuple[list[Piece], list[Piece]]:
    """Gridded narratives: by cell, where a line that begins in the first cell goes on from the line before."""
    goal: list[Piece] = []
    achieved: list[Piece] = []
    current = goal
    shift = achieved_head.column - goal_head.column
    for piece in body:
        if piece.gridded and not (piece.first and piece.column == 1 and goal):
            crossed = piece.column >= achieved_head.column if not goal and not achieved else piece.column > 1
            alone = not goal and not achieved and shift > 1 and piece.column < achieved_head.column
            if (crossed and not alone and (goal or piece.column >= achieved_head.column)) or achieved:
                current = achieved if not _same_column(piece, goal) else goal
        current.append(piece)
    return goal, achieved


def _same_column(piece: Piece, goal: Sequence[Piece]) -> bool:
    return bool(goal) and piece.first and goal[-1].gridded and piece.column == goal[-1].column and piece.row != goal[-1].row


def _by_paragraph(body: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Flowing narratives: two paragraphs; where there are more, the cut is where the line width changes most."""
    paragraphs: list[list[Piece]] = []
    for piece in body:
        if piece.spaced or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(piece)
    if not paragraphs:
        return [], []
    if len(paragraphs) == 1:
        return _one_paragraph(paragraphs[0])
    widths = [_width(paragraph) for paragraph in paragraphs]
    cut = max(range(1, len(widths)), key=lambda i: abs(sum(widths[:i]) / i - sum(widths[i:]) / (len(widths) - i)))
    return [p for part in paragraphs[:cut] for p in part], [p for part in paragraphs[cut:] for p in part]


def _one_paragraph(body: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """One paragraph for two cells: both in one line, or one of them left blank; the wording tells which."""
    if all(piece.row == body[0].row for piece in body) and len(body) > 1:
        cut = _cut_in_line(body)
        return body[:cut], body[cut:]
    cut = _cut_between_lines(body)
    if cut:
        return body[:cut], body[cut:]
    text = "".join(piece.folded for piece in body)
    return ([], body) if _ACT_WORDS.search(text) else (body, [])


def _cut_between_lines(body: Sequence[Piece]) -> int:
    """Where a line ends a sentence before the margin, nearest the middle: one narrative below the other; 0 for none."""
    lines = [list(line) for _, line in groupby(body, key=lambda piece: piece.row)]
    widths = [sum(len(piece.folded) for piece in line) for line in lines]
    total, run, at = sum(widths), 0, 0
    best, best_cost = 0, float("inf")
    for line, width in zip(lines[:-1], widths[:-1], strict=True):
        run, at = run + width, at + len(line)
        ends = line[-1].folded[-1] in _SENTENCE_ENDS and (width < max(widths) * _SHORT_LINE or len(lines) == _PAIR)
        if ends and abs(run / total - 0.5) < best_cost:
            best, best_cost = at, abs(run / total - 0.5)
    return best


def _cut_in_line(body: Sequence[Piece]) -> int:
    """Where the second narrative begins in a line that holds both: at a sentence end nearest the middle."""
    lengths = [len(piece.folded) for piece in body]
    total, run = sum(lengths), 0
    best, best_cost = 1, float("inf")
    for cut in range(1, len(body)):
        run += lengths[cut - 1]
        cost = abs(run / total - 0.5) - (0.3 if body[cut - 1].folded[-1] in _SENTENCE_ENDS else 0.0)
        if cost < best_cost:
            best, best_cost = cut, cost
    return best


def _width(paragraph: Sequence[Piece]) -> float:
    lines = [sum(len(piece.text) for piece in line) for _, line in groupby(paragraph, key=lambda piece: piece.row)]
    return max(lines)


def year_of(texts: Sequence[str]) -> int | None:
    """The year a form is for, from its title and the lines around it; None when none is printed."""
    for text in texts:
        match = _YEAR_OF_FORM.search(text)
        if match:
            return int(match[1])
    for text in texts:
        match = _YEAR.search(text)
        if match:
            return int(match[1])
    return None
