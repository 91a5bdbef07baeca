"""A PDF with its pages alone: no properties, no XMP, no files hung on it, its pictures without notes (ISO 32000-2, 14.3).

PDFium takes the pages over into a fresh document and writes that plainly: every object at a place of the cross-reference table, its
keys in order, its length in digits. Each object is bared there. Bookmarks go too; filled forms become part of the page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

import pypdfium2

from keheng.kernel.uploads.pdfs import opened_pdf
from keheng.review.rules.bareness.pictures import bare_picture

_ROW, _MOST_OF_PICTURE = 20, 200 << 20
_TABLE, _ROOT = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$"), re.compile(rb"/Root (\d+) 0 R")
_STREAM = re.compile(rb"\A(?P<dict>\d+ 0 obj\s*<<.*?>>)stream\r\n(?P<body>.*)\r\nendstream\s+endobj\s*\Z", re.DOTALL)
_LENGTH, _PICTURE, _REFERRED = re.compile(rb"/Length \d+"), re.compile(rb"/DCTDecode\b"), re.compile(rb"\b(\d+) 0 R\b")
_TEXT = rb"(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)"
# XMP, what a program keeps for itself beside a page, and who wrote a comment on it.
_NOTES = re.compile(rb"/(?:Metadata|PieceInfo) \d+ 0 R|/T" + _TEXT, re.DOTALL)
_KEPT_FOR_ITSELF, _TOKEN = b"/PieceInfo<<", re.compile(rb"<<|>>|" + _TEXT, re.DOTALL)
_JPEG = b"\xff\xd8\xff"


def bare_pdf(content: bytes) -> bytes | None:
    """The same pages in a document of their own; None where it is damaged, under a password, or has no pages."""
    with opened_pdf(content) as document:
        if document is None or not len(document):
            return None
        try:
            plain = _pages_of(document)
        except pypdfium2.PdfiumError:
            return None
    return _rebuilt(plain)


def _pages_of(document: pypdfium2.PdfDocument) -> bytes:
    if document.get_formtype():
        # What was filled in belongs to the form, which stays behind: it is printed on the pages first.
        document.init_forms()
        for page in document:
            page.flatten()
    fresh, out = pypdfium2.PdfDocument.new(), BytesIO()
    try:
        fresh.import_pages(document)
        fresh.save(out)
    finally:
        fresh.close()
    return out.getvalue()


def _rebuilt(plain: bytes) -> bytes | None:
    """The document that PDFium wrote, each object bare; what nothing refers to any more, and the properties it adds itself, left out."""
    if (table := _TABLE.search(plain)) is None or (found := _ROOT.search(plain, int(table[1]))) is None:
        return None
    root = int(found[1])
    bare = {number: _bare_object(content) for number, content in _objects(plain, int(table[1]))}
    # Two lines: the version, and bytes that tell it is no text.
    at = plain.index(b"\n", plain.index(b"\n") + 1) + 1
    pieces, places = [plain[:at]], {}
    for number in sorted(_reached(bare, root)):
        places[number] = at
        pieces.append(bare[number])
        at += len(bare[number])
    most = max(places) + 1
    rows = (b"%010d 00000 n\r\n" % places[one] if one in places else b"0000000000 65535 f\r\n" for one in range(most))
    trailer = b"trailer\r\n<</Root %d 0 R/Size %d>>\r\nstartxref\r\n%d\r\n%%%%EOF\r\n" % (root, most, at)
    return b"".join((*pieces, b"xref\r\n0 %d\r\n" % most, *rows, trailer))


def _reached(objects: Mapping[int, bytes], root: int) -> set[int]:
    """The numbers of the objects that one leads to, itself among them."""
    reached, open_ends = set(), {root} & objects.keys()
    while open_ends:
        reached |= open_ends
        told = (number for one in open_ends for number in _REFERRED.findall(_keys_of(objects[one])))
        open_ends = ({int(number) for number in told} & objects.keys()) - reached
    return reached


def _keys_of(content: bytes) -> bytes:
    """An object without its stream."""
    found = _STREAM.match(content)
    return content if found is None else found["dict"]


def _objects(plain: bytes, end: int) -> Iterator[tuple[int, bytes]]:
    """Each object with its number, in the order in which they stand in the file; ``end`` is where the table begins."""
    begin, most = (int(part) for part in plain[plain.index(b"\n", end) + 1 :].split(None, 2)[:2])
    first = plain.index(b"\n", plain.index(b"\n", end) + 1) + 1
    rows = [plain[first + _ROW * place : first + _ROW * (place + 1)] for place in range(most)]
    places = sorted((int(row[:10]), begin + place) for place, row in enumerate(rows) if row[17:18] == b"n")
    for (at, number), (following, _) in zip(places, [*places[1:], (end, 0)], strict=True):
        yield number, plain[at:following]


def _bare_object(content: bytes) -> bytes:
    found = _STREAM.match(content)
    if found is None:
        return _bare_keys(content)
    head, body = _bare_keys(found["dict"]), found["body"]
    made = _bare_body(body) if _PICTURE.search(head) else body
    return b"%bstream\r\n%b\r\nendstream\r\nendobj\r\n" % (_LENGTH.sub(b"/Length %d" % len(made), head), made)


def _bare_keys(content: bytes) -> bytes:
    """The keys of an object without those that note something."""
    content = _NOTES.sub(b"", content)
    while (begin := content.find(_KEPT_FOR_ITSELF)) >= 0:
        depth, end = 0, len(content)
        for token in _TOKEN.finditer(content, begin):
            depth += {b"<<": 1, b">>": -1}.get(token[0], 0)
            if not depth:
                end = token.end()
                break
        content = content[:begin] + content[end:]
    return content


def _bare_body(body: bytes) -> bytes:
    """A JPEG as it stands in a PDF, possibly packed once more."""
    if body.startswith(_JPEG):
        return bare_picture(body)
    unpacking = zlib.decompressobj()
    try:
        inside = unpacking.decompress(body, _MOST_OF_PICTURE)
    except zlib.error:
        return body
    return zlib.compress(bare_picture(inside)) if inside.startswith(_JPEG) and unpacking.eof else body
