"""Rows of a workbook, read in a process of its own: a hostile file can make the parser end its process.

Run as a file: the workbook comes on standard input, the texts of its sheets leave on standard output as JSON. The process may use
two gigabytes and half a minute. It imports nothing of Keheng, so that it starts quickly.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineWorkbook

MEMORY, SECONDS = 2 << 30, 30


def main() -> None:
    """Write the sheets, each a list of rows of texts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    sheets = [
        [[_shown(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=True)]
        for name in workbook.sheet_names
    ]
    sys.stdout.write(json.dumps(sheets))


def _shown(value: object) -> str:
    """A value as a reader sees it; numbers without a superfluous ``.0``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value).strip().replace("\n", "")


if __name__ == "__main__":
    main()
