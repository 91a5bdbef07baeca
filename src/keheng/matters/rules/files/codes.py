"""The code of a matter (实施编码): whose it is, at which level, the number of the item (基本编码); see ``definitions/matters``."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from keheng.kernel.credit_code import LENGTH, problems_of
from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import problem
from keheng.matters.rules.files.reading import Flaw, Read


@dataclass(frozen=True, slots=True)
class ItemCode:
    """A code in its pieces: the credit code of who carries the matter out, the level of government, the item."""

    unit: str
    level: str
    item: str


@cache
def _layout() -> Any:
    return json.loads((definitions_folder("matters") / "codes.json").read_text(encoding="utf-8"))


def pieces_of(code: str) -> ItemCode | None:
    """The pieces of a code; None where it is none."""
    found = ItemCode(code[:LENGTH], code[LENGTH : LENGTH + 1], code[LENGTH + 1 :])
    layout = _layout()
    numbered = len(found.item) == layout["item_length"] and found.item.isascii() and found.item.isdigit()
    return found if numbered and found.level in layout["level"] and not problems_of(found.unit) else None


def code_flaws(read: Read) -> Iterator[Flaw]:
    """A code that a file tells is well made."""
    code = read.matter.code
    if code and pieces_of(code) is None:
        length = LENGTH + 1 + _layout()["item_length"]
        yield read.flaw(("code",), problem("MATTER_FILE_CODE", given=code, length=length, item=_layout()["item_length"]))


def doubled_codes(reads: Iterable[Read]) -> Iterator[Flaw]:
    """No two matters have the same code, and all versions of a matter have one."""
    by_code: dict[str, set[str]] = defaultdict(set)
    by_matter: dict[str, set[str]] = defaultdict(set)
    some = [read for read in reads if read.matter.code]
    for read in some:
        by_code[read.matter.code].add(read.matter.id)
        by_matter[read.matter.id].add(read.matter.code)
    for read in some:
        others = sorted(by_code[read.matter.code] - {read.matter.id})
        if others or len(by_matter[read.matter.id]) > 1:
            others = others or sorted(by_matter[read.matter.id] - {read.matter.code})
            yield read.flaw(("code",), problem("MATTER_FILE_CODE_TWICE", given=read.matter.code, others="、".join(others)))
