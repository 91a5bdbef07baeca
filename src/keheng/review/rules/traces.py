"""What a file says in words, besides and behind what it shows: text, properties, who wrote and changed it, what a camera noted.

A blind round looks here for names. Read are PDF (text, properties, XMP), office documents and other zipped XML (every text and every
attribute, so also authors of comments and tracked changes, and the pictures inside), JPEG and PNG (EXIF, IPTC, XMP, comments). What a
picture shows is for people to see.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from lxml import etree

from keheng.kernel.uploads.pdfs import opened_pdf, texts_of_pages

_PAGES, _PROPERTIES = 60, ("Title", "Author", "Subject", "Keywords", "Creator", "Producer")
_PDF, _ZIP, _JPEG, _PNG = b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
# JPEG: application segments APP0 to APP15, comments; the scan begins after SOS.
_SEGMENTS, _COMMENT, _SCAN = range(0xE0, 0xF0), 0xFE, 0xDA
_CHUNKS = {b"tEXt", b"iTXt", b"zTXt", b"eXIf"}
# Of a zip and of a packed chunk no more is unpacked than this.
_MOST_OF_ZIP, _MOST_OF_CHUNK = 64 << 20, 1 << 20
_APART = "\0"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def said_in(path: Path) -> str:
    """All words of a file, white space left out; '' where it is of no kind that is read, cannot be read, or is not there."""
    try:
        content = path.read_bytes()
    except OSError:
        return ""
    return "".join("".join(_said(content)).split())


def _said(content: bytes) -> Iterator[str]:
    if content.startswith(_PDF):
        yield from _of_pdf(content)
    elif content.startswith(_ZIP):
        yield from _of_zip(content)
    else:
        yield from _of_picture(content)


def _of_pdf(content: bytes) -> Iterator[str]:
    yield from (found.decode("utf-8", "ignore") for found in _XMP.findall(content))
    with opened_pdf(content) as document:
        if document is not None:
            yield from (str(document.get_metadata_value(one)) for one in _PROPERTIES)
            yield from texts_of_pages(document, _PAGES)


def _of_zip(content: bytes) -> Iterator[str]:
    left = _MOST_OF_ZIP
    try:
        with ZipFile(BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.is_dir() or member.file_size > left:
                    continue
                left -= member.file_size
                inside = archive.read(member)
                yield from _of_xml(inside) if member.filename.endswith((".xml", ".rels")) else _of_picture(inside)
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        # Damaged or under a password: nobody reads it.
        return


def _of_xml(content: bytes) -> Iterator[str]:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return
    # Runs cut words in pieces: text joins as it is read, attributes stand apart.
    yield from (str(text) for text in root.itertext())
    yield from (_APART + str(value) for one in root.iter() for value in one.attrib.values())


def _of_picture(content: bytes) -> Iterator[str]:
    """What a picture carries besides what it shows, in whichever encoding it was noted."""
    blocks = _of_jpeg(content) if content.startswith(_JPEG) else _of_png(content) if content.startswith(_PNG) else ()
    for block in blocks:
        for encoding in _ENCODINGS:
            # Texts of two bytes a character may begin at an odd place.
            for begin in (0, 1) if encoding.startswith("utf-16") else (0,):
                yield f"{_APART}{block[begin:].decode(encoding, 'ignore')}"


def _of_jpeg(content: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SCAN:  # noqa: PLR2004 -- a marker and a length
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in _SEGMENTS or marker == _COMMENT:
            yield content[at + 4 : at + 2 + length]
        at += 2 + length


def _of_png(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        block = content[at + 8 : at + 8 + length]
        if kind in _CHUNKS:
            yield block
            yield from _unpacked(block)
        at += 12 + length


def _unpacked(block: bytes) -> Iterator[bytes]:
    """The packed text of a chunk: it begins with the mark of zlib somewhere after the chunk's own words."""
    for begin in (found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", block)):
        try:
            yield zlib.decompressobj().decompress(block[begin:], _MOST_OF_CHUNK)
        except zlib.error:
            continue
