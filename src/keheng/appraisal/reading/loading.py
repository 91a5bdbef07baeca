"""Any file as a document: the format is told by its content, never by its name."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from keheng.appraisal.reading.document import Document, UnreadableError
from keheng.appraisal.reading.from_docx import read_docx
from keheng.appraisal.reading.from_html import looks_like_html, read_html
from keheng.appraisal.reading.from_pdf import read_pdf
from keheng.appraisal.reading.from_text import decode, read_text
from keheng.appraisal.reading.from_xlsx import read_workbook

_LARGEST = 50 * 1024 * 1024
_LARGEST_EXPANDED = 400 * 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def load_file(path: Path, name: str | None = None) -> Document:
    """Read a file from disk; ``name`` is how it is shown. Raises UnreadableError and nothing else."""
    shown = name or path.name
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableError(shown, "too-large", "文件超过 50 MB，请拆分后再试", "the file is larger than 50 MB: please split it")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(shown, "missing", "文件打不开，请检查路径和权限", f"the file cannot be opened: {error.strerror}") from error
    return load(data, shown)


def load(data: bytes, name: str) -> Document:
    """Read the bytes of a file. Raises UnreadableError with the reason and what to do."""
    if not data.strip(b"\x00\r\n\t "):
        raise UnreadableError(name, "empty", "文件是空的", "the file is empty")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return read_pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _read_zip(data, name)
    if data.startswith(_OLD_OFFICE):
        return read_workbook(data, name)
    text = decode(data, name)
    return read_html(text, name) if looks_like_html(text) else read_text(text, name)


def _read_zip(data: bytes, name: str) -> Document:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            expanded = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableError(name, "damaged", "文件已损坏，请重新导出", "the file is damaged: please export it again") from error
    if expanded > _LARGEST_EXPANDED:
        raise UnreadableError(name, "too-large", "文件展开后过大，未读取", "the file is too large once expanded")
    if any(entry.startswith("word/") for entry in names):
        return read_docx(data, name)
    if any(entry.startswith("xl/") for entry in names):
        return read_workbook(data, name)
    raise UnreadableError(name, "format", "不支持这种压缩文件，请解压后再试", "this archive is not supported: please unpack it first")
