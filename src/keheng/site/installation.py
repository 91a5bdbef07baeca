"""Where an installation keeps its things, read from the environment once: data folder, database, heads, secret.

========================  ==============================================================================
``KEHENG_DATA``           folder of database, files and secret; default ``var`` beside the source tree
``DATABASE_URL``          ``postgresql://user:password@host:port/name``; default SQLite in the data folder
``KEHENG_HEADS``          folder outside for the heads of the audit trail; default ``heads`` in the data folder
``KEHENG_SECRET_KEY``     default: made at the first start and kept in the data folder, readable by its owner only
========================  ==============================================================================
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[3]
SQLITE_SETUP = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16384;PRAGMA mmap_size=268435456;"
    "PRAGMA temp_store=MEMORY;PRAGMA foreign_keys=ON;"
)
_POSTGRES_PORT = 5432


class SetupError(Exception):
    """The environment names something that cannot be used; the message says what to do, in Chinese and English."""


def data_folder() -> Path:
    """The data folder, made when absent."""
    folder = Path(os.environ.get("KEHENG_DATA") or ROOT / "var").resolve()
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


def files_folder() -> Path:
    """Where files lie by their digest."""
    return data_folder() / "files"


def heads_folder() -> Path:
    """Where heads of the audit trail go; ought to be on another machine, see ``keheng doctor``."""
    return Path(os.environ.get("KEHENG_HEADS") or data_folder() / "heads").resolve()


def database() -> dict[str, Any]:
    """Django's settings of the one database; raises SetupError for an address of another kind."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data_folder() / "keheng.sqlite3"),
            # IMMEDIATE: a transaction that reads before it writes must wait for its turn, not fail at the write.
            # FULL: an acknowledged write outlives a power cut.
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_SETUP},
        }
    url = urlsplit(address)
    if url.scheme not in {"postgresql", "postgres"} or not url.path.strip("/"):
        raise SetupError(
            "DATABASE_URL 应为 postgresql://用户:密码@主机:端口/库名 / DATABASE_URL must read postgresql://user:password@host:port/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": url.port or _POSTGRES_PORT,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 20}},
    }


def secret_key() -> str:
    """The key that signs sessions and marks personal values."""
    given = os.environ.get("KEHENG_SECRET_KEY")
    if given:
        return given
    path = data_folder() / "secret-key"
    if not path.exists():
        _make_key(path)
    return path.read_text(encoding="ascii")


def _make_key(path: Path) -> None:
    """Make the key under another name and link it: of processes that start together one wins, and none sees half a key."""
    descriptor, made = mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        Path(made).unlink()
