"""Files into grids of cells, with everything measured before it is parsed.

A workbook is unpacked here under limits and handed on as a fresh archive, so that the parser sees only what was measured: no
doubled entries, no sizes that lie, no cells far apart (the parser allots the whole rectangle between them).
"""

from __future__ import annotations

import csv
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from os import PathLike
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from keheng.kernel.errors import Refused, problem
from keheng.kernel.spreadsheets import old_format
from keheng.kernel.spreadsheets.layout import Cell

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MEMBERS, _NOT_NEEDED = (".xml", ".rels"), "xl/calcChain.xml"
_CELL = re.compile(rb'<(?:[^\s<>/:]+:)?c(?=[\s/>])(?:\s+r="([A-Z]{1,3})(\d{1,7})")?')
# Failed formulas would come as blanks; as text they can be told.
_FAILED = re.compile(rb'(<(?:[^\s<>/:]+:)?c r="[A-Z]+\d+"[^<>]*?) t="e"')
# The parser sets memory aside for as many shared texts as the file claims to have, and ends the process when there is none.
_SHARED = re.compile(rb"<(?:[^\s<>/:]+:)?sst(?=[\s/>])")
_SHARED_TAG = re.compile(_SHARED.pattern + rb"""(?:"[^"]*"|'[^']*'|[^>"'])*>""")
_SHARED_TAGS_MOST = 10
_DAMAGED = (CalamineError, zipfile.BadZipFile, zlib.error, struct.error, csv.Error, subprocess.TimeoutExpired)
_DAMAGED_TOO = (NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError, OverflowError)
# Rows that may stand above the data: titles and the header.
_ABOVE = 20
_DELIMITERS = (",", "\t", ";")
# A text that a spreadsheet program would take for a formula, behind the apostrophe that our own export puts in front.
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True)
class Limits:
    """How much is read: rows below the header, bytes of the file and unpacked, unpacked/packed, cells of the rectangle."""

    rows: int = 100_000
    file: int = 50 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    ratio: int = 200
    area: int = 20_000_000


LIMITS = Limits()


def read_grid(data: bytes | str | PathLike[str], title: str, worksheet: str | None, limits: Limits) -> list[list[Cell]]:
    """Rows of cells, the first one being printed row 1; blank cells are ''.

    The worksheet asked for, or else the one with the title, or else the first visible one. Raises Refused; a path that cannot be
    read raises OSError.
    """
    if not isinstance(data, bytes):
        if Path(data).stat().st_size > limits.file:
            raise Refused(problem("spreadsheet.file_too_big", megabytes=limits.file >> 20))
        data = Path(data).read_bytes()
    if len(data) > limits.file:
        raise Refused(problem("spreadsheet.file_too_big", megabytes=limits.file >> 20))
    with _damage_told():
        if data.startswith(_ZIP):
            return _workbook(_measured(data, limits), title, worksheet, limits)
        if data.startswith(_COMPOUND):
            if _ENCRYPTED in data:
                raise Refused(problem("spreadsheet.encrypted"))
            return _old_workbook(data, title, worksheet, limits)
        return _separated(data, limits)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except PasswordError as error:
        raise Refused(problem("spreadsheet.encrypted")) from error
    except (*_DAMAGED, *_DAMAGED_TOO) as error:
        raise Refused(problem("spreadsheet.damaged")) from error
    except BaseException as error:
        # The parser's own breakdown is no Exception and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise Refused(problem("spreadsheet.damaged")) from error
        raise


