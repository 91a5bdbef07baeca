"""An application matter made from a policy: the clauses become its form and conditions, a template gives the flow, tests come with it.

The template is ``definitions/matters/policy_matter.yaml``. What is made is the text of an ordinary matter file: it is written beside
the others (``keheng matters make``), proved, released and run like them, and stays as it is when the template changes later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from keheng.kernel.definitions import definitions_folder
from keheng.matters.rules.files.reading import digest_of_text
from keheng.matters.rules.matching.applying import Apply
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.trials import sample_of, trials_of
from keheng.matters.rules.matching.vocabulary import Fact, said_as

TEMPLATE = "policy_matter.yaml"
# States of the template that pages and jobs know.
OFFERED, PUBLIC = "offered", "public"
_GONE = object()
_WIDTH = 140
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """A policy with the plain values of its file, the SHA-256 of its text, and the facts its clauses read."""

    policy: Policy
    raw: Mapping[str, Any]
    digest: str
    facts: Mapping[str, Fact]


class _Plain(yaml.SafeDumper):
    """Everything written out: a file with anchors is hard to read."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Never an alias."""
        return True


@cache
def template() -> Mapping[str, Any]:
    """The parts that all made matters have in common; never changed."""
    made: dict[str, Any] = yaml.safe_load((definitions_folder("matters") / TEMPLATE).read_text(encoding="utf-8"))
    return made


def source_of(policy: Policy, text: str, facts: Mapping[str, Fact]) -> Source:
    """A policy with the text of its file, which was read before."""
    return Source(policy, yaml.safe_load(text), digest_of_text(text), facts)


def made_name(policy: Policy) -> str:
    """The name of the file that the made matter stands in."""
    return f"{policy.applied_by.partition('.')[2]}-{policy.version}.yaml"


def made_text(source: Source) -> str:
    """The text of the matter that a policy is applied for by; the policy has an ``apply:``."""
    head = f"# 由 {source.policy.id} {source.policy.version} 的政策文件生成（keheng matters make），不要直接修改。\n"
    return head + yaml.dump(_matter(source), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None)


def _matter(source: Source) -> dict[str, Any]:
    policy, apply = source.policy, source.policy.apply
    if apply is None:
        raise ValueError(f"{policy.id} is not applied for")
    filled = _Filled(policy, apply)
    facts = _asked(source)
    own = _own(source, apply)
    return {
        **_head(source, apply),
        **{name: filled(name) for name in ("kind", "audience", "topics", "note", "roles")},
        "eligible": [{"say": one.say, "rule": _rule(one, source.facts[one.fact]), "art": one.art} for one in policy.clauses],
        "form": [filled("unit"), {"section": filled("facts_section"), "fields": [_field(one) for one in facts]}, *own],
        **({"materials": _raw(source, "materials")} if apply.materials else {}),
        **{name: filled(name) for name in ("states", "anywhere", "clocks", "outputs")},
        "sample": {**filled("unit_sample"), **{one.id: sample_of(one, policy.clauses) for one in facts}, **apply.sample},
        "tests": trials_of(policy, facts, {one["id"]: filled("payee_sample")[one["id"]] for one in filled("payee")}),
    }


def _head(source: Source, apply: Apply) -> dict[str, Any]:
    policy = source.policy
    basis: dict[str, Any] = {"doc": policy.source["doc"], "confirmed": bool(policy.source.get("confirmed"))}
    until = [] if policy.ends is None else [{"title": template()["open_title"], "from": policy.begins, "to": policy.ends - _ONE_DAY}]
    return {
        "id": policy.applied_by, "version": policy.version, "title": f"{policy.title}申请",
        **({"code": apply.code} if apply.code else {}), "subject": "unit_name",
        "needs": list(apply.needs),
        "about": policy.gives, "result": "政策兑现通知", "archive": _raw(source, "archive"), "basis": [basis],
        "policy": {"id": policy.id, "version": policy.version, "digest": source.digest}, **({"open": until} if until else {}),
    }  # fmt: skip


def _raw(source: Source, name: str) -> Any:
    """A piece of ``apply:`` as the file has it."""
    return source.raw["apply"][name]


def _asked(source: Source) -> list[Fact]:
    """The facts of the clauses, each once, in their order."""
    return [source.facts[name] for name in dict.fromkeys(clause.fact for clause in source.policy.clauses)]


