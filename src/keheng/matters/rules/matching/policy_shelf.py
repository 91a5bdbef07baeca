"""All policies and facts of the installation: ``definitions/*/policies/*.yaml`` and ``definitions/*/facts.yaml``, proved once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from keheng.directory.service import districts, kinds
from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import Problem, problem
from keheng.matters.rules.files.proof import proved
from keheng.matters.rules.files.reading import Flaw, FlawedError, Read, digest_of_text, line_of, read_as, read_text, written
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.flow.trying import tried
from keheng.matters.rules.matching.making import made_name, made_path, made_text, source_of
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.trials import sample_of
from keheng.matters.rules.matching.vocabulary import SOURCES, Fact, Vocabulary

Place = tuple[str | int, ...]
Matters = Mapping[str, Sequence[Read]]


@dataclass(frozen=True, slots=True)
class PolicyShelf:
    """Policies in the order of their names and versions, facts by name, the kinds of units matched, and a digest of all files."""

    policies: tuple[Policy, ...]
    facts: Mapping[str, Fact]
    units: tuple[str, ...]
    digest: str

    def in_force(self, day: date) -> tuple[Policy, ...]:
        """The policies that count on a day."""
        return tuple(one for one in self.policies if one.begins <= day and (one.ends is None or day < one.ends))


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was read."""

    file: str
    text: str
    made: Any
    lines: Mapping[Place, int]

    def flaw(self, place: Place, what: Problem) -> Flaw:
        return Flaw(self.file, line_of(self.lines, place), replace(what, field=written(place)))


@cache
def policy_shelf() -> PolicyShelf:
    """Those of the installation; raises FlawedError with everything wrong."""
    return read_policies(definitions_folder("matters").parent, shelf())


def policy_flaws() -> list[Flaw]:
    """Everything wrong with the policies of the installation."""
    try:
        policy_shelf()
    except FlawedError as error:
        return list(error.flaws)
    return []


def read_policies(root: Path, matters: Matters) -> PolicyShelf:
    """The policies and facts below a folder; ``matters`` are those that policies may lead to. Raises FlawedError."""
    files = [*sorted(root.glob("*/facts.yaml")), *sorted(root.glob("*/policies/*.yaml"))]
    flaws: list[Flaw] = []
    vocabularies: list[_Read] = []
    policies: list[_Read] = []
    digest = hashlib.new("sm3")
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
            digest.update(text.encode())
            (vocabularies if path.name == "facts.yaml" else policies).append(_read(path, text))
        except FlawedError as error:
            flaws += error.flaws
        except (OSError, UnicodeDecodeError) as error:
            flaws.append(Flaw(str(path), 0, problem("MATTER_FILE_UNREADABLE", said=str(error)[:120])))
    facts: dict[str, Fact] = {}
    for one in vocabularies:
        flaws += _of_vocabulary(one, matters, facts)
    for one in policies:
        own = list(_of_policy(one, matters, facts))
        flaws += own or _unmade(one, matters)
    flaws += _between(policies)
    if flaws:
        raise FlawedError(flaws)
    ordered = sorted((one.made for one in policies), key=lambda one: (one.id, one.version))
    units = tuple(dict.fromkeys(kind for one in vocabularies for kind in one.made.units))
    return PolicyShelf(tuple(ordered), facts, units, digest.hexdigest())


def make_matter(path: Path) -> tuple[Path, str]:
    """The file and the text of the matter that is made from a policy's file, proved and tried; raises FlawedError with all flaws."""
    facts: dict[str, Fact] = {}
    flaws: list[Flaw] = []
    for one in sorted(path.parent.parent.parent.glob("*/facts.yaml")):
        flaws += _of_vocabulary(_read(one, one.read_text(encoding="utf-8")), shelf(), facts)
    read = _read(path, path.read_text(encoding="utf-8"))
    flaws += _of_policy(read, shelf(), facts)
    policy: Policy = read.made
    if policy.apply is None:
        flaws.append(read.flaw((), problem("POLICY_FILE_NO_APPLY")))
    if flaws:
        raise FlawedError(flaws)
    source = source_of(policy, read.text, facts)
    text = made_text(source)
    if failed := tried(read_text(text, read.file)):
        raise FlawedError([read.flaw(made_path(flaw.problem.field, source), flaw.problem) for flaw in failed])
    return path.parent.parent / "matters" / made_name(policy), text


def _read(path: Path, text: str) -> _Read:
    kind = Vocabulary if path.name == "facts.yaml" else Policy
    made, lines = read_as(kind, text, str(path))
    return _Read(str(path), text, made, lines)


def _of_vocabulary(read: _Read, matters: Matters, facts: dict[str, Fact]) -> Iterator[Flaw]:
    for number, name in enumerate(read.made.units):
        if name not in kinds():
            yield read.flaw(("units", number), _unknown("单位类型 / kind of unit", name, kinds()))
    for number, fact in enumerate(read.made.facts):
        place = ("facts", number)
        if fact.id in facts:
            yield read.flaw((*place, "id"), problem("MATTER_FILE_TWICE", key=fact.id))
        facts.setdefault(fact.id, _with_options(fact))
        if fact.shared and fact.shared not in SOURCES:
            yield read.flaw((*place, "shared"), _unknown("共享数据 / shared data", fact.shared, SOURCES))
        elif (fact.shared == "matters.granted") != bool(fact.of) or (fact.of and fact.of not in matters):
            yield read.flaw((*place, "of"), _unknown("事项 / matter", fact.of, matters))
        fits = fact.kind == SOURCES.get(fact.shared, fact.kind) and bool(fact.options) == (fact.kind == "choice" and not fact.shared)
        if not fits or fact.least > fact.most:
            yield read.flaw(place, problem("POLICY_FILE_KIND", name=fact.id))


