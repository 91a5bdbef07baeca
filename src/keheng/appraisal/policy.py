"""Scoring policies as data: versioned, dated, with the clauses they rest on.

A policy file may name a ``base``; its top-level keys then replace those of the base. Meaning comes from ids and flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from keheng.appraisal.definitions import definitions_folder, load_definition
from keheng.appraisal.model import EvaluationForm, FormKind

_DEFAULT = "mof-2020"
# How a clause is shown by its standing: read in a public text, printed on published forms, or still to be confirmed.
_MARKS = {"confirmed": "", "printed": "（表内印制）", "unconfirmed": "（待核）"}


class PolicyError(ValueError):
    """A policy file that cannot be used; the message lists every problem at once."""


@dataclass(frozen=True, slots=True)
class Level:
    """A qualitative level: its words and its share of the weight, from (inclusive) to (exclusive but for the top)."""

    id: str
    words: tuple[str, ...]
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class RateBand:
    """Execution points by rate: from ``start`` (inclusive) up to ``stop`` (exclusive, None for no end)."""

    start: Decimal
    stop: Decimal | None
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ExecutionPolicy:
    """How budget execution scores: ``kind`` is linear, banded or unknown; rounding is (mode, places)."""

    points: Decimal
    kind: str
    bands: tuple[RateBand, ...]
    rate_round: tuple[str, int]
    score_round: tuple[str, int]
    over_severity: str


@dataclass(frozen=True, slots=True)
class Section:
    """A level-1 section with its usual points; None when it counts within another."""

    labels: tuple[str, ...]
    points: Decimal | None
    counts_in: str | None
    id: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One scoring policy; ``unmet`` is proportional, zero or none, ``over_action`` flag, deduct or zero."""

    id: str
    version: int
    names: Mapping[str, str]
    clause: str
    templates: tuple[str, ...]
    years: tuple[int, int]
    sections: tuple[Section, ...]
    execution: ExecutionPolicy
    unmet: str
    over_ratio: Decimal
    over_action: str
    over_points: Decimal
    levels: tuple[Level, ...]
    grades: tuple[tuple[str, Decimal], ...]
    grade_names: Mapping[str, str]
    caps: tuple[tuple[Decimal, Decimal], ...]
    total_round: tuple[str, int]
    thresholds: Mapping[str, Decimal]
    rules: Mapping[str, Mapping[str, Any]]

    def threshold(self, name: str) -> Decimal:
        """A threshold by its name in ``tolerances.json``, as this policy sets it."""
        return self.thresholds[name]

    def rule_on(self, code: str) -> bool:
        """Whether the rule of an audit code runs under this policy."""
        return bool(self.rules.get(code, {}).get("on", True))


def policy_ids() -> list[str]:
    """The ids of all policies that are shipped."""
    return sorted(path.stem for path in (definitions_folder() / "policies").glob("*.json"))


@cache
def load_policy(policy_id: str) -> Policy:
    """The policy with this id; PolicyError when there is none or its file does not hold together."""
    if policy_id not in policy_ids():
        raise PolicyError(f"没有计分政策 {policy_id}，可用：{'、'.join(policy_ids())}")
    return build_policy(_merged(policy_id))


def _merged(policy_id: str) -> dict[str, Any]:
    data: dict[str, Any] = dict(load_definition(f"policies/{policy_id}.json"))
    base = data.get("base")
    return {**_merged(base), **data} if base else data


def build_policy(data: Mapping[str, Any]) -> Policy:
    """A policy from its merged JSON value; PolicyError names every problem."""
    problems = _problems(data)
    if problems:
        raise PolicyError(f"{data.get('id', '?')}: " + "; ".join(problems))
    thresholds = {**load_definition("tolerances.json")["thresholds"], **data["thresholds"]}
    over = data["quant"]["over"]
    return Policy(
        id=data["id"],
        version=data["version"],
        names=data["name"],
        clause="；".join(cite["text"] + _MARKS[cite["status"]] for cite in data["cite"]),
        templates=tuple(data["applies"]["templates"]),
        years=tuple(data["applies"]["years"]),
        sections=tuple(_section(entry) for entry in data["sections"]),
        execution=_execution(data["exec"]),
        unmet=data["quant"]["unmet"],
        over_ratio=Decimal(over["ratio"]),
        over_action=over["action"],
        over_points=Decimal(over.get("points", "0")),
        levels=tuple(Level(e["id"], tuple(e["words"]), Decimal(e["from"]), Decimal(e["to"])) for e in data["qual"]),
        grades=tuple((name, Decimal(line)) for name, line in data["grades"]),
        grade_names=data["grade_names"],
        caps=tuple((Decimal(cap["below"]), Decimal(cap["at_most"])) for cap in data["caps"]),
        total_round=(data["total_round"][0], data["total_round"][1]),
        thresholds={name: Decimal(value) for name, value in thresholds.items()},
        rules=data["rules"],
    )


