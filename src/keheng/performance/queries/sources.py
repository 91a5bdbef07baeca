"""What proves each row of a self-evaluation, as it is signed with the form, and what of it is not as it was signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from keheng.kernel.uploads.receiving import store
from keheng.performance.enums import EvidenceKind
from keheng.performance.models import EvaluationRow, Evidence, FrozenReading
from keheng.performance.queries.readings import measure_of, period_of

Facts = dict[str, Any]
_STATED = ("kind", "title", "dated_on", "digest", "file_title", "page", "sample", "population", "method", "by", "at")
_READ = ("code", "version", "begin", "end", "span", "scope", "value", "numerator", "denominator", "rows", "digest", "taken_at")
_NAMES = {
    "kind": "类型", "title": "名称", "dated_on": "日期", "digest": "文件", "file_title": "文件名", "page": "页码", "sample": "样本",
    "population": "调查对象总数", "method": "方法", "by": "登记人", "at": "登记时间",
}  # fmt: skip
_FILE_FAULTS = {"missing": "所附文件已不在存储中", "changed": "所附文件的内容已被改动"}


def sources_of(rows: Sequence[EvaluationRow]) -> Facts:
    """The sources of rows by place, each ``{"reading": facts or None, "stated": [facts]}``: what is signed with the form."""
    stated: dict[int, list[Facts]] = {}
    for one in Evidence.objects.filter(row__in=[row.pk for row in rows]).order_by("at", "pk"):
        stated.setdefault(one.row_id, []).append(_facts(one, _STATED))
    return {
        str(row.place): {"reading": _facts(row.reading, _READ) if row.reading else None, "stated": stated.get(row.pk, [])} for row in rows
    }


def _facts(record: Evidence | FrozenReading, names: Iterable[str]) -> Facts:
    """Fields as JSON holds them: days and moments as texts."""
    found = {name: getattr(record, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in found.items()}


def source_faults(then: Facts | None, now: Facts) -> list[str]:
    """What is not as it was signed in the sources of one row, in words; ``then`` is None where none were signed."""
    if then is None:
        return ["签发时没有冻结依据，无法核验"]
    found = [] if then["reading"] == now["reading"] else ["冻结的读数被改动"]
    found += _stated_faults(then["stated"], now["stated"])
    return found + file_faults(one["digest"] for one in now["stated"])


def _stated_faults(then: Sequence[Facts], now: Sequence[Facts]) -> list[str]:
    if len(then) != len(now):
        gone = [one["title"] for one in then if one not in now]
        more = [one["title"] for one in now if one not in then]
        parts = [f"少了“{title}”" for title in gone] + [f"多了“{title}”" for title in more]
        return [f"所附依据由 {len(then)} 份变为 {len(now)} 份：" + "，".join(parts)]
    return [
        f"“{old['title']}”的{_NAMES[name]}由 {_shown(name, old[name])} 变为 {_shown(name, new[name])}"
        for old, new in zip(then, now, strict=True)
        for name in _STATED
        if old[name] != new[name]
    ]


def _shown(name: str, value: object) -> str:
    if name == "kind":
        return str(dict(EvidenceKind.choices).get(str(value), value))
    return f"{str(value)[:12]}…" if name == "digest" and value else str(value or "空")


def file_faults(digests: Iterable[str]) -> list[str]:
    """What is wrong with kept files, each fault once; rows without a file have nothing wrong."""
    faults = (store().fault(digest) for digest in sorted({one for one in digests if one}))
    return list(dict.fromkeys(_FILE_FAULTS[fault] for fault in faults if fault))


def reading_file_faults(reading: FrozenReading) -> list[str]:
    """What is wrong with the files that the rows of a reading name."""
    measure = measure_of(reading.code)
    if measure is None or measure.records is None or not measure.records.file:
        return []
    column = measure.records.file
    return file_faults(str(row.get(column) or "") for row in measure.evidence(period_of(reading), dict(reading.scope)))


def signed_of(form: Mapping[str, object], sources: Facts | None) -> Mapping[str, object]:
    """What a signature is over: the form with the sources of its rows; forms of before had the form alone."""
    return form if sources is None else {"form": form, "sources": sources}
