"""Office documents (ECMA-376) and other zips without what programs noted: authors, company, the folder it lay in, notes of pictures.

What a document says stays, also its comments and tracked changes; only whose they are is left out.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from keheng.review.rules.bareness.pdfs import bare_pdf
from keheng.review.rules.bareness.pictures import bare_picture

_OPENXML = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_EMPTY = {
    "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_OPENXML}/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'{_HEAD}<Properties xmlns="{_OPENXML}/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'{_HEAD}<Properties xmlns="{_OPENXML}/officeDocument/2006/custom-properties"/>',
}
# Whose a comment or a change is (Word, PowerPoint, Excel), who is online, in which folder a workbook was saved.
_WHOSE = re.compile(rb"""(\s(?:w:author|w:initials|w15:author|w15:userId|userId|providerId|initials)=)("[^"]*"|'[^']*')""")
_NAMED = re.compile(rb"""(<(?:p:cmAuthor|p188:author|person)\s(?:[^<>]*?\s)?(?:name|displayName)=)("[^"]*"|'[^']*')""")
_FOLDER = re.compile(rb"""(<(?:x15ac:absPath|fileSharing)\s(?:[^<>]*?\s)?(?:url|userName)=)("[^"]*"|'[^']*')""")
_AUTHORS = re.compile(rb"(<author>)[^<]*(?=</author>)")
_PATTERNS = ((_WHOSE, rb'\1""'), (_NAMED, rb'\1""'), (_FOLDER, rb'\1""'), (_AUTHORS, rb"\1"))
# Unpacked bytes of a zip with all zips in it, unpacked to packed, and how deep: as spreadsheets are checked (`kernel.spreadsheets`).
_MOST, _RATIO, _DEEPEST = 200 << 20, 200, 3
_DAMAGED = (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error, zlib.error)
_PDF, _ZIP, _EPOCH = b"%PDF-", b"PK\x03\x04", (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class _Room:
    """Bytes that may still be unpacked."""

    left: int


class _TooMuchError(Exception):
    """More than there is room for, or what stands in it twice."""


def bare_zip(content: bytes) -> bytes | None:
    """The same document, bare; None where it is damaged, under a password, or unpacks to more than is borne."""
    try:
        return _rewritten(content, _Room(min(_MOST, _RATIO * len(content))), 1)
    except (*_DAMAGED, _TooMuchError):
        return None


def _rewritten(content: bytes, room: _Room, depth: int) -> bytes:
    """The zip with every member bare. Raises what the module `zipfile` raises, and _TooMuchError."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(out, "w") as fresh:
        members = archive.infolist()
        if len({one.filename for one in members}) < len(members):
            raise _TooMuchError
        for one in members:
            room.left -= one.file_size
            if room.left < 0:
                raise _TooMuchError
            # Its own time, comment and extra fields tell about the computer it was made on.
            plain = ZipInfo(one.filename, _EPOCH)
            plain.compress_type = ZIP_STORED if one.compress_type == ZIP_STORED else ZIP_DEFLATED
            fresh.writestr(plain, _bare_member(one.filename, archive.read(one), room, depth))
    return out.getvalue()


def _bare_member(name: str, content: bytes, room: _Room, depth: int) -> bytes:
    if name in _EMPTY:
        return _EMPTY[name].encode()
    if name.endswith((".xml", ".rels")):
        for pattern, left in _PATTERNS:
            content = pattern.sub(left, content)
        return content
    if content.startswith(_ZIP):
        if depth == _DEEPEST:
            raise _TooMuchError
        return _rewritten(content, room, depth + 1)
    if content.startswith(_PDF):
        if (made := bare_pdf(content)) is None:
            raise _TooMuchError
        return made
    return bare_picture(content)