def _section(entry: Mapping[str, Any]) -> Section:
    points = entry.get("points")
    return Section(tuple(entry["labels"]), Decimal(points) if points else None, entry.get("counts_in"), entry["id"])


def _execution(data: Mapping[str, Any]) -> ExecutionPolicy:
    bands = tuple(
        RateBand(Decimal(b["from"]), Decimal(b["to"]) if b["to"] else None, Decimal(b["low"]), Decimal(b["high"]))
        for b in data["rule"].get("bands", [])
    )
    rate, score, kind = data["rate_round"], data["score_round"], data["rule"]["type"]
    return ExecutionPolicy(Decimal(data["points"]), kind, bands, (rate[0], rate[1]), (score[0], score[1]), data["over_severity"])


_KEYS = (
    "id",
    "version",
    "name",
    "cite",
    "applies",
    "sections",
    "exec",
    "quant",
    "qual",
    "grades",
    "grade_names",
    "caps",
    "total_round",
    "thresholds",
    "rules",
)
_CHOICES = {
    "exec.rule.type": ("linear", "banded", "unknown"),
    "quant.unmet": ("proportional", "zero", "none"),
    "quant.over.action": ("flag", "deduct", "zero"),
    "rounding": ("half_up", "down", "up"),
    "cite.status": tuple(_MARKS),
}


def _problems(data: Mapping[str, Any]) -> list[str]:
    problems = [f"缺少 {key}" for key in _KEYS if key not in data]
    if problems:
        return problems
    rounding = (data["exec"]["rate_round"], data["exec"]["score_round"], data["total_round"])
    chosen = [
        ("exec.rule.type", data["exec"]["rule"]["type"]),
        ("quant.unmet", data["quant"]["unmet"]),
        ("quant.over.action", data["quant"]["over"]["action"]),
        *(("rounding", mode) for mode, _ in rounding),
        *(("cite.status", cite["status"]) for cite in data["cite"]),
    ]
    problems += [f"{what} 不能是 {value}" for what, value in chosen if value not in _CHOICES[what]]
    problems += [f"定性档 {e['id']}: from {e['from']} 应不大于 to {e['to']}" for e in data["qual"] if not _rising(e["from"], e["to"])]
    bands = data["exec"]["rule"].get("bands", [])
    problems += [f"分档 {band['from']}: low 应不大于 high" for band in bands if not _rising(band["low"], band["high"])]
    problems += _gaps_in_bands(data["exec"]["rule"])
    lines = [line for _, line in data["grades"]]
    if lines and (lines[-1] != "0" or not _rising(*reversed(lines))):
        problems.append("等级线应由高到低，最后一档为 0")
    if not _rising(*(cap["at_most"] for cap in data["caps"])) or not _rising(*(cap["below"] for cap in data["caps"])):
        problems.append("封顶应由低到高")
    ids = [section["id"] for section in data["sections"]]
    problems += [f"部分 {s['id']} 归入的 {s['counts_in']} 不存在" for s in data["sections"] if s.get("counts_in", s["id"]) not in ids]
    known = load_definition("tolerances.json")["thresholds"]
    return problems + [f"未知阈值 {name}" for name in data["thresholds"] if name not in known]


def _gaps_in_bands(rule: Mapping[str, Any]) -> list[str]:
    """Every rate from 0 upwards must belong to exactly one band."""
    if rule["type"] != "banded":
        return []
    bands = sorted(rule.get("bands", []), key=lambda band: Decimal(band["from"]))
    edges = [band["to"] for band in bands]
    wanted = [band["from"] for band in bands[1:]]
    return [] if bands and bands[0]["from"] == "0" and edges == [*wanted, None] else ["执行率分档应从 0 起首尾相接，末档不封顶"]


def _rising(*numbers: str) -> bool:
    try:
        values = [Decimal(number) for number in numbers]
    except InvalidOperation:
        return False
    return values == sorted(values)


def choose_policy(form: EvaluationForm) -> Policy:
    """The policy in force for a form: by its template, else by its kind, else the national default."""
    return _for_template(form.template, form.kind)


@cache
def _for_template(template: str, kind: FormKind) -> Policy:
    wanted = template if kind is FormKind.SELF_EVALUATION else kind.value
    for policy_id in policy_ids():
        policy = load_policy(policy_id)
        if wanted in policy.templates:
            return policy
    return load_policy(_DEFAULT)
