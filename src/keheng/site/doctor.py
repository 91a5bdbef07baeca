"""What ails an installation, and what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from keheng.kernel.models import AuditEntry, Seal
from keheng.site.installation import data_folder, heads_folder

_LEAST_FREE = 2 * 1024**3
_LATE_SEAL = 60.0
_CLOCK_SLACK = 300.0


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing found: ``serious`` when the site cannot run safely with it; the remedy in Chinese and English."""

    what: str
    serious: bool
    zh: str
    en: str


def examine() -> list[Ailment]:
    """All examinations; the database's own only when it answers."""
    found = [ailment for look in (_disk, _permissions, _heads, _fonts) for ailment in look()]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return [
            *found,
            Ailment("database", True, f"连不上数据库：{error}；请检查 DATABASE_URL 和数据库服务", "check DATABASE_URL and the server"),
        ]
    return found + (list(_migrations()) or [*_clock(), *_sealing()])


def _disk() -> Iterator[Ailment]:
    free = shutil.disk_usage(data_folder()).free
    if free < _LEAST_FREE:
        yield Ailment(
            "disk", free < _LEAST_FREE // 8, f"数据盘只剩 {free // 1024**2} MB，请清理或扩容", f"{free // 1024**2} MB left: free some space"
        )


def _permissions() -> Iterator[Ailment]:
    folder = data_folder()
    if not os.access(folder, os.W_OK):
        yield Ailment("permissions", True, f"数据目录不可写：{folder}", f"the data folder cannot be written: {folder}")
    key = folder / "secret-key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Ailment("permissions", True, f"密钥文件他人可读，请执行 chmod 600 {key}", f"others can read the key: chmod 600 {key}")


def _heads() -> Iterator[Ailment]:
    heads, data = heads_folder(), data_folder()
    if heads.is_relative_to(data) or _device(heads) == _device(data):
        yield Ailment(
            "heads",
            False,
            "链头与数据在同一块盘上，重写整链将无从发现；请把 KEHENG_HEADS 指向另一台机器的目录",
            "heads lie on the disk of the data: point KEHENG_HEADS to a folder of another machine",
        )


def _device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def _fonts() -> Iterator[Ailment]:
    fonts = Path(__file__).resolve().parents[1] / "appraisal" / "writing" / "fonts"
    if not any(fonts.glob("*.otf")):
        yield Ailment("fonts", True, "随附的中文字体缺失，请重新安装", "the font that ships with Keheng is missing: install again")


def _migrations() -> Iterator[Ailment]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Ailment("migrations", True, "数据库结构待升级，请执行 keheng migrate", "the database needs an upgrade: run keheng migrate")


def _clock() -> Iterator[Ailment]:
    last = Seal.objects.order_by("-id").values_list("at", flat=True).first()
    ahead = _seconds_since(last)
    if ahead < -_CLOCK_SLACK:
        yield Ailment(
            "clock", True, f"系统时间比最近一次封存早 {-ahead:.0f} 秒，请校时（NTP）", "the clock is behind the last seal: set it by NTP"
        )


def _sealing() -> Iterator[Ailment]:
    last = Seal.objects.order_by("-id").first()
    waiting = AuditEntry.objects.filter(id__gt=last.last_entry if last else 0).exists()
    if connection.vendor == "postgresql" and waiting and (last is None or _seconds_since(last.at) > _LATE_SEAL):
        yield Ailment(
            "sealing", True, "审计记录超过一分钟未封存，请检查 worker", "entries wait for sealing over a minute: look at the worker"
        )


def _seconds_since(at: str | None) -> float:
    return time.time() - datetime.fromisoformat(at).timestamp() if at else 0.0
