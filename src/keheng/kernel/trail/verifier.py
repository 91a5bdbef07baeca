"""Checks an exported audit trail. Needs Python alone, so that an auditor can run it on another machine.

``python verifier.py TRAIL.jsonl [HEADS.jsonl ...]``: prints what does not hold and exits 1, or the number of entries and exits 0.
Lines are ``{"entry": [era, xid, id, body]}`` in order, ``{"seal": [n, at, count, era, xid, id, previous, head]}`` in order, in
any mixture; heads are ``{"n", "head"}``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Entry = tuple[int, int, int, str]
Seal = tuple[int, str, int, int, int, int, str, str]
START = "0" * 64


def sm3(text: str) -> str:
    """GB/T 32905-2016 digest of a text in UTF-8, 64 hexadecimal digits."""
    return hashlib.new("sm3", text.encode()).hexdigest()


def link(number: int, at: str, count: int, previous: str, entries: Iterable[str]) -> str:
    """The head of a seal over the bodies of its entries."""
    return sm3("|".join([str(number), at, str(count), previous, *(sm3(body) for body in entries)]))


def check(entries: Iterable[Entry], seals: Iterable[Seal], heads: Mapping[int, str]) -> Iterator[str]:
    """Everything that does not hold, in Chinese and English; entries and seals in their order."""
    waiting, previous, expected = iter(entries), START, 1
    found: dict[int, str] = {}
    for number, at, count, era, xid, last, before, head in seals:
        if number != expected:
            yield f"封存 {expected} 缺失 / seal {expected} is missing"
        if before != previous:
            yield f"封存 {number} 与前一封存不相接 / seal {number} does not follow the one before"
        sealed = [entry for _, entry in zip(range(count), waiting, strict=False)]
        if len(sealed) != count:
            yield f"封存 {number} 应有 {count} 条记录，只有 {len(sealed)} 条 / seal {number} holds {len(sealed)} of {count} entries"
        elif sealed and sealed[-1][:3] != (era, xid, last):
            yield f"封存 {number} 的记录被增删或换序 / entries of seal {number} were added, removed or reordered"
        if link(number, at, count, before, (entry[3] for entry in sealed)) != head:
            yield f"封存 {number} 的内容被改动 / what seal {number} holds was changed"
        found[number] = head
        previous, expected = head, number + 1
    for number, head in heads.items():
        if number not in found:
            yield f"链尾被截：外存链头 {number} 不在链中 / the tail was cut: head {number} kept outside is not in the chain"
        elif found[number] != head:
            yield f"整链被重写：封存 {number} 与外存链头不符 / the chain was rewritten: seal {number} differs from the head kept outside"


def main(paths: list[str]) -> int:
    """Check a file; 0 when everything holds."""
    lines = [json.loads(line) for line in Path(paths[0]).read_text(encoding="utf-8").splitlines()]
    heads = [json.loads(line) for path in paths[1:] for line in Path(path).read_text(encoding="utf-8").splitlines()]
    entries = [tuple(line["entry"]) for line in lines if "entry" in line]
    wrong = list(check(entries, (tuple(line["seal"]) for line in lines if "seal" in line), {h["n"]: h["head"] for h in heads}))
    print("\n".join(wrong) or f"{len(entries)} 条记录，完好 / {len(entries)} entries, all hold")  # noqa: T201 -- a script of its own
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
