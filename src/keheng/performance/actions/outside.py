"""Figures that live outside come in as dated records: typed with their file, from a sheet, or from another system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.timezone import now

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.models import StoredFile
from keheng.kernel.spreadsheets import Column, Row, Sheet
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.kernel.uploads.receiving import clean_name
from keheng.performance.models import OutsideFigure
from keheng.performance.rules.lengths import long_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of a period (both days included); ``reference`` names the record at its origin."""

    key: str
    title: str
    measured_in: str
    value: Decimal
    begin: date
    last: date
    origin: str
    reference: str
    page: int | None = None


def figure_problems(figure: Figure) -> list[Problem]:
    """What is wrong with a figure by itself."""
    found = [
        problem("PERF_TITLE", name) for name in ("key", "title", "origin", "reference") if not getattr(figure, name).strip()
    ]  # fmt: skip
    if figure.last < figure.begin:
        found.append(problem("PERF_PERIOD", "last"))
    texts = {name: getattr(figure, name) for name in ("key", "title", "measured_in", "origin", "reference")}
    return found + long_problems(OutsideFigure, texts)


@act("outside.enter", Refused)
def enter_figure(
    *, actor: Actor, unit: int, figure: Figure, file: StoredFile | None, file_title: str = "", certificate: Mapping[str, str] | None = None,
) -> OutsideFigure:  # fmt: skip
    """Enter a figure with the file that shows it; without one it is refused. The same record again with the same value changes nothing.

    ``certificate``: what the figure depends on, where the file is a certificate that was verified.
    """
    found = figure_problems(figure)
    if file is None:
        raise Refused([*found, problem("PERF_FILE", "file")])
    if found:
        raise Refused(found)
    end = date.fromordinal(figure.last.toordinal() + 1)
    facts = {
        "title": figure.title.strip(), "measured_in": figure.measured_in.strip(), "value": figure.value, "begin": figure.begin, "end": end,
        "origin": figure.origin.strip(), "page": figure.page, "digest": file.digest, "file_title": clean_name(file_title),
        "certificate": certificate, "by": actor.account, "at": now(),
    }  # fmt: skip
    made, new = OutsideFigure.objects.get_or_create(
        unit_id=unit, key=figure.key.strip(), reference=figure.reference.strip(), defaults=facts
    )
    if not new and (made.value, made.begin, made.end) != (figure.value, figure.begin, end):
        raise Refused(problem("PERF_OUTSIDE_DIFFERS", "reference", reference=made.reference))
    record(
        "outside.enter", actor=actor, target=f"outside:{made.pk}", after=digest_of({"key": made.key, "value": str(made.value), "new": new})
    )
    return made


def figure_sheet() -> Sheet:
    """The sheet that is filled in and imported."""
    return Sheet("外部数据", (
        Column("key", "数据代码", required=True, longest=40),
        Column("title", "数据名称", required=True, longest=100),
        Column("value", "数值", "decimal", required=True),
        Column("measured_in", "单位", longest=20),
        Column("begin", "开始日期", "date", required=True),
        Column("last", "结束日期", "date", required=True),
        Column("origin", "来源", required=True, longest=200),
        Column("reference", "来源编号", required=True, longest=80),
        Column("page", "页码", "integer"),
    ), unique=("key", "reference"))  # fmt: skip


def figure_of(row: Row) -> Figure:
    """An imported row as a figure."""
    facts: dict[str, Any] = {**row.values, "measured_in": row.values["measured_in"] or ""}
    return Figure(**facts)


@act("outside.import", Refused)
def import_figures(*, actor: Actor, unit: int, figures: Iterable[Figure], file: StoredFile, file_title: str) -> int:
    """Enter every figure of a sheet, or none; the sheet itself is their file. How many."""
    count = 0
    for count, figure in enumerate(figures, 1):  # noqa: B007 -- the last number is how many there are
        enter_figure(actor=actor, unit=unit, figure=figure, file=file, file_title=file_title)
    record("outside.import", actor=actor, target=f"unit:{unit}", after=digest_of({"rows": count}))
    return count
