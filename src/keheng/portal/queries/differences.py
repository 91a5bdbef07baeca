"""What differs between two texts, word by word: a Chinese character is a word, others are whole words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from keheng.portal.models import Version
from keheng.portal.rules.html import plain_text

_WORD = re.compile(r"[0-9A-Za-z_]+|\s+|.", re.DOTALL)
# Longer texts are compared paragraph by paragraph: comparing every character would take seconds.
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both (``same``), only in the older (``gone``) or only in the newer one (``new``)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one field; ``pieces`` in the order of reading."""

    label: str
    pieces: tuple[Piece, ...]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, with what went and what came. Joining same and gone gives the older, same and new the newer text."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(Piece("same", "".join(old[a:b])))
        else:
            if a < b:
                found.append(Piece("gone", "".join(old[a:b])))
            if c < d:
                found.append(Piece("new", "".join(new[c:d])))
    return tuple(found)


def differences(before: Version, after: Version) -> list[Difference]:
    """What a newer version changed, field by field; fields that are equal are left out."""
    found = []
    for label, old, new in (
        ("标题", before.title, after.title),
        ("摘要", before.summary, after.summary),
        ("文号", before.document_number, after.document_number),
        ("发文机关", before.issuing_body, after.issuing_body),
        ("成文日期", str(before.issued_on or ""), str(after.issued_on or "")),
        ("主题", "、".join(map(str, before.topic_terms)), "、".join(map(str, after.topic_terms))),
        ("来源", before.source, after.source),
        ("正文", plain_text(before.body), plain_text(after.body)),
        (
            "附件",
            "\n".join(f"{one.title} {one.name}" for one in before.attachments.all()),
            "\n".join(f"{one.title} {one.name}" for one in after.attachments.all()),
        ),
    ):
        if old != new:
            found.append(Difference(label, pieces(old, new)))
    if not found and before.body != after.body:
        found.append(Difference("正文", (Piece("same", "文字相同，格式或链接有改动"),)))
    return found
