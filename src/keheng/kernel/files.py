"""Files kept by what they contain: the SHA-256 of the content is the name, so equal content is kept once.

A file is written beside its place, flushed to disk, and moved there before any row names it; what a crash leaves behind is a file
without a row, never a row without a file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from keheng.kernel.models import StoredFile

_CHUNK = 1 << 20
_HEAD = 1 << 12
MAGIC = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "application/x-ole-storage",
    b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
    b"Rar!": "application/vnd.rar",
}
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# Media types of office documents.
OFFICE_KINDS = frozenset(_OFFICE.values())


class FileRefusedError(Exception):
    """A file is not kept; ``code`` is too_big, empty, type or infected, the message says what to do in Chinese and English."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a place accepts: bytes at most, and media types by content, not by name."""

    most_bytes: int
    types: frozenset[str]


Scanner = Callable[[Path], str]
_scanners: list[Scanner] = []


def scan_with(scanner: Scanner) -> Scanner:
    """Add a scanner for harmful content: given a path it returns the name of what it found, or an empty text."""
    if scanner not in _scanners:
        _scanners.append(scanner)
    return scanner


class FileStore:
    """A folder of files by digest. All writes go through ``keep``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the content of that digest lies."""
        return self.folder / digest[:2] / digest

    def keep(self, source: BinaryIO, limits: Limits) -> StoredFile:
        """Keep the content of a stream, read in parts; its row. Raises FileRefusedError, and OSError when the disk is full."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = mkstemp(dir=self.folder, prefix=".arriving-")
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as target:
                digest, size = _copy(source, target, limits.most_bytes)
            kind = _accepted(partial, size, limits)
            place = self.path(digest)
            place.parent.mkdir(exist_ok=True)
            # Equal content that lies there already is the same file.
            partial.replace(place)
            _flush_folder(place.parent)
        finally:
            with suppress(FileNotFoundError):
                partial.unlink()
        row, _ = StoredFile.objects.get_or_create(digest=digest, defaults={"size": size, "media_type": kind})
        return row

    def fault(self, digest: str) -> str:
        """What is wrong with the content of that digest as it lies there: ``missing``, ``changed``, '' when it is whole."""
        path = self.path(digest)
        if not path.is_file():
            return "missing"
        return "" if _digest(path) == digest else "changed"

    def problems(self) -> Iterator[str]:
        """What does not hold between rows and folder; a file without a row is no problem, see ``strays``."""
        for digest, size in StoredFile.objects.values_list("digest", "size").iterator():
            path = self.path(digest)
            if not path.is_file():
                yield f"文件缺失：{digest} / a file is missing"
            elif path.stat().st_size != size or _digest(path) != digest:
                yield f"文件内容被改动：{digest} / the content of a file was changed"

    def strays(self) -> Iterator[Path]:
        """Files that no row names: left by a crash, or by an upload whose transaction was undone."""
        known = set(StoredFile.objects.values_list("digest", flat=True))
        if self.folder.is_dir():
            yield from (path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name not in known)


def sniff(path: Path) -> str:
    """The media type by content; ``application/octet-stream`` when it is none we know."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    return _text_kind(head)


def _zip_kind(path: Path) -> str:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return "application/octet-stream"
    return next((kind for member, kind in _OFFICE.items() if member in names), "application/zip")


def _text_kind(head: bytes) -> str:
    if b"\0" in head:
        return "application/octet-stream"
    for encoding in ("utf-8", "gb18030"):
        # The last character may be cut in two.
        for cut in range(4):
            with suppress(UnicodeDecodeError):
                text = head[: len(head) - cut].decode(encoding)
                # HTML and SVG run in a browser: they are never mere text.
                return "text/html" if "<html" in text.lower() or "<svg" in text.lower() or "<!doctype" in text.lower() else "text/plain"
    return "application/octet-stream"


def _accepted(path: Path, size: int, limits: Limits) -> str:
    if not size:
        raise FileRefusedError("empty", "文件是空的，请检查后重新上传", "the file is empty: check it and upload it again")
    kind = sniff(path)
    if kind not in limits.types:
        raise FileRefusedError("type", f"不接受这种文件（{kind}），请换成要求的格式", f"files of this type ({kind}) are not accepted here")
    for scanner in _scanners:
        found = scanner(path)
        if found:
            raise FileRefusedError(
                "infected", f"文件含有有害内容（{found}），请清除后再上传", f"the file holds {found}: clean it before uploading"
            )
    return kind


def _copy(source: BinaryIO, target: BinaryIO, most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise FileRefusedError(
                "too_big", f"文件超过 {most // 1024**2} MB，请压缩或拆分", f"the file is over {most // 1024**2} MB: shrink or split it"
            )
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
