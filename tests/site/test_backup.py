"""Backups taken while people work, restored, verified; damaged ones refused before anything is touched."""

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.db import connection, transaction
from processes import started

from keheng.kernel.models import AuditEntry, Series
from keheng.kernel.numbers import draw
from keheng.kernel.trail.heads import problems, publish_head, restores
from keheng.kernel.trail.record import SYSTEM, now, record
from keheng.kernel.trail.seal import seal_pending
from keheng.site import backup
from keheng.site.backup import BackupError, restore_backup, write_backup

WRITER = Path(__file__).parents[1] / "kernel" / "writer.py"


def work(count: int) -> None:
    for _ in range(count):
        with transaction.atomic():
            record("number.draw", actor=SYSTEM, target=f"KH:{draw('KH', 2026)}")
    while seal_pending(now()):
        pass


def targets() -> list[int]:
    bodies = [json.loads(body) for body in AuditEntry.objects.order_by("id").values_list("body", flat=True)]
    return [int(body["target"].split(":")[1]) for body in bodies if body["act"] == "number.draw"]


def test_a_backup_brings_back_database_and_files(fresh, tmp_path):
    (fresh / "files" / "ab").mkdir(parents=True)
    (fresh / "files" / "ab" / "abcd").write_bytes(b"kept")
    work(5)
    assert write_backup(tmp_path / "kept.keheng") == (tmp_path / "kept.keheng").stat().st_size
    work(4)
    publish_head(fresh / "heads", now())
    (fresh / "files" / "ab" / "abcd").write_bytes(b"lost")
    restore_backup(tmp_path / "kept.keheng")
    assert targets() == [1, 2, 3, 4, 5]
    assert Series.objects.get().last == 5
    assert (fresh / "files" / "ab" / "abcd").read_bytes() == b"kept"
    assert len(restores(fresh / "heads")) == 1
    work(3)
    publish_head(fresh / "heads", now())
    assert list(problems(fresh / "heads")) == []
    assert [json.loads(body)["act"] for body in AuditEntry.objects.order_by("era", "id").values_list("body", flat=True)][5:7] == [
        "installation.restore",
        "number.draw",
    ]


def test_a_backup_while_others_write_is_one_moment(fresh, tmp_path):
    with started([sys.executable, str(WRITER), "100000"], stdout=subprocess.PIPE, text=True) as process:
        for _ in range(200):
            process.stdout.readline()
        write_backup(tmp_path / "busy.keheng")
        process.kill()
        process.stdout.read()
    restore_backup(tmp_path / "busy.keheng")
    drawn = targets()
    assert len(drawn) >= 200
    assert sorted(drawn) == list(range(1, Series.objects.get().last + 1))
    while seal_pending(now()):
        pass
    assert list(problems(fresh / "heads")) == []


def damaged(path: Path) -> dict[str, bytes]:
    whole = path.read_bytes()
    stranger = io.BytesIO()
    with tarfile.open(fileobj=stranger, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../escape"))
    changed = io.BytesIO()
    with tarfile.open(path) as source, tarfile.open(fileobj=changed, mode="w:gz") as target:
        for member in source:
            data = source.extractfile(member).read()
            target.addfile(member, io.BytesIO(data[:-1] + b"!" if member.name.startswith("database") else data))
    return {"empty": b"", "cut": whole[: len(whole) // 2], "text": b"hello", "stranger": stranger.getvalue(), "changed": changed.getvalue()}


@pytest.mark.parametrize("how", ["empty", "cut", "text", "stranger", "changed"])
def test_a_damaged_backup_changes_nothing(fresh, tmp_path, how):
    work(3)
    write_backup(tmp_path / "kept.keheng")
    work(1)
    bad = tmp_path / "bad.keheng"
    bad.write_bytes(damaged(tmp_path / "kept.keheng")[how])
    with pytest.raises(BackupError, match="备份"):
        restore_backup(bad)
    assert targets() == [1, 2, 3, 4]
    with pytest.raises(BackupError):
        restore_backup(tmp_path / "absent.keheng")


def test_a_backup_of_the_other_kind_is_refused(fresh, tmp_path, monkeypatch):
    write_backup(tmp_path / "kept.keheng")
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    monkeypatch.setattr(backup, "connection", type("Other", (), {"vendor": other}))
    with pytest.raises(BackupError, match=f"当前数据库是 {other}"):
        restore_backup(tmp_path / "kept.keheng")


def test_missing_tools_and_failing_dumps_say_what_to_do(fresh, tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite needs no tools of another package")
    work(2)
    write_backup(tmp_path / "kept.keheng")
    real = backup._postgres
    monkeypatch.setattr(
        backup, "_postgres", lambda program, *a: real(program, *a[:-1], "/nonexistent") if program == "psql" else real(program, *a)
    )
    with pytest.raises(BackupError, match="psql"):
        restore_backup(tmp_path / "kept.keheng")
    assert targets() == [1, 2]
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(BackupError, match="postgresql-client"):
        write_backup(tmp_path / "none.keheng")
    assert not (tmp_path / "none.keheng").exists()
