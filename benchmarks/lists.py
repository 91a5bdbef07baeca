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
from dataclasses import dataclass, field
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
# How many pages on from the first of each sort.
DEEP = {"small": 1, "full": 5}
LIMIT, P95 = 200.0, 0.95
# Minutes of two years, each met once.
_SPREAD = "n * 521 %% 1051200"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the model whose rows are multiplied, its page, who opens it.

    ``of`` names records that have but one such row, each with the ways to it; the first of them is multiplied, then one row
    after the other is laid beside it. ``fixed`` are columns that copies have otherwise, ``like`` the rows that may be copied.
    """

    model: str
    page: str
    login: str
    of: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fixed: dict[str, str] = field(default_factory=dict)
    like: str = "1 = 1"


# What a name says of a person in the city it does not say of a copy: those begin with another letter.
_NAME = '{letter}(CAST(19968 + (n * 7919) %% 20000 AS integer)) || substr("{name}", 2)'
VARIED = {"directory.Person": {name: _NAME.replace("{name}", name) for name in ("name", "name_plain")}}
LETTER = {"sqlite": "char", "postgresql": "chr"}

LISTS = {
    "desk.tasks": Listed("desk.Task", "desk:desk", "demo.case.officer"),
    "desk.messages": Listed("desk.Message", "desk:messages", "demo.unit.manager"),
    "desk.deliveries": Listed(
        "desk.Delivery", "desk:deliveries", "demo.system.admin", of=(("desk.Message", ()), ("desk.Delivery", ("message",)))
    ),
    "directory.people": Listed("directory.Person", "directory:people", "demo.case.officer"),
    "directory.experts": Listed(
        "directory.Expert", "directory:experts", "demo.case.officer", of=(("directory.Person", ()), ("directory.Expert", ("person",)))
    ),
    "access.accounts": Listed("access.Account", "access:accounts", "demo.system.admin"),
    "access.grants": Listed(
        # Whoever held thousands of them would wait for their own: each to an account of its own.
        "access.Grant",
        "access:grants",
        "demo.security.admin",
        of=(("access.Account", ()), ("access.Grant", ("account",))),
    ),
    # Of an article there is one translation for each language: articles that are none.
    "portal.articles": Listed("portal.Article", "manage:articles", "demo.editor", fixed={"original": "NULL", "language": '"language"'}),
    "portal.feedback": Listed("portal.Feedback", "manage:feedback-list", "demo.editor"),
    "portal.activities": Listed("portal.Activity", "manage:activities", "demo.organiser"),
    "portal.pushes": Listed("portal.Push", "manage:pushes", "demo.editor"),
    "matters.cases": Listed("matters.Case", "casework:queue", "demo.case.officer"),
    "portal.visits": Listed(
        # A hall receives one group at a time: groups that did not come after all.
        "portal.Visit",
        "manage:receptions",
        "demo.organiser",
        fixed={"state": "CASE n %% 2 WHEN 0 THEN 'refused' ELSE 'cancelled' END"},
    ),
    "matters.payments": Listed(
        "matters.Instalment",
        "casework:payments",
        "demo.leader",
        like="paid_for_id IS NULL",
        of=(("matters.Case", ()), ("matters.Funding", ("root", "contract")), ("matters.Instalment", ("funding",))),
    ),
    "matters.packages": Listed(
        "matters.Package", "casework:archive", "demo.case.officer", of=(("matters.Case", ()), ("matters.Package", ("case",)))
    ),
    "review.hits": Listed("review.CopyHit", "review:hits", "demo.case.officer", of=(("review.KeptText", ()), ("review.CopyHit", ("one",)))),
    "performance.outside": Listed("performance.OutsideFigure", "performance:outside", "demo.finance"),
    "site.jobs": Listed("kernel.Job", "site:jobs", "demo.system.admin"),
    "site.trail": Listed("kernel.AuditEntry", "site:trail", "demo.audit.admin"),
}

# Registered lists that are not measured here, and why.
ELSEWHERE = {
    "directory.organisations": "ground.py, with a million of them",
    "matters.analysed": "cases.py: the cases of the queue, counted",
    "matters.waiting": "the cases of one's own tasks",
    "matters.due": "packages past their term, which are destroyed every year",
    "matters.disposals": "a handful of proposals a year",
    "matters.destructions": "what those destroyed",
    "matters.policy_units": "policies.py: the units of one policy",
    "matters.policy_told": "policies.py: who was told of one policy",
    "matters.policy_cases": "the cases of one policy, by the indexes of the queue",
    "matters.follow_ups": "one for each bad rating, open for days: some hundreds a year",
    "review.rounds": "some dozens a year",
    "performance.projects": "some hundreds a year",
    "review.experts": "whoever was called to review within reach",
    "portal.registrations": "those of one event",
    "portal.surveys": "some dozens a year",
    "portal.media": "some hundreds a year",
    "personal.requests": "as many as people ask for their data: some a year",
}


def fill(one: Listed, count: int) -> None:
    """Bring a list to so many rows, what its rows belong to before them."""
    for model, ways in one.of:
        if ways:
            lay_beside(apps.get_model(model), ways, one.like if model == one.model else "1 = 1")
        elif apps.get_model(model)._base_manager.count() < count:  # noqa: SLF001 -- Django's public name, of all rows
            multiply(apps.get_model(model), count)
    if not one.of:
        multiply(apps.get_model(one.model), count, one.fixed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def multiply(model: Any, count: int, fixed: dict[str, str] | None = None) -> None:
    """Bring a table to so many rows by copies of those that are there, somewhere in the two years before them, unique texts told apart.

    Copies of one row are as far from each other as those of others, in time and in the order they come in: laid side by side they
    would stand together at one end of every list, which no city's rows do.
    """
    meta = model._meta  # noqa: SLF001 -- Django's public name for what a model is
    there = model._base_manager.count()  # noqa: SLF001 -- as above, of all rows
    if not there:
        raise SystemExit(f"{meta.label}: the demo city has no row of it")
    series = {
        "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s)",
        "postgresql": "WITH s(n) AS (SELECT n::bigint FROM generate_series(1, %s) AS n)",
    }[connection.vendor]
    varied = {name: how.replace("{letter}", LETTER[connection.vendor]) for name, how in VARIED.get(meta.label, {}).items()}
    names, values, table = _columns(meta, varied | (fixed or {}), _told_apart(meta))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{series} INSERT INTO {table} ({names}) SELECT {values} FROM s CROSS JOIN {table} ORDER BY n",  # noqa: S608 -- names of our own tables
            [-(-count // there) - 1 or 1],
        )


def lay_beside(model: Any, ways: tuple[str, ...], like: str) -> None:
    """A row for every record that has none in any way yet, by turns a copy of those that are there; all ways lead to that record."""
    meta = model._meta  # noqa: SLF001 -- Django's public name for what a model is
    quoted = connection.ops.quote_name
    owned = meta.get_field(ways[0]).related_model
    owner = quoted(owned._meta.db_table)  # noqa: SLF001 -- Django's public name for what a model is
    # The record it belongs to tells a copy apart.
    names, values, table = _columns(meta, dict.fromkeys(ways, "n"), frozenset())
    taken = [quoted(one.column) for one in meta.concrete_fields if one.related_model is owned]
    free = " AND ".join(f"id NOT IN (SELECT {column} FROM {table} WHERE {column} IS NOT NULL)" for column in taken)  # noqa: S608 -- names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {like}")  # noqa: S608 -- names of our own tables
        if not (there := cursor.fetchone()[0]):
            raise SystemExit(f"{meta.label}: the demo city has no row of it")
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM "  # noqa: S608 -- names of our own tables
            f"(SELECT id AS n FROM {owner} WHERE {free}) AS owners JOIN "
            f"(SELECT *, row_number() OVER (ORDER BY id) - 1 AS turn FROM {table} WHERE {like}) AS rows_there ON turn = n %% %s",
            [there],
        )


def _columns(meta: Any, fixed: dict[str, str], told_apart: frozenset[str]) -> tuple[str, str, str]:
    """Names of the columns, what a copy has in each, and the table, as SQL; ``n`` tells copies apart."""
    quoted = connection.ops.quote_name
    fields = [one for one in meta.concrete_fields if not (one.primary_key and isinstance(one, models.AutoField))]
    values = [fixed.get(one.name) or _copied(one, quoted(one.column), quoted(meta.pk.column), told_apart) for one in fields]
    return ", ".join(quoted(one.column) for one in fields), ", ".join(values), quoted(meta.db_table)


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
            return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {column}, '-' || ({_SPREAD}) || ' minutes')"
        return f"{column} - ({_SPREAD}) * interval '1 minute'"
    return column


class Looking:
    """Somebody who looks through a list; keeps how long each page took, in milliseconds, by what was asked."""

    def __init__(self, one: Listed, deep: int) -> None:
        self.deep = deep
        self.client, self.url = Client(headers={"host": "localhost"}), reverse(one.page)
        account = Account.objects.get(login=one.login)
        self.client.force_login(account)
        # What only somebody sees who has just proven who it is.
        session = self.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
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
        for _ in range(self.deep):
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


def measured(code: str, scale: str) -> dict[str, object]:
    """One list: its promise."""
    one, began = LISTS[code], time.perf_counter()
    fill(one, ROWS[scale])
    filled, looking = time.perf_counter() - began, Looking(one, DEEP[scale])
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
    found = [measured(code, given.scale) for code in given.only or LISTS]
    said = {
        "benchmark": "lists", "database": connection.vendor, "rows": ROWS[given.scale], "cores": os.cpu_count(),
        "machine_load": round(os.getloadavg()[0], 1), "promises": found,
    }  # fmt: skip
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
