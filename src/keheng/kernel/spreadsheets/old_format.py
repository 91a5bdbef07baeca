"""XLS workbooks, read in a process of their own: a broken one can make the parser ask for more memory than there is.

Run as a file: the workbook comes on standard input, its worksheets leave on standard output as JSON. The process may use two
gigabytes and half a minute; when it ends otherwise than with 0 or ``ENCRYPTED``, the workbook is damaged. It imports nothing of
Keheng, so that it starts quickly.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

ENCRYPTED = 3
MEMORY, SECONDS = 2 << 30, 30


def worksheets(data: bytes, most: int) -> list[tuple[str, bool, list[list[Any]] | None]]:
    """Name, whether it is shown, and rows of every worksheet; None instead of more than ``most`` rows.

    Dates are ``{"date": "2026-11-21"}`` and ``{"moment": "2026-11-21T08:30:00"}``. Raises what the parser raises.
    """
    found: list[tuple[str, bool, list[list[Any]] | None]] = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for about in [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]:
            page = book.get_sheet_by_name(about.name)
            # The parser's total height is the index of the last row.
            few = page.total_height < most
            rows = [[_plain(cell) for cell in row] for row in page.to_python(skip_empty_area=False)] if few else None
            found.append((about.name, about.visible == SheetVisibleEnum.Visible, rows))
    return found


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return cell if isinstance(cell, bool | int | float | str) else str(cell)


def restored(value: dict[str, Any]) -> Any:
    """The date or moment that stands for a JSON object."""
    return date.fromisoformat(value["date"]) if "date" in value else datetime.fromisoformat(value["moment"])


def main(most: int) -> int:
    """Exit code, after the worksheets were written to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        json.dump(worksheets(sys.stdin.buffer.read(), most), sys.stdout)
    except PasswordError:
        return ENCRYPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
