"""One file that holds an installation: the database as of one moment, the files, the digest of each.

A backup is taken while people work. It is checked before anything is replaced, and the restored database is verified after.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from keheng import __version__
from keheng.kernel.models import Era
from keheng.kernel.trail.heads import give_up_heads
from keheng.kernel.trail.record import SYSTEM, now, record
from keheng.kernel.trail.seal import seal_pending
from keheng.site.installation import data_folder, files_folder, heads_folder

MANIFEST = "manifest.json"
_FILES = "files"
_DUMP = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class BackupError(Exception):
    """The backup cannot be taken or used; the message says why and what to do."""


def write_backup(target: Path) -> int:
    """Write the backup; its size in bytes. Raises BackupError; an unfinished file never has the name asked for."""
    dump = _DUMP[connection.vendor]
    partial = target.with_name(target.name + ".partial")
    with TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / dump
        # The database first: every file it names was written before its row.
        (_copy_sqlite if connection.vendor == "sqlite" else _dump_postgres)(copy)
        members = {dump: copy, **_stored_files()}
        manifest = {
            "keheng": __version__,
            "database": connection.vendor,
            "at": now(),
            "sha256": {name: _digest(path) for name, path in members.items()},
        }
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        with tarfile.open(partial, "w:gz", compresslevel=3) as archive:
            archive.add(Path(folder) / MANIFEST, MANIFEST)
            for name, path in members.items():
                archive.add(path, name)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    return target.stat().st_size


def restore_backup(source: Path) -> None:
    """Replace database and files by those of a backup, and say so on the trail and beside the heads outside.

    Raises BackupError before anything is touched when the backup is not whole.
    """
    with TemporaryDirectory(dir=data_folder()) as folder:
        place = Path(folder)
        manifest = _unpack(source, place)
        if manifest["database"] != connection.vendor:
            raise BackupError(
                f"备份来自 {manifest['database']}，当前数据库是 {connection.vendor}，请改 DATABASE_URL / "
                f"the backup is of {manifest['database']}, this database is {connection.vendor}: change DATABASE_URL"
            )
        dump = place / _DUMP[connection.vendor]
        (_replace_sqlite if connection.vendor == "sqlite" else _replace_postgres)(dump)
        if (place / _FILES).is_dir():
            shutil.rmtree(files_folder(), ignore_errors=True)
            (place / _FILES).replace(files_folder())
    give_up_heads(heads_folder(), now())
    with transaction.atomic():
        record("installation.restore", actor=SYSTEM, reason=manifest["at"])


def _stored_files() -> dict[str, Path]:
    folder = files_folder()
    return {f"{_FILES}/{path.relative_to(folder)}": path for path in sorted(folder.rglob("*")) if path.is_file()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(source: Path, place: Path) -> dict[str, str]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(place, filter="data")
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        wrong = list(_wrong(place, manifest["sha256"]))
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(f"{source} 不是完整的备份文件 / is not a whole backup: {error}") from error
    if wrong:
        raise BackupError(f"备份中的文件已损坏，请换一份备份：{'、'.join(wrong)} / damaged in the backup, please use another")
    return {"database": str(manifest["database"]), "at": str(manifest["at"])}


def _wrong(place: Path, digests: dict[str, str]) -> Iterator[str]:
    for name, digest in digests.items():
        if not (place / name).is_file() or _digest(place / name) != digest:
            yield name


def _copy_sqlite(target: Path) -> None:
    name = connection.settings_dict["NAME"]
    try:
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=-1)
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error as error:
        raise BackupError(f"备份没有写成：{error}；请执行 keheng doctor / not written: run keheng doctor") from error
    if not sound:
        raise BackupError("数据库完整性检查未通过，请先执行 keheng verify / the database fails its integrity check: run keheng verify")


def _replace_sqlite(dump: Path) -> None:
    connection.close()
    with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(connection.settings_dict["NAME"])) as target:
        source.backup(target)


def _postgres(program: str, *arguments: str) -> None:
    settings = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(settings["HOST"]),
        "PGPORT": str(settings["PORT"]),
        "PGUSER": str(settings["USER"]),
        "PGPASSWORD": str(settings["PASSWORD"]),
        "PGDATABASE": str(settings["NAME"]),
    }
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"缺少 {program}，请安装 postgresql-client / {program} is missing: install postgresql-client")
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- PostgreSQL's own tools
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")


def _dump_postgres(target: Path) -> None:
    _postgres("pg_dump", "--format=custom", "--no-owner", "--file", str(target))


def _replace_postgres(dump: Path) -> None:
    connection.close()
    script = dump.with_suffix(".sql")
    _postgres("pg_restore", "--no-owner", "--file", str(script), str(dump))
    # One transaction: when anything in the dump fails, the database stays as it was.
    _postgres(
        "psql", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1",
        "--command", "DROP SCHEMA public CASCADE; CREATE SCHEMA public", "--file", str(script),
    )  # fmt: skip
    # Transaction numbers of this server may be lower than those in the dump: a new era keeps the order of sealing.
    with transaction.atomic():
        Era.objects.create(id=Era.objects.count() + 1, began_at=now(), reason="restore")
    while seal_pending(now()):
        pass
