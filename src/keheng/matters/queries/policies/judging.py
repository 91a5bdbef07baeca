"""A case of a policy against the policy's clauses: what was known when it began, what is met now, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from keheng.kernel.errors import Problem, problem
from keheng.matters.queries.cases import Loaded, applied_on
from keheng.matters.queries.policies.known import Known, known_of, units_by_number
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.form.values import fact as fact_of_answer
from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.making import OFFERED
from keheng.matters.rules.matching.matching import MET, UNMET, standing
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import said_as


@dataclass(frozen=True, slots=True)
class KnownFact:
    """What is known of a unit, as somebody would type it into a form, and where it is known from."""

    typed: str
    known: Known

    @property
    def kept(self) -> dict[str, Any]:
        """As a case keeps it: told by the unit or not, since when, what it was."""
        since = self.known.since
        return {"told": self.known.told, "since": since.isoformat() if since is not None else "", "value": self.typed}


def policy_of(matter: Matter) -> Policy | None:
    """The version of the policy that a matter was made from; None where there is none, or its file is gone."""
    wanted = matter.policy
    found = (one for one in policy_shelf().policies if wanted is not None and (one.id, one.version) == (wanted.id, wanted.version))
    return next(found, None)


def known_facts(matter: Matter, unit: int | None, day: date) -> dict[str, KnownFact]:
    """What is known of a unit for the questions of a made matter, by name; what is too old to be believed is not."""
    if matter.policy is None or unit is None:
        return {}
    known, facts = _known(unit, day), policy_shelf().facts
    asked = [field.id for field in matter.fields if field.known is not None and field.id in facts]
    found = {name: known[name] for name in asked if name in known and not known[name].stale}
    return {name: KnownFact(said_as(facts[name], one.value), one) for name, one in found.items()}


def _known(unit: int, day: date) -> dict[str, Known]:
    return known_of(units_by_number([unit]), day).get(unit, {})


@dataclass(frozen=True, slots=True)
class ClauseJudged:
    """A clause with the question that answers it, and ``met`` yes, no or unknown (None)."""

    clause: Clause
    label: str
    met: bool | None


def judged(one: Loaded) -> list[ClauseJudged] | None:
    """The clauses of a case's policy; None where the policy is not there.

    What the unit told is what its form says; shared data are read anew, as of the day of the application (of today before it).
    """
    policy = policy_of(one.matter)
    if policy is None or one.case.unit_id is None:
        return None
    known = _known(one.case.unit_id, applied_on(one.case) or localdate())
    row: dict[str, Any] = {}
    for field in one.matter.fields:
        if field.known == "told":
            row[field.id] = fact_of_answer(field, one.at.answers.get(field.id))
        elif field.known == "shared" and field.id in known:
            row[field.id] = known[field.id].value
    labels = {name: fact.label for name, fact in policy_shelf().facts.items()}
    words = {int(MET): True, int(UNMET): False}
    return [ClauseJudged(clause, labels[clause.fact], words.get(verdict)) for clause, verdict in standing(policy, facts_of([row]), 0)]


def _over(one: Loaded) -> bool:
    """Whether a case that nobody applied for yet is of a policy that is no longer in force."""
    policy = policy_of(one.matter)
    return one.at.state == OFFERED and policy not in policy_shelf().in_force(localdate())


def policy_holds(one: Loaded) -> bool | None:
    """Guard: every clause is met; None where the policy is not there."""
    found = judged(one)
    return None if found is None else not _over(one) and all(clause.met for clause in found)


def policy_reasons(one: Loaded) -> list[Problem]:
    """Every clause that is not met, or of which too little is known, by its article."""
    found = [problem("POLICY_OVER", title=one.matter.title)] if _over(one) else []
    for each in judged(one) or ():
        clause = each.clause
        if each.met is None:
            found.append(problem("POLICY_CLAUSE_OPEN", clause.fact, say=clause.say, art=clause.art, label=each.label))
        elif not each.met:
            found.append(problem("POLICY_CLAUSE_UNMET", clause.fact, say=clause.say, art=clause.art, label=each.label))
    return found
