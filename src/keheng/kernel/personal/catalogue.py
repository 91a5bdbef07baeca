"""What personal data are held, why, on which basis and how long: data, checked against every field of every model.

个人信息保护法 art. 13 and 34 (purpose and basis), 17 (notice), 19 (term), 28 (sensitive), 55 and 56 (impact assessment). Each package
lists its models in ``definitions/<package>/personal_data.json``::

    {"directory.Person": {
        "title_zh": "人员",
        "fields": {"phone": {"kind": "phone", "class": "ordinary", "purpose_zh": "…", "purpose_en": "…", "basis": "…", "keep": "rule"}},
        "not_personal": ["status"], "why": {"name_of_unit": "an organisation's name"}}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import AutoField, BigAutoField, Model, SmallAutoField

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.personal.masks import MASKS
from keheng.kernel.personal.retention_rules import rules

ORDINARY, SENSITIVE = "ordinary", "sensitive"
_SMELL = re.compile(r"phone|mobile|mail|id_?(number|card|no$)|passport|address|birth|born|surname|(^|_)name(_|$)|contact|login")
_CITED = re.compile(r"art\. ?\d|第.+条")


@dataclass(frozen=True, slots=True)
class Entry:
    """One personal field: its kind (a mask), class, purpose, legal basis, retention rule and impact assessment where one is needed."""

    label: str
    field: str
    kind: str
    classed: str
    purpose_zh: str
    purpose_en: str
    basis: str
    keep: str
    assessment: str

    @property
    def blocked(self) -> bool:
        """A sensitive field without an impact assessment on record must not be used (art. 55)."""
        return self.classed == SENSITIVE and self.assessment not in assessments()


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of one model, with a title for the public: personal ones by name, the others, and why some of those are none."""

    label: str
    title: str
    fields: Mapping[str, Entry]
    not_personal: frozenset[str]
    why: Mapping[str, str]


@cache
def catalogue() -> Mapping[str, Table]:
    """Tables by model label, from all packages; raises ValueError when two files list one model."""
    known: dict[str, Table] = {}
    for file in sorted(definitions_folder("kernel").parent.glob("*/personal_data.json")):
        for label, content in json.loads(file.read_text(encoding="utf-8")).items():
            if label in known:
                raise ValueError(f"{file.parent.name}/personal_data.json lists again: {label}")
            known[label] = table_of(label, content)
    return known


def table_of(label: str, content: Mapping[str, Any]) -> Table:
    """A table from its JSON; what is missing is empty and found by ``problems``."""
    fields = {
        name: Entry(
            label, name, one.get("kind", ""), one.get("class", ""), one.get("purpose_zh", ""), one.get("purpose_en", ""),
            one.get("basis", ""), one.get("keep", ""), one.get("assessment", ""),
        )
        for name, one in content.get("fields", {}).items()
    }  # fmt: skip
    return Table(label, content.get("title_zh", label), fields, frozenset(content.get("not_personal", [])), content.get("why", {}))


def entry_of(label: str, field: str) -> Entry:
    """The entry of a personal field; raises KeyError when it is none."""
    return catalogue()[label].fields[field]


@cache
def assessments() -> Mapping[str, Mapping[str, str]]:
    """Impact assessments on record, by reference (art. 55 and 56); each names what, date, risks, measures and who confirms it."""
    found: dict[str, Mapping[str, str]] = json.loads((definitions_folder("personal") / "assessments.json").read_text(encoding="utf-8"))
    return found


@cache
def notice() -> Mapping[str, Any]:
    """The notice of personal data in force: code, version, date and text in sections (art. 17)."""
    found: dict[str, Any] = json.loads((definitions_folder("personal") / "notice.json").read_text(encoding="utf-8"))
    return found


def own_models() -> list[type[Model]]:
    """Every installed model of Keheng."""
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("keheng.")]


def problems(models: Iterable[type[Model]], tables: Mapping[str, Table]) -> list[str]:
    """Everything wrong with the catalogue, one sentence each; empty when it is sound."""
    known = {model._meta.label: model for model in models}  # noqa: SLF001 -- Django's public name for what a model is
    found = [f"{label}: no such model" for label in sorted(tables.keys() - known.keys())]
    for label, model in sorted(known.items()):
        if label not in tables:
            found.append(f"{label}: not in the catalogue")
            continue
        found.extend(f"{label}.{sentence}" for sentence in _table_problems(model, tables[label]))
    return found


def _table_problems(model: type[Model], table: Table) -> Iterator[str]:
    concrete = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001 -- Django's public name for what a model is
    for name, field in concrete.items():
        listed = (name in table.fields) + (name in table.not_personal)
        if not listed and not isinstance(field, (AutoField, BigAutoField, SmallAutoField)):
            yield f"{name}: neither personal nor not"
        if listed > 1:
            yield f"{name}: both personal and not"
    for name in sorted((table.fields.keys() | table.not_personal | table.why.keys()) - concrete.keys()):
        yield f"{name}: no such field"
    for name in sorted(table.not_personal):
        if _SMELL.search(name) and not table.why.get(name):
            yield f"{name}: its name suggests a person, say why it is not personal"
    for entry in table.fields.values():
        for sentence in _entry_problems(entry):
            yield f"{entry.field}: {sentence}"


def _entry_problems(entry: Entry) -> Iterator[str]:
    if entry.kind not in MASKS:
        yield f"no kind {entry.kind!r}"
    if entry.classed not in {ORDINARY, SENSITIVE}:
        yield f"no class {entry.classed!r}"
    if not entry.purpose_zh or not entry.purpose_en:
        yield "no purpose in both languages"
    if not _CITED.search(entry.basis):
        yield "no legal basis with its article"
    if entry.keep not in rules():
        yield f"no retention rule {entry.keep!r}"
    if entry.blocked:
        yield "blocked: sensitive, and no impact assessment is on record"