def _measured(data: bytes, limits: Limits) -> bytes:
    """The same workbook in a fresh archive that holds what was unpacked here, and nothing else."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as fresh:
        entries = packed.infolist()
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise Refused(problem("spreadsheet.not_a_spreadsheet"))
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused(problem("spreadsheet.encrypted"))
        size = sum(entry.file_size for entry in entries)
        if size > limits.unpacked or size > limits.ratio * len(data):
            raise Refused(problem("spreadsheet.bomb", megabytes=limits.unpacked >> 20, ratio=limits.ratio))
        if len(names) < len(entries) or any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            raise Refused(problem("spreadsheet.damaged"))
        for entry in entries:
            if entry.filename.endswith(_MEMBERS) and entry.filename != _NOT_NEEDED:
                content = packed.read(entry)
                _check_area(content, limits)
                fresh.writestr(entry.filename, _harmless(content))
    return out.getvalue()


def _harmless(content: bytes) -> bytes:
    """A member without claims about the number of its texts, and with failed formulas as texts."""
    claims = len(_SHARED.findall(content))
    if claims > _SHARED_TAGS_MOST:
        raise Refused(problem("spreadsheet.damaged"))
    if claims:
        content = _SHARED_TAG.sub(lambda tag: tag[0].replace(b"ount", b"ount_"), content)
    return _FAILED.sub(rb'\1 t="str"', content) if b't="e"' in content else content


def _check_area(content: bytes, limits: Limits) -> None:
    """The rectangle of cells must be bearable, and every cell must say where it stands, as all spreadsheet programs write it."""
    columns: set[bytes | None] = set()
    rows: set[bytes] = set()
    for place in _CELL.finditer(content):
        column, row = place.groups()
        columns.add(column)
        rows.add(row)
    if None in columns:
        raise Refused(problem("spreadsheet.unusual"))
    width = max((_column_number(column) for column in columns if column), default=0)
    if width * max(map(int, rows), default=0) > limits.area:
        raise Refused(problem("spreadsheet.too_wide", cells=limits.area))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _workbook(data: bytes, title: str, worksheet: str | None, limits: Limits) -> list[list[Cell]]:
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        shown = {one.name: one.visible == SheetVisibleEnum.Visible for one in sheets}
        page = book.get_sheet_by_name(_chosen(shown, title, worksheet))
        # The parser's total height is the index of the last row.
        if page.total_height >= limits.rows + _ABOVE:
            raise Refused(problem("spreadsheet.too_many_rows", rows=limits.rows))
        return page.to_python(skip_empty_area=False)


def _old_workbook(data: bytes, title: str, worksheet: str | None, limits: Limits) -> list[list[Cell]]:
    command = [sys.executable, "-I", old_format.__file__, str(limits.rows + _ABOVE)]
    wait = 2 * old_format.SECONDS
    done = subprocess.run(command, input=data, capture_output=True, timeout=wait, check=False)  # noqa: S603 -- our own file, a number
    if done.returncode == old_format.ENCRYPTED:
        raise Refused(problem("spreadsheet.encrypted"))
    if done.returncode:
        raise Refused(problem("spreadsheet.damaged"))
    sheets = json.loads(done.stdout, object_hook=old_format.restored)
    chosen = _chosen({name: visible for name, visible, _ in sheets}, title, worksheet)
    grid: list[list[Cell]] | None = next(rows for name, _, rows in sheets if name == chosen)
    if grid is None:
        raise Refused(problem("spreadsheet.too_many_rows", rows=limits.rows))
    return grid


def _chosen(shown: Mapping[str, bool], title: str, worksheet: str | None) -> str:
    """Name of the worksheet to read, out of names and whether they are visible."""
    if worksheet is not None:
        if worksheet not in shown:
            raise Refused(problem("spreadsheet.no_such_sheet", wanted=worksheet, present="、".join(shown)))
        return worksheet
    if not shown:
        raise Refused(problem("spreadsheet.no_sheet"))
    return title if title in shown else next((name for name, visible in shown.items() if visible), next(iter(shown)))


def _separated(data: bytes, limits: Limits) -> list[list[Cell]]:
    """CSV in UTF-8, with or without a mark at the beginning, or in GB 18030; separated by commas, tabs or semicolons."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Refused(problem("spreadsheet.not_a_spreadsheet")) from error
    if "\0" in text or not text.strip() or text.startswith("%PDF"):
        raise Refused(problem("spreadsheet.not_a_spreadsheet"))
    beginning = text[:10_000]
    delimiter = max(_DELIMITERS, key=beginning.count)
    grid: list[list[Cell]] = []
    for record in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
        if len(grid) == limits.rows + _ABOVE:
            raise Refused(problem("spreadsheet.too_many_rows", rows=limits.rows))
        grid.append([cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in record])
    return grid
