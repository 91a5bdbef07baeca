"""How fast every list of the workbench is with a million rows in it: whole pages, every sort, on and back, filtered, searched.

``python benchmarks/lists.py [--scale small|full] [--only CODE]``; PostgreSQL where ``DATABASE_URL`` leads
(``tools/with_postgres.sh`` starts one), else SQLite in a temporary folder. The demo city's records are multiplied, one list after the
other, so that rows are as varied as they are. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
if __name__ == "__main__":
    os.environ.setdefault("KEHENG_DATA", tempfile.mkdtemp())
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

    import django

    django.setup()

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from keheng.access.models import Account
from keheng.site import demo_city

ROWS = {"small": 2_000, "full": 1_000_000}
LIMIT, P95, DEEP = 200.0, 0.95, 5


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the model whose rows are multiplied, its page, who opens it."""

    model: str
    page: str
    login: str


LISTS = {
    "desk.tasks": Listed("desk.Task", "desk:desk", "demo.case.officer"),
    "desk.messages": Listed("desk.Message", "desk:messages", "demo.unit.manager"),
    "desk.deliveries": Listed("desk.Delivery", "desk:deliveries", "demo.system.admin"),
    "directory.people": Listed("directory.Person", "directory:people", "demo.case.officer"),
    "access.accounts": Listed("access.Account", "access:accounts", "demo.system.admin"),
    "portal.articles": Listed("portal.Article", "manage:articles", "demo.editor"),
    "portal.feedback": Listed("portal.Feedback", "manage:feedback-list", "demo.editor"),
    "portal.activities": Listed("portal.Activity", "manage:activities", "demo.organiser"),
    "portal.pushes": Listed("portal.Push", "manage:pushes", "demo.editor"),
    "matters.cases": Listed("matters.Case", "casework:queue", "demo.case.officer"),
    "performance.outside": Listed("performance.OutsideFigure", "performance:outside", "demo.finance"),
    "site.jobs": Listed("kernel.Job", "site:jobs", "demo.system.admin"),
    "site.trail": Listed("kernel.AuditEntry", "site:trail", "demo.audit.admin"),
}


def multiply(model: Any, count: int) -> None:
    """Bring a table to so many rows by copies of those that are there, earlier by a minute each, unique texts told apart."""
    meta = model._meta  # noqa: SLF001 -- Django's public name for what a model is
    there = model._base_manager.count()  # noqa: SLF001 -- as above, of all rows
    if not there:
        raise SystemExit(f"{meta.label}: the demo city has no row of it")
    fields = [field for field in meta.concrete_fields if not (field.primary_key and isinstance(field, models.AutoField))]
    quoted = connection.ops.quote_name
    series = {
        "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s)",
        "postgresql": "WITH s(n) AS (SELECT n::bigint FROM generate_series(1, %s) AS n)",
    }[connection.vendor]
    names = ", ".join(quoted(field.column) for field in fields)
    told_apart = _told_apart(meta)
    values = ", ".join(_copied(field, quoted(field.column), quoted(meta.pk.column), told_apart) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{series} INSERT INTO {quoted(meta.db_table)} ({names}) SELECT {values} FROM {quoted(meta.db_table)} CROSS JOIN s",  # noqa: S608 -- names of our own tables
            [-(-count // there) - 1 or 1],
        )
        cursor.execute("ANALYZE")


def _told_apart(meta: Any) -> frozenset[str]:
    """Texts in which copies differ: unique ones, and the last text of what is unique together."""
    groups = [one.fields for one in meta.constraints if isinstance(one, models.UniqueConstraint)] + list(meta.unique_together)
    texts = {field.name for field in meta.concrete_fields if isinstance(field, models.CharField | models.TextField)}
    alone = {name for name in texts if meta.get_field(name).unique}
    return frozenset(
        alone | {[name for name in group if name in texts][-1] for group in groups if texts & set(group) and not alone & set(group)}
    )


def _copied(field: models.Field[Any, Any], column: str, key: str, told_apart: frozenset[str]) -> str:
    if field.name in told_apart:
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE 'b' || {key} || '-' || n END"
    if isinstance(field, models.DateTimeField):
        if connection.vendor == "sqlite":
            return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {column}, '-' || n || ' minutes')"
        return f"{column} - n * interval '1 minute'"
    return column


class Looking:
    """Somebody who looks through a list; keeps how long each page took, in milliseconds, by what was asked."""

    def __init__(self, one: Listed) -> None:
        self.client, self.url = Client(headers={"host": "localhost"}), reverse(one.page)
        self.client.force_login(Account.objects.get(login=one.login))
        self.times: dict[str, list[float]] = {}

    def page(self, what: str, query: str) -> Any:
        """Open a page of the list."""
        begin = time.perf_counter()
        answer = self.client.get(f"{self.url}{query}")
        self.times.setdefault(what, []).append((time.perf_counter() - begin) * 1e3)
        if answer.status_code != 200:  # noqa: PLR2004 -- the page itself
            raise SystemExit(f"{self.url}{query}: {answer.status_code}")
        return answer.context["table"]

    def all_pages(self) -> None:
        """Every sort in both directions, some pages on and back; every choice of every filter, a word that is there and one that is not."""
        self.page("warming", "")
        self.times.clear()
        first = self.page("first", "")
        for head in first.heads:
            if head.url:
                self._through(self.page("sorted", head.url))
                self._through(self.page("sorted", f"?sort=-{head.column.code}"))
        for name, value in _asked(first):
            self.page("filtered", f"?{name}={value}")

    def _through(self, shown: Any) -> None:
        for _ in range(DEEP):
            if not shown.after_url:
                return
            shown = self.page("on", shown.after_url)
        if shown.before_url:
            self.page("back", shown.before_url)


def _asked(shown: Any) -> Iterator[tuple[str, str]]:
    for box in shown.boxes:
        if box.options:
            yield from ((box.name, value) for value, _ in box.options if value)
        elif box.asked.filter.kind == "text":
            yield from ((box.name, word) for word in ("云岭", "不存在的词"))


def measured(code: str, count: int) -> dict[str, object]:
    """One list: its promise."""
    one, began = LISTS[code], time.perf_counter()
    multiply(apps.get_model(one.model), count)
    filled, looking = time.perf_counter() - began, Looking(one)
    looking.all_pages()
    every = sorted(took for some in looking.times.values() for took in some)
    worst = {what: round(max(some)) for what, some in looking.times.items()}
    p95 = every[min(int(len(every) * P95), len(every) - 1)]
    print(f"{code:22} filled in {filled:5.0f} s  {len(every):4} pages  p95 {p95:7.1f} ms  slowest {worst}", flush=True)
    return {"name": f"{code}: p95 of a page, ms", "limit": LIMIT, "measured": round(p95, 1), "holds": p95 < LIMIT}


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(ROWS), default="small")
    parser.add_argument("--only", choices=list(LISTS), action="append")
    given = parser.parse_args()
    settings.ALLOWED_HOSTS = ["localhost"]
    setup_test_environment(debug=False)
    demo_city.load("small")
    found = [measured(code, ROWS[given.scale]) for code in given.only or LISTS]
    said = {
        "benchmark": "lists", "database": connection.vendor, "rows": ROWS[given.scale], "cores": os.cpu_count(),
        "machine_load": round(os.getloadavg()[0], 1), "promises": found,
    }  # fmt: skip
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
