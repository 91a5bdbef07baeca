"""Where one form ends and the next begins: by title, by the project label, or by the first table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from keheng.appraisal.reading.pieces import Piece
from keheng.appraisal.reading.terms import is_title, label_of, label_with_value, title_pattern

_SHORT_LINE = 6


@dataclass(frozen=True, slots=True)
class Region:
    """A half-open range of piece indexes that holds one form; ``title`` is the index of its title piece or None."""

    start: int
    stop: int
    title: int | None


def split(pieces: Sequence[Piece]) -> list[Region]:
    """The regions of all forms in reading order. Text before the first title is a region of its own."""
    starts: list[tuple[int, int | None]] = []
    project_seen = False
    index = 0
    for _, group in groupby(pieces, key=lambda piece: piece.row):
        line = list(group)
        title = _title_index(line)
        for offset, piece in enumerate(line):
            if title == offset:
                starts.append((index + offset, index + offset))
                project_seen = False
            elif _names_project(piece):
                if project_seen or not starts:
                    starts.append((index + (offset if len(line) > _SHORT_LINE * 4 else 0), None))
                project_seen = True
        index += len(line)
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, None))
    ends = [start for start, _ in starts[1:]] + [len(pieces)]
    return [Region(start, stop, title) for (start, title), stop in zip(starts, ends, strict=True)]


def _title_index(line: Sequence[Piece]) -> int | None:
    """Offset of the piece a title begins with, in a line that is a title or holds one among many pieces."""
    if len(line) <= _SHORT_LINE and is_title("".join(piece.folded for piece in line)):
        return 0
    if len(line) > _SHORT_LINE:
        for offset, piece in enumerate(line):
            if is_title(piece.folded) and title_pattern().search(piece.folded):
                return offset
    return None


def _names_project(piece: Piece) -> bool:
    if label_of(piece.folded) == "project":
        return True
    labelled = label_with_value(piece.folded)
    return labelled is not None and labelled[0] == "project"
