"""Certificates of load: what was measured, of which build, on which data and machine, signed; JSON that indicators can cite."""

import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from web_driver import Told, percentile
from web_signature import signed

ROOT = Path(__file__).resolve().parents[1]


def circumstances() -> dict[str, Any]:
    """Everything a figure depends on."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607 -- the git on the path
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607 -- as above, on the path
    driver = b"".join((ROOT / "benchmarks" / name).read_bytes() for name in ("web.py", "web_driver.py", "web_pages.py"))
    said = {name: repr(getattr(settings, name)) for name in ("MIDDLEWARE", "INSTALLED_APPS", "CACHES") if hasattr(settings, name)}
    return {
        "build": commit,
        "build_changed": bool(changed),
        "lock_sha256": hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest(),
        "settings_sha256": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        "driver_sha256": hashlib.sha256(driver).hexdigest(),
        "database": database(),
        "rows": rows(),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.processor() or platform.machine(),
            "memory_kb": _memory(),
            "loop_seconds": loop_seconds(),
        },
        "python": sys.version.split()[0],
    }


def database() -> str:
    """Kind and version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        return f"{connection.vendor} {str(cursor.fetchone()[0]).removeprefix('PostgreSQL ').split()[0]}"


def rows() -> dict[str, int]:
    """How many rows each table of ours holds, the empty ones left out."""
    counts = {model._meta.label: model._base_manager.count() for model in apps.get_models() if model.__module__.startswith("keheng")}  # noqa: SLF001 -- Django's public name for what a model is
    return {label: count for label, count in sorted(counts.items()) if count}


def loop_seconds() -> float:
    """How long two million additions take now: a shared machine is not always as fast, and a figure is worth what it was measured on."""
    began, total = time.perf_counter(), 0
    for number in range(2_000_000):
        total += number
    return round(time.perf_counter() - began, 3)


def _memory() -> int:
    return int(Path("/proc/meminfo").read_text(encoding="ascii").split()[1])


def certificate(kind: str, many: int, began: datetime, told: Told, about: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One certificate. ``kind`` is U1 (users who think), U2 (requests in flight) or U3 (as many as it takes)."""
    waits = told.all_waits()
    body: dict[str, Any] = {
        "kind": kind,
        "many": many,
        "began": began.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "requests": len(waits),
        "requests_a_second": round(len(waits) / told.seconds, 1),
        "errors": told.errors(),
        "faults": told.faults[:5],
        "milliseconds": {
            name: round(percentile(waits, share), 1) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
        },
        "p95_by_kind": {name: round(percentile(sorted(found), 0.95), 1) for name, found in sorted(told.waits.items())},
        **more,
        "circumstances": about,
    }
    return signed(body)
