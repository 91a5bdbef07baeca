"""How one unit stands to every policy, clause by clause, and what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from keheng.kernel.errors import Problem
from keheng.matters.enums import End, Verdict
from keheng.matters.models import Case, PolicyCase
from keheng.matters.queries.policies.known import Known, Unit, believed, known_of
from keheng.matters.queries.policies.offers import own_policy_cases
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.making import OFFERED
from keheng.matters.rules.matching.matching import MET, UNMET, best_questions, matches, standing
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact, Told, said_as


@dataclass(frozen=True, slots=True)
class ClauseSaid:
    """A clause with the fact it reads; ``verdict`` is '' for a visitor, ``value`` is '' where nothing is known."""

    clause: Clause
    fact: Fact
    verdict: Verdict | str = ""
    value: str = ""
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class PolicySaid:
    """A policy with its clauses; ``verdict`` is '' for a visitor. ``matter`` is the one that may be applied for now.

    ``stage`` is how far the unit's own ``case`` is: offered, draft, going, had; '' where it has none.
    """

    policy: Policy
    clauses: tuple[ClauseSaid, ...]
    verdict: Verdict | str = ""
    matter: str = ""
    stage: str = ""
    case: int = 0

    @property
    def lacking(self) -> list[ClauseSaid]:
        """Clauses that are unmet."""
        return [one for one in self.clauses if one.verdict == Verdict.UNMET]

    @property
    def open(self) -> list[ClauseSaid]:
        """Clauses of which nothing is known."""
        return [one for one in self.clauses if one.verdict == Verdict.UNKNOWN]

    @property
    def is_near(self) -> bool:
        """Whether one clause alone stands in the way, and something can be done about it."""
        return not self.open and len(self.lacking) == 1 and bool(self.lacking[0].clause.cure)


@dataclass(frozen=True, slots=True)
class Own:
    """A unit's policies by where they stand, and facts that would settle most: each with how many policies."""

    met: list[PolicySaid]
    unknown: list[PolicySaid]
    near: list[PolicySaid]
    unmet: list[PolicySaid]
    questions: list[tuple[Fact, int]]


def value_said(fact: Fact, value: Told) -> str:
    """A value as people read it, without its unit."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return said_as(fact, value)


def _said(
    policy: Policy, day: date, judged: Sequence[tuple[Clause, int]], known: Mapping[str, Known], held: PolicyCase | None
) -> PolicySaid:
    facts, found = policy_shelf().facts, []
    for clause, verdict in judged:
        fact, one = facts[clause.fact], known.get(clause.fact)
        word = Verdict.MET if verdict == MET else Verdict.UNMET if verdict == UNMET else Verdict.UNKNOWN
        found.append(ClauseSaid(clause, fact, word, value_said(fact, one.value) if one is not None else "", one))
    words = {one.verdict for one in found}
    whole = Verdict.UNMET if Verdict.UNMET in words else Verdict.UNKNOWN if Verdict.UNKNOWN in words else Verdict.MET
    stage, case = ("", 0) if held is None else (_stage(held.case), held.case_id)
    return PolicySaid(policy, tuple(found), whole, _applied_for(policy, day), stage, case)


def _stage(case: Case) -> str:
    if case.end == End.GRANTED:
        return "had"
    if case.state == OFFERED:
        return "offered"
    return "draft" if case.submitted_at is None else "going"


def _applied_for(policy: Policy, day: date) -> str:
    return policy.applied_by if policy.applied_by and in_force(policy.applied_by, day) is not None else ""


def for_visitors(policy: Policy, day: date) -> PolicySaid:
    """A policy as anybody reads it."""
    facts = policy_shelf().facts
    clauses = tuple(ClauseSaid(clause, facts[clause.fact]) for clause in policy.clauses)
    return PolicySaid(policy, clauses, matter=_applied_for(policy, day))


def own_policy(unit: Unit, policy: Policy, day: date) -> PolicySaid:
    """How a unit stands to one policy now."""
    known = known_of([unit], day).get(unit.pk, {})
    held = own_policy_cases(unit.pk, day).get(policy.id)
    return _said(policy, day, standing(policy, facts_of([believed(known)]), 0), known, held)


def own_policies(unit: Unit, policies: Sequence[Policy], day: date) -> Own:
    """How a unit stands to policies now, from what is known this minute."""
    known, shelf = known_of([unit], day).get(unit.pk, {}), policy_shelf()
    facts = facts_of([believed(known)])
    held = own_policy_cases(unit.pk, day)
    said = [_said(policy, day, standing(policy, facts, 0), known, held.get(policy.id)) for policy in policies]
    asked = [(shelf.facts[name], count) for name, count in best_questions(list(matches(policies, facts)), facts, 0)]
    return Own(
        met=[one for one in said if one.verdict == Verdict.MET],
        unknown=sorted((one for one in said if one.verdict == Verdict.UNKNOWN), key=lambda one: len(one.open)),
        near=[one for one in said if one.is_near],
        unmet=[one for one in said if one.verdict == Verdict.UNMET and not one.is_near],
        questions=[(fact, count) for fact, count in asked if not fact.shared],
    )


@dataclass(frozen=True, slots=True)
class FactAsked:
    """A question of the form: what stands in it, what stood there when it was opened, since when, what is wrong with it."""

    fact: Fact
    value: str = ""
    seen: str = ""
    known: Known | None = None
    said: str = ""
    problem: Problem | None = None
    options: list[tuple[str, str]] = field(default_factory=list)


def facts_asked(unit: Unit, day: date, typed: Mapping[str, str], problems: Sequence[Problem]) -> list[tuple[str, list[FactAsked]]]:
    """The questions by section; what was ``typed`` stands in the place of what is known. What is too old is to be told anew."""
    known, wrong = known_of([unit], day).get(unit.pk, {}), {one.field: one for one in problems}
    sections: dict[str, list[FactAsked]] = {}
    for fact in policy_shelf().facts.values():
        if fact.shared:
            continue
        one = known.get(fact.id)
        seen = fact.kept(one.value) if one is not None and not one.stale else ""
        words = [("yes", _("是")), ("no", _("否"))] if fact.kind == "yesno" else [(option, option) for option in fact.options]
        said = value_said(fact, one.value) if one is not None else ""
        asked = FactAsked(fact, typed.get(fact.id, seen), seen, one, said, wrong.get(fact.id), words)
        sections.setdefault(fact.section, []).append(asked)
    return list(sections.items())
