"""The table of all indicators for the guide: what each is counted in, usual targets, and what proves it."""

from __future__ import annotations

from keheng.performance.enums import EvidenceKind
from keheng.performance.queries.readings import measure_of
from keheng.performance.rules.library import Known, label_of, library

_HEAD = """# 指标库 Indicators

已公布自评表（2019、2022、2023 年）中的全部指标：名称、单位和目标，以及由哪个系统指标或哪种依据证明。
本页由 `tests/performance/test_library.py` 生成（`KEHENG_WRITE_GUIDE=1`），数据在 `definitions/performance/indicators/`。

| 编号 | 指标 | 类别 | 单位 | 方向 | 常见目标 | 证明 |
|---|---|---|---|---|---|---|
"""
_WAYS = {"more": "越高越好", "less": "越低越好", "either": "不判断"}


def guide() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(_line(one) for one in library().values())


def _line(one: Known) -> str:
    labels = " · ".join(filter(None, (label_of("level1", one.level1), label_of("level2", one.level2))))
    targets = "、".join(one.targets) or "—"
    return f"| {one.key} | {one.title} | {labels} | {one.unit or '—'} | {_WAYS[one.direction]} | {targets} | {_proof(one)} |\n"


def _proof(one: Known) -> str:
    measure = measure_of(one.measure) if one.measure else None
    if measure is None:
        return EvidenceKind(one.evidence).label
    scope = "，".join(f"{name}={value}" for name, value in one.scope.items())
    return f"`{measure.code}`" + (f"（{scope}）" if scope else "")
