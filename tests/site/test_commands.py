"""The commands that run an installation, as processes of their own."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import connection, transaction
from ports import free_port
from processes import started

from keheng.kernel.models import Seal
from keheng.kernel.personal.models import DataRequest
from keheng.kernel.trail.heads import publish_head
from keheng.kernel.trail.record import SYSTEM, now, record
from keheng.kernel.trail.seal import seal_pending
from keheng.site.doctor import examine
from keheng.site.installation import SetupError, database, secret_key

KEHENG = [sys.executable, "-m", "keheng.cli"]
SMALL_DISK = """
mount -t tmpfs -o size=8m tmpfs "$KEHENG_DATA"
cp "$MIGRATED" "$KEHENG_DATA/keheng.sqlite3"
keheng() { "$PYTHON" -m keheng.cli "$@"; }
"""
WRITER = str(Path(__file__).parents[1] / "kernel" / "writer.py")


def run(*arguments: str) -> tuple[int, str]:
    done = subprocess.run([*KEHENG, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def entry() -> None:
    with transaction.atomic():
        record("a.b", actor=SYSTEM)
    seal_pending(now())


def test_verify_backup_and_restore_from_the_command_line(fresh, tmp_path):
    entry()
    assert run("verify") == (0, "审计链和文件完好，1 条记录，0 个文件 / trail and files hold\n")
    code, said = run("backup", tmp_path / "kept.keheng")
    assert (code, said.startswith("已备份")) == (0, True)
    entry()
    code, said = run("restore", tmp_path / "kept.keheng")
    assert (code, re.findall(r"\d+ 条记录", said)) == (0, ["2 条记录"])
    assert run("restore", tmp_path / "absent")[0] == 2
    code, said = run("verify", "--export", tmp_path / "trail.jsonl")
    assert code == 0
    assert subprocess.run([sys.executable, str(tmp_path / "verifier.py"), str(tmp_path / "trail.jsonl")], check=False).returncode == 0


def test_verify_tells_what_does_not_hold(fresh):
    entry()
    publish_head(fresh / "heads", now())
    head = json.loads((fresh / "heads" / "heads.jsonl").read_text())
    (fresh / "heads" / "heads.jsonl").write_text(json.dumps(head | {"head": "0" * 64}) + "\n")
    code, said = run("verify")
    assert (code, "整链被重写" in said) == (1, True)
    (fresh / "heads" / "heads.jsonl").write_text("broken")
    code, said = run("verify")
    assert (code, "链头文件已损坏" in said) == (1, True)


@pytest.mark.one_database
def test_an_address_of_another_kind_says_how_it_should_read(fresh, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere/db")
    with pytest.raises(SetupError, match="postgresql://"):
        database()
    code, said = run("verify")
    assert (code, "postgresql://用户:密码@主机:端口/库名" in said) == (2, True)
    monkeypatch.setenv("DATABASE_URL", "postgresql://keheng@127.0.0.1:1/none")
    code, said = run("doctor")
    assert (code, "连不上数据库" in said) == (1, True)


def test_the_key_is_made_once_and_read_by_its_owner_only(fresh, monkeypatch):
    monkeypatch.delenv("KEHENG_SECRET_KEY", raising=False)
    assert secret_key() == secret_key()
    assert stat.S_IMODE((fresh / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in fresh.iterdir() if path.name.startswith("tmp")] == []
    monkeypatch.setenv("KEHENG_SECRET_KEY", "given")
    assert secret_key() == "given"


def ailments() -> dict[str, bool]:
    return {ailment.what: ailment.serious for ailment in examine()}


def test_the_doctor_names_what_ails(fresh, monkeypatch, tmp_path):
    secret_key()
    assert ailments() == {"heads": False, "posts": False}
    (fresh / "secret-key").chmod(0o644)
    Seal.objects.create(id=1, at="2999-01-01T00:00:00+00:00", count=0, last_era=0, last_xid=0, last_entry=0, previous="", head="")
    assert ailments() == {"heads": False, "permissions": True, "clock": True, "posts": False}
    monkeypatch.setattr("keheng.site.doctor._LEAST_FREE", shutil.disk_usage(fresh).free * 2)
    assert ailments()["disk"] is False
    monkeypatch.setattr("keheng.site.doctor._LEAST_FREE", 1 << 60)
    assert ailments()["disk"] is True
    monkeypatch.setattr("keheng.site.doctor.os.access", lambda *_: False)
    assert [a.what for a in examine()].count("permissions") == 2


def test_the_doctor_names_a_key_that_does_not_open_what_is_sealed(fresh, settings):
    day = datetime(2026, 3, 2, tzinfo=UTC)
    DataRequest.objects.create(kind="erase", account="7", person_keys="account:7", asked_at=day, due_on=day.date(), detail="请删除")
    assert "personal key" not in ailments()
    settings.PERSONAL_KEY = "1:another-secret-than-the-one-before"
    assert ailments()["personal key"] is True
    assert "personal_datarequest.detail" in next(one.zh for one in examine() if one.what == "personal key")


def test_the_doctor_names_a_plugin_that_is_not_there(fresh, monkeypatch):
    monkeypatch.setenv("KEHENG_PLUGINS", "messenger=nobody")
    assert ailments()["plugins"] is True


def test_the_doctor_sees_pending_migrations_and_a_sleeping_sealer(fresh):
    with transaction.atomic():
        record("a.b", actor=SYSTEM)
    assert ailments().get("sealing") is (True if connection.vendor == "postgresql" else None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
    assert ailments()["migrations"] is True
    assert run("doctor")[0] == 1


def answer(address: str, within: float = 60) -> dict[str, str]:
    end = time.monotonic() + within
    while True:
        try:
            with urlopen(address, timeout=5) as response:
                return json.load(response)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def children_of(process: subprocess.Popen) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_the_site_serves_recovers_and_stops_cleanly(fresh, tmp_path):
    entry()
    at = free_port()
    said = tmp_path / "said"
    with said.open("w") as told, started([*KEHENG, "serve", "--port", str(at)], stdout=told, stderr=subprocess.DEVNULL) as site:
        assert answer(f"http://127.0.0.1:{at}/healthz")["database"] == connection.vendor
        web, worker = children_of(site)
        os.killpg(web, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)
        time.sleep(1)
        assert answer(f"http://127.0.0.1:{at}/healthz")["database"] == connection.vendor
        running = children_of(site)
        assert len(running) == 2
        assert not {web, worker} & set(running)
        end = time.monotonic() + 60
        while not (fresh / "heads" / "heads.jsonl").exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        site.terminate()
        assert site.wait(30) == 0
    assert f"http://127.0.0.1:{at}/" in said.read_text()
    assert [pid for pid in running if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.one_database
def test_a_site_that_is_still_starting_stops_when_asked(fresh, tmp_path):
    """The first web process answers while the second one loads."""
    at = free_port()
    said = tmp_path / "said"
    with said.open("w") as told, started([*KEHENG, "serve", "--port", str(at)], stdout=subprocess.DEVNULL, stderr=told) as site:
        answer(f"http://127.0.0.1:{at}/healthz")
        site.terminate()
        assert site.wait(30) == 0
    assert said.read_text() == ""


@pytest.fixture
def small_disk(fresh, migrated, tmp_path):
    """Runs a shell script in a mount namespace of its own, its data folder a disk of 8 MB with a migrated database on it."""
    if connection.vendor == "postgresql":
        pytest.skip("the database's disk belongs to PostgreSQL's server")
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk of his own (unshare -Urm)")
    environment = {**os.environ, "PYTHON": sys.executable, "WRITER": WRITER, "OUT": str(tmp_path), "MIGRATED": migrated}

    def script(text: str) -> str:
        return subprocess.run(
            ["unshare", "-Urm", "sh", "-c", SMALL_DISK + text], env=environment, capture_output=True, text=True, check=False
        ).stdout

    return script


def test_a_full_disk_refuses_clearly_and_corrupts_nothing(small_disk):
    said = small_disk("""
        "$PYTHON" "$WRITER" 1000000 >"$OUT/numbers" 2>"$OUT/errors"; tail -n 1 "$OUT/errors"
        keheng doctor; keheng backup "$KEHENG_DATA/kept" 2>&1
        mount -o remount,size=64m "$KEHENG_DATA"
        keheng verify; echo "code $?"; "$PYTHON" "$WRITER" 1; tail -n 1 "$OUT/numbers"
    """)
    assert "database or disk is full" in said or "disk I/O error" in said
    assert "✗ disk: 数据盘只剩" in said
    assert "备份没有写成" in said
    assert "审计链和文件完好" in said
    assert "code 0" in said
    after, acknowledged = map(int, said.split()[-2:])
    assert after == acknowledged + 1


def test_a_read_only_disk_refuses_clearly(small_disk):
    said = small_disk("""
        "$PYTHON" "$WRITER" 3
        mount -o remount,ro "$KEHENG_DATA"
        "$PYTHON" "$WRITER" 1 2>&1 | tail -n 1
        keheng doctor 2>&1
        mount -o remount,rw "$KEHENG_DATA"
        keheng verify
    """)
    assert "OperationalError" in said
    assert "数据目录不可写" in said
    assert "审计链和文件完好，3 条记录" in said