def _with_options(fact: Fact) -> Fact:
    """Choices of shared data are those of the directory."""
    found: dict[str, Sequence[str]] = {"directory.kind": tuple(kinds()), "directory.district": tuple(districts())}
    return fact.model_copy(update={"options": found[fact.shared]}) if fact.shared in found else fact


def _of_policy(read: _Read, matters: Matters, facts: Mapping[str, Fact]) -> Iterator[Flaw]:
    policy: Policy = read.made
    if policy.matter and policy.matter not in matters:
        yield read.flaw(("matter",), _unknown("事项 / matter", policy.matter, matters))
    if policy.matter and policy.apply is not None:
        yield read.flaw(("matter",), problem("POLICY_FILE_APPLY"))
    if policy.ends is not None and policy.ends <= policy.begins:
        yield read.flaw(("to",), problem("POLICY_FILE_DATES", begins=policy.begins, ends=policy.ends))
    for number, clause in enumerate(policy.clauses):
        fact = facts.get(clause.fact)
        if fact is None:
            yield read.flaw(("clauses", number, "fact"), _unknown("企业情况 / fact", clause.fact, facts))
        elif not _fits(clause, fact):
            yield read.flaw(("clauses", number), problem("POLICY_FILE_FIT", say=clause.say, name=fact.id, kind=fact.kind))
        elif policy.shared and not fact.shared:
            yield read.flaw(("clauses", number), problem("POLICY_FILE_SHARED", name=fact.id))
        elif policy.apply is not None and sample_of(fact, policy.clauses) is None:
            yield read.flaw(("clauses", number), problem("POLICY_FILE_NEVER", name=fact.id, label=fact.label))
    yield from _of_offer(read)
    yield from _of_made(read, facts)


def _of_offer(read: _Read) -> Iterator[Flaw]:
    """Who need not apply is asked for nothing but where the money goes."""
    apply = read.made.apply
    if apply is None or not read.made.offers:
        return
    for number, field in enumerate(apply.fields):
        if field.required is not False and field.formula is None:
            yield read.flaw(("apply", "fields", number), problem("POLICY_FILE_OFFER", label=field.label))
    for number, one in enumerate(apply.materials):
        if one.need != "optional" and one.waive is None:
            yield read.flaw(("apply", "materials", number), problem("POLICY_FILE_OFFER", label=one.title))


def _of_made(read: _Read, facts: Mapping[str, Fact]) -> Iterator[Flaw]:
    """What does not hold in the matter that is made from a policy, told where the policy's file says it."""
    policy: Policy = read.made
    if policy.apply is None or any(one.fact not in facts for one in policy.clauses):
        return
    if any(sample_of(facts[one.fact], policy.clauses) is None for one in policy.clauses if _fits(one, facts[one.fact])):
        return
    source = source_of(policy, read.text, facts)
    try:
        made = read_text(made_text(source), read.file)
    except FlawedError as error:
        yield from (read.flaw(("apply",), one.problem) for one in error.flaws)
        return
    for flaw in proved(made):
        yield read.flaw(made_path(flaw.problem.field, source), flaw.problem)


def _fits(clause: Clause, fact: Fact) -> bool:
    """Whether a clause asks of a fact what its kind can answer; a wanted choice is one of its options."""
    if fact.kind != "choice":
        return (fact.kind == "yesno") == (clause.op == "is") and (fact.kind == "number") == clause.numeric
    wanted = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    return clause.op in {"==", "in", "not in"} and bool(wanted) and set(wanted) <= set(fact.options)


def _unmade(read: _Read, matters: Matters) -> list[Flaw]:
    """The matter of a policy is on the shelf, made from this very text."""
    policy: Policy = read.made
    if policy.apply is None:
        return []
    digest = digest_of_text(read.text)
    if any(one.matter.policy is not None and one.matter.policy.digest == digest for one in matters.get(policy.applied_by, ())):
        return []
    return [read.flaw(("apply",), problem("POLICY_FILE_UNMADE", file=made_name(policy), policy=read.file))]


def _between(policies: Sequence[_Read]) -> Iterator[Flaw]:
    """No two versions of a policy on one day."""
    counted = Counter(one.made.id for one in policies)
    for name in (name for name, count in counted.items() if count > 1):
        versions = sorted((one for one in policies if one.made.id == name), key=lambda one: one.made.begins)
        for before, after in pairwise(versions):
            if before.made.ends is None or after.made.begins < before.made.ends:
                yield after.flaw(("from",), problem("POLICY_FILE_TWICE", id=name, other=before.file))


def _unknown(what: str, name: str, known: Mapping[str, object]) -> Problem:
    return problem("MATTER_FILE_NAME", what=what, name=name or "—", known="、".join(sorted(known)))
