"""The indicator library and the other definitions: names, classes, units, typical targets, and what proves each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from keheng.appraisal.definitions import load_definition
from keheng.kernel.definitions import definitions_folder


@dataclass(frozen=True, slots=True)
class Known:
    """An indicator of the library. ``grows`` tells how a year's value comes about: a sum, a level at a date, or a rate."""

    key: str
    title: str
    level1: str
    level2: str
    kind: str
    unit: str
    direction: str
    op: str
    grows: str
    targets: tuple[str, ...]
    measure: str
    scope: Mapping[str, str]
    evidence: str
    source: tuple[str, ...]


@cache
def library() -> Mapping[str, Known]:
    """Every indicator by its key."""
    found: dict[str, Known] = {}
    for path in sorted((definitions_folder("performance") / "indicators").glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8"))["indicators"]:
            facts = {**entry, "title": entry["name"], "targets": tuple(entry["targets"]), "source": tuple(entry["source"])}
            del facts["name"]
            if entry["key"] in found:
                raise ValueError(f"{path.name} names again: {entry['key']}")
            found[entry["key"]] = Known(**facts)
    return found


@cache
def by_title() -> Mapping[str, Known]:
    """Every indicator by its usual name."""
    return {one.title: one for one in library().values()}


@cache
def classes() -> Mapping[str, Any]:
    """The levels with their labels, which differ between templates."""
    return _read("classes.json")


@cache
def policy() -> Mapping[str, Any]:
    """What may change by habit: lamps, stages of monitoring, sampling."""
    return _read("policy.json")


@cache
def certificates() -> Mapping[str, Any]:
    """Whose certificates of load are taken, and which figures are read from them."""
    return _read("certificates.json")


@cache
def column_names() -> Mapping[str, str]:
    """What columns of evidence are called on pages."""
    return _read("columns.json")


@cache
def act_names() -> Mapping[str, str]:
    """What acts on the records behind figures are called on pages."""
    return _read("acts.json")


@cache
def field_names() -> Mapping[str, str]:
    """What typed texts are called in refusals, by their field."""
    return _read("fields.json")


def _read(name: str) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((definitions_folder("performance") / name).read_text(encoding="utf-8"))
    return found


def label_of(level: str, code: str, layout: str = "") -> str:
    """The label of a class in a template; '' for none."""
    entry = classes()[level].get(code, {})
    return str(entry.get(layout) or entry.get("zh", ""))


def code_of(level: str, label: str) -> str:
    """The class of a printed label, without its points; '' for an unknown one."""
    plain = label.replace("（", "(").partition("(")[0].strip()
    return next((code for code, entry in classes()[level].items() if plain in _labels(entry)), "")


def _labels(entry: Mapping[str, str]) -> Iterable[str]:
    return (text for name, text in entry.items() if name != "within")


@cache
def layouts() -> Mapping[str, Mapping[str, Any]]:
    """The official layouts that forms can be written in."""
    names = sorted(path.stem for path in (definitions_folder("appraisal") / "layouts").glob("*.json"))
    return {name: load_definition(f"layouts/{name}.json") for name in names}


_LAYOUT_NAMES = {
    "mof": "财政部通用表",
    "sh-2019-a": "上海 2019（无评分规则列）",
    "sh-2019-b": "上海 2019（有评分规则列）",
    "sh-2020": "上海 2020",
    "sh-2022": "上海 2022",
    "sh-2023": "上海 2023",
    "sichuan": "四川",
    "yunnan": "云南",
}


def layout_choices() -> list[tuple[str, str]]:
    """Layouts with their names."""
    return [(name, _LAYOUT_NAMES.get(name, name)) for name in layouts()]


def keeps_execution_row(layout: str) -> bool:
    """Whether budget execution is a row of the indicator table, as in the templates of 2019."""
    return layout in policy()["execution_row"]["weight_in_table"]
