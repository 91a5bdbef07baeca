"""What ails an installation, and what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import localdate

from keheng.access.models import Grant
from keheng.access.rules.grants import in_force
from keheng.access.rules.roles import roles
from keheng.kernel import plugins
from keheng.kernel.models import AuditEntry, Seal
from keheng.kernel.personal.resealing import sealed_fields
from keheng.kernel.personal.sealed import DamagedSealError, SealedTextField
from keheng.matters.service import flaws_of_files, not_as_released
from keheng.site.installation import SECRETS, data_folder, heads_folder, is_demo, uses_https

_LEAST_FREE = 2 * 1024**3
_LATE_SEAL = 60.0
_MOST_FLAWS = 5
_CLOCK_SLACK = 300.0
_NOTICE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing found: ``serious`` when the site cannot run safely with it; the remedy in Chinese and English."""

    what: str
    serious: bool
    zh: str
    en: str


def examine() -> list[Ailment]:
    """All examinations; the database's own only when it answers."""
    found = [ailment for look in (_disk, _permissions, _heads, _fonts, _matters) for ailment in look()]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return [
            *found,
            Ailment("database", True, f"连不上数据库：{error}；请检查 DATABASE_URL 和数据库服务", "check DATABASE_URL and the server"),
        ]
    return found + (list(_migrations()) or [*_clock(), *_sealing(), *_keys(), *_posts(), *_demo(), *_plugins()])


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
    for key in (folder / name for name in SECRETS):
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


def _matters() -> Iterator[Ailment]:
    flaws = flaws_of_files()
    for flaw in flaws[:_MOST_FLAWS]:
        yield Ailment("matters", True, f"事项文件有误：{flaw}", "a matter's file is wrong: run keheng matters check")
    for path in [] if flaws else not_as_released(localdate()):
        yield Ailment(
            "matters",
            True,
            f"事项文件已施行，但与登记的不一致：{path.name}；请恢复原文件，或另存为新版本再 keheng matters release",
            f"{path.name} is in force but not as it was released: restore it, or release a new version",
        )


@cache
def _steps() -> frozenset[tuple[str, str]]:
    """All steps of the structure that this program knows: read once, since a process's program stays as it is."""
    return frozenset(MigrationLoader(None).disk_migrations or ())


def _migrations() -> Iterator[Ailment]:
    if not _steps() <= MigrationRecorder(connection).applied_migrations().keys():
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


def _keys() -> Iterator[Ailment]:
    """Whether the key of personal data opens what is sealed: a backup restored beside another key would not."""
    fields = [field for _, field in sealed_fields()]
    with connection.cursor() as cursor:
        # One of each field, all with one question: the page and the back office's card ask whenever they are looked at.
        cursor.execute(" UNION ALL ".join(_one_seal(number, field) for number, field in enumerate(fields)))
        seals = cursor.fetchall()
    for number, seal in seals:
        try:
            fields[number].from_db_value(seal, None, connection)
        except DamagedSealError as error:
            yield Ailment(
                "personal key",
                True,
                f"个人信息的密钥打不开已有数据（{error}），请放回原来的 personal-key",
                "the key of personal data does not open them: put the former personal-key back",
            )


def _one_seal(number: int, field: SealedTextField) -> str:
    table, column = (connection.ops.quote_name(str(name)) for name in (field.model._meta.db_table, field.column))  # noqa: SLF001 -- Django's public name
    return f"SELECT * FROM (SELECT {number}, {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1) AS one"  # noqa: S608 -- quoted names of our own models


def _posts() -> Iterator[Ailment]:
    posts = [role for role in roles().values() if role.post]
    held = Grant.objects.filter(role__in=[role.code for role in posts], account__is_active=True)
    now, later = (
        set(held.filter(in_force(on)).values_list("role", flat=True)) for on in (localdate(), localdate() + timedelta(days=_NOTICE_DAYS))
    )
    for role in posts:
        if role.code not in now:
            en = f"nobody is {role.en}: keheng appoint, or a grant"
            yield Ailment("posts", False, f"没有{role.zh}，请执行 keheng appoint 或申请授权", en)
        elif role.code not in later:
            en = f"the last {role.en} ends within {_NOTICE_DAYS} days: renew the grant"
            yield Ailment("posts", False, f"{role.zh}的授权 {_NOTICE_DAYS} 天内到期，请续期", en)


def _demo() -> Iterator[Ailment]:
    if is_demo() and uses_https():
        yield Ailment("demo", True, "演示城市不能对外服务：它的密码是公开的", "the demo city must not be served: its passwords are public")


def _plugins() -> Iterator[Ailment]:
    for sentence in plugins.problems():
        zh, en = sentence.split(" / ", maxsplit=1)
        yield Ailment("plugins", True, f"{zh}；请检查 KEHENG_PLUGINS 和已安装的插件", f"{en}: look at KEHENG_PLUGINS")


def _seconds_since(at: str | None) -> float:
    return time.time() - datetime.fromisoformat(at).timestamp() if at else 0.0
