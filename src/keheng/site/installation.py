"""Where an installation keeps its things, read from the environment once: data folder, database, heads, secret.

========================  ==============================================================================
``KEHENG_DATA``           folder of database, files and secret; default ``var`` beside the source tree
``DATABASE_URL``          ``postgresql://user:password@host:port/name``; default SQLite in the data folder
``KEHENG_HEADS``          folder outside for the heads of the audit trail; default ``heads`` in the data folder
``KEHENG_SECRET_KEY``     default: made at the first start and kept in the data folder, readable by its owner only
``KEHENG_PERSONAL_KEY``   the key of sealed personal data; default as above
``KEHENG_SIGNING_KEY``    RSA key (PEM) of identity tokens; default as above
``KEHENG_HTTPS``          1: people come over HTTPS, cookies are bound to it
``KEHENG_PROXIES``        addresses of trusted proxies, by commas; default loopback when over HTTPS
``KEHENG_INTERNAL``       networks whose visits are not counted, by commas: ``10.0.0.0/8``; default none
``KEHENG_PROBE``          what own probes send in the header ``Keheng-Probe``; default as the secret
``KEHENG_MAIL``           Django's mail backend; default: files in ``mail`` in the data folder
========================  ==============================================================================
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
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
# Kept in the data folder unless the environment gives them; never in a backup.
SECRETS = ("secret-key", "personal-key", "signing-key", "probe-secret")


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
            # Opening a connection costs as much as a few questions; each thread keeps its own. What is known of the tables is read when
            # one is opened, so none lasts for ever.
            "CONN_MAX_AGE": 3600,
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
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 20, "timeout": 20},
            # The same few hundred questions all day, each of a few rows: planned once for each connection, and never compiled. Disks
            # without arms read a page anywhere nearly as fast as the next one; the server's own default is of older disks.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "options": "-c jit=off -c random_page_cost=1.1",
        },
    }


def secret_key() -> str:
    """The key that signs sessions and marks personal values."""
    return kept_secret("secret-key", "KEHENG_SECRET_KEY")


def kept_secret(name: str, variable: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """A secret from the environment, else from the data folder, where the first process to need it makes it."""
    given = os.environ.get(variable)
    if given:
        return given
    path = data_folder() / name
    if not path.exists():
        _make_secret(path, make())
    return path.read_text(encoding="ascii")


def signing_key() -> str:
    """The key that signs identity tokens for the commission's other systems: RSA, as PEM."""
    return kept_secret("signing-key", "KEHENG_SIGNING_KEY", _rsa)


def _rsa() -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 -- costs time, and is needed once in an installation's life
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415 -- needed once too

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def uses_https() -> bool:
    """Whether people reach this installation over HTTPS (``KEHENG_HTTPS=1``), through a proxy that says so."""
    return os.environ.get("KEHENG_HTTPS") == "1"


def proxies() -> frozenset[str]:
    """Addresses of proxies whose word on the visitor's address is taken."""
    return frozenset(filter(None, os.environ.get("KEHENG_PROXIES", "127.0.0.1,::1" if uses_https() else "").split(",")))


def address_of(environ: Mapping[str, Any]) -> str:
    """The visitor's address: the last one a trusted proxy was told, else whoever connects."""
    direct = str(environ.get("REMOTE_ADDR", ""))
    if direct in proxies():
        told = [part.strip() for part in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
        return told[-1][:45] if told else direct
    return direct


@cache
def internal_networks() -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks whose visits are the commission's own; raises SetupError for what is no network."""
    try:
        return tuple(ip_network(one.strip()) for one in os.environ.get("KEHENG_INTERNAL", "").split(",") if one.strip())
    except ValueError as error:
        raise SetupError(f"KEHENG_INTERNAL 应为以逗号分隔的网段（{error}） / must list networks by commas") from error


def probe_secret() -> str:
    """By which own probes are told from visitors."""
    return kept_secret("probe-secret", "KEHENG_PROBE")


def demo_mark() -> Path:
    """The file that says that the demo city is loaded, and how."""
    return data_folder() / "demo"


def is_demo() -> bool:
    """Whether the data are the demo city's."""
    return demo_mark().exists()


def identity_providers() -> list[dict[str, Any]]:
    """Identity providers that people may sign in with; raises SetupError when the file cannot be read.

    ``identity-providers.json`` in the data folder: ``[{provider_id, name, client_id, secret, settings: {server_url}}]``.
    """
    path = data_folder() / "identity-providers.json"
    if not path.exists():
        return []
    try:
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SetupError(f"{path} 不是可读的 JSON（{error}） / is not readable as JSON") from error
    return found


def _make_secret(path: Path, value: str) -> None:
    """Make the secret under another name and link it: of processes that start together one wins, and none sees half a secret."""
    descriptor, made = mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value)
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        Path(made).unlink()
