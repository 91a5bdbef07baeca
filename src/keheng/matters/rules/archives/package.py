"""A package: a zip whose members stand in a fixed order with a fixed time, and a manifest of their digests.

The same members and moment give the same bytes. Large files are copied in parts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MANIFEST, METADATA, EVENTS, APPLICATION = "manifest.json", "metadata.xml", "events.xml", "application.pdf"
_CHUNK = 1 << 20
_FILE_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its path in the package, and its content or where that lies."""

    path: str
    content: bytes | Path

    def open(self) -> IO[bytes]:
        """Its content as a stream."""
        return self.content.open("rb") if isinstance(self.content, Path) else BytesIO(self.content)


def write_package(target: BinaryIO, members: Iterable[Member], moment: datetime) -> Mapping[str, str]:
    """Write a package; the digests by path. Raises OSError for a file that cannot be read."""
    digests: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for member in sorted(members, key=lambda one: one.path):
            with member.open() as source:
                digests[member.path], sizes[member.path] = _add(package, member.path, source, moment)
        listed = [{"path": path, "sha256": digest, "bytes": sizes[path]} for path, digest in digests.items()]
        manifest = json.dumps({"digest": "SHA-256", "files": listed}, ensure_ascii=False, indent=1)
        _add(package, MANIFEST, BytesIO(manifest.encode()), moment)
    return digests


def _add(package: ZipFile, path: str, source: IO[bytes], moment: datetime) -> tuple[str, int]:
    info = ZipInfo(path, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, _FILE_MODE, 3
    digest, size = hashlib.sha256(), 0
    with package.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return digest.hexdigest(), size
