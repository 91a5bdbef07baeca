"""A file as lines of cells, whatever its format: what loaders produce and what the form reader understands."""

from __future__ import annotations

from dataclasses import dataclass

from keheng.appraisal.model import Cell


class UnreadableError(Exception):
    """A file that cannot be read as forms; the message is one sentence that says why and what to do.

    ``code`` is stable: ``empty``, ``encrypted``, ``damaged``, ``scanned``, ``format``, ``too-large``, ``no-form``, ``missing``.
    """

    def __init__(self, file: str, code: str, zh: str, en: str) -> None:
        super().__init__(f"{file}: {zh}")
        self.file = file
        self.code = code
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text or one table row.

    ``gridded`` lines come from ruled tables, spreadsheets or separated text: every cell stands alone, blanks included, in
    column order. Other lines flow: one cell with the whole text. ``number`` is the 1-based line (or table row) number
    in the document, ``page`` the 1-based page or sheet, 0 where there are none. ``table`` tells tables apart: rows of one
    table share a number, 0 outside tables.
    """

    number: int
    cells: tuple[Cell, ...]
    gridded: bool = False
    page: int = 0
    table: int = 0

    @property
    def text(self) -> str:
        """The line as one string, cells separated by tabs."""
        return "\t".join(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file; ``file`` is its name as shown to people."""

    file: str
    lines: tuple[Line, ...]