def _own(source: Source, apply: Apply) -> list[dict[str, Any]]:
    """What the policy asks besides its facts, and the amount it comes to."""
    fields = list(_raw(source, "fields")) if apply.fields else []
    if apply.award is not None:
        fields.append({**template()["award_field"], "formula": _raw(source, "award")})
    return [{"section": template()["own_section"], "fields": fields}] if fields else []


def _field(fact: Fact) -> dict[str, Any]:
    """The question that stands for a fact: what the platform knows is never typed, what the unit told may be mended."""
    known = "shared" if fact.shared else "told"
    kind = {"yesno": "yesno", "choice": "text" if fact.shared else "choice"}.get(fact.kind, "decimal" if fact.places else "integer")
    made: dict[str, Any] = {"id": fact.id, "type": kind, "label": fact.label, "known": known, "required": not fact.shared}
    if fact.hint:
        made["hint"] = fact.hint
    if fact.kind == "number":
        made |= {"min": _plain(fact.least), "max": _plain(fact.most)}
    if fact.unit:
        made["unit"] = fact.unit
    return made | ({"options": list(fact.options)} if kind == "choice" else {})


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _rule(clause: Clause, fact: Fact) -> str:
    """A clause in the language of matter files; shared choices stand there in words, as the form shows them."""
    if isinstance(clause.value, bool):
        return clause.fact if clause.value else f"not {clause.fact}"
    if isinstance(clause.value, Decimal):
        return f"{clause.fact} {clause.op} {clause.value.normalize():f}"
    wanted = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    words = [json.dumps(said_as(fact, one), ensure_ascii=False) for one in wanted]
    among = words[0] if clause.op == "==" else "[" + ", ".join(words) + "]"
    return f"{clause.fact} {clause.op} {among}"


class _Filled:
    """Parts of the template for one policy: without what it has no use for, with its own values in their places."""

    def __init__(self, policy: Policy, apply: Apply) -> None:
        has = {"award": apply.award is not None, "publicity": apply.publicity is not None, "offer": policy.offers}
        self.traits = frozenset(name if there else f"no-{name}" for name, there in has.items())
        self.values: dict[str, Any] = {
            **{name: str(getattr(apply, name)) for name in ("decide", "law", "pay", "publicity", "confirm", "examines", "decides")},
            "pay_law": "60wd" if apply.pay.working else str(apply.pay), "shows": ["unit_name", *(["award"] if has["award"] else [])],
        }  # fmt: skip
        self.values["payee"] = self("payee")
        states = [one["id"] for one in self("states")[1:] if "end" not in one]
        self.values["settled"] = [name for name in states if name != OFFERED]

    def __call__(self, name: str) -> Any:
        """A part, by its name."""
        return self._of(template()[name])

    def _of(self, node: Any) -> Any:
        if isinstance(node, Mapping):
            if not self.traits >= set(node.get("if", ())):
                return _GONE
            made = {key: self._of(value) for key, value in node.items() if key != "if"}
            return {key: value for key, value in made.items() if value is not _GONE}
        if isinstance(node, list):
            return [one for one in map(self._of, node) if one is not _GONE]
        if isinstance(node, str) and node.startswith("$"):
            return self.values[node[1:]]
        return node


def made_path(field: str, source: Source) -> tuple[str | int, ...]:
    """Where in the policy's file a place of the made matter comes from, such as ``form[2].fields[0]``."""
    path = [int(number) if number else name for number, name in _STEP.findall(field)]
    apply, head = source.policy.apply, tuple(path[:2])
    if apply is not None and head == ("form", 2) and len(path) > 3:  # noqa: PLR2004 -- section, "fields", number
        number = path[3]
        return ("apply", "award") if number == len(apply.fields) else ("apply", "fields", number, *path[4:])
    if path and path[0] == "materials":
        return ("apply", *path)
    if path and path[0] == "tests":
        return ("apply", "sample")
    if path == ["code"]:
        return ("apply", "code")
    known = {("clocks", "main"): "decide", ("clocks", "pay"): "pay", ("roles", "office"): "examines", ("roles", "decide"): "decides"}
    return ("apply", known[head]) if head in known else ("apply",)
