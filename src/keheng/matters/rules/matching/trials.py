"""Tests that are made with a matter from its policy: answers just within every clause, and one just outside of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.matching import MET, judge
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.vocabulary import Fact, Told, said_as

HOLDS, OVER = "policy.holds", "policy.publicity_over"
Trial = dict[str, Any]


def sample_of(fact: Fact, clauses: Sequence[Clause]) -> str | None:
    """An answer that meets all clauses of a fact, as somebody would type it; None where nothing does."""
    own = [clause for clause in clauses if clause.fact == fact.id]
    found = next((value for value in _candidates(fact, own) if all(_meets(clause, value) for clause in own)), None)
    return None if found is None else _typed(fact, found)


def _outside(fact: Fact, clause: Clause) -> str | None:
    """An answer that does not meet a clause; None where every one does."""
    found = next((value for value in _candidates(fact, [clause]) if not _meets(clause, value)), None)
    return None if found is None else _typed(fact, found)


def _candidates(fact: Fact, clauses: Sequence[Clause]) -> Iterator[Told]:
    if fact.kind == "yesno":
        yield from (True, False)
    elif fact.kind == "choice":
        yield from fact.options
    else:
        step = Decimal(1).scaleb(-fact.places)
        bounds = [clause.value for clause in clauses if isinstance(clause.value, Decimal)]
        near = [*bounds, *(bound + step for bound in bounds), *(bound - step for bound in bounds), fact.least, fact.most]
        yield from (value for value in near if fact.least <= value <= fact.most)


def _meets(clause: Clause, value: Told) -> bool:
    return int(judge(clause, facts_of([{clause.fact: value}]))[0]) == int(MET)


def _typed(fact: Fact, value: Told) -> str:
    return said_as(fact, value) if isinstance(value, str) else fact.kept(value)


def trials_of(policy: Policy, facts: Sequence[Fact], ask: Mapping[str, Any]) -> list[Trial]:
    """All tests of a made matter; ``ask`` answers what is asked with an application."""
    by_id = {one.id: one for one in facts}
    submit = {"do": "submit", "ask": dict(ask)}

    def trial(name: str, *path: Any, ends: str) -> Trial:
        return {"name": name, "start": policy.begins, "path": list(path), "ends": ends}

    held = {"holds": {HOLDS: True}}
    found = [
        trial(
            "符合条件，从提交到兑现", submit, {"refused": "verify"}, {**held, "do": "verify"}, "grant", *_after(policy, ask), ends="granted"
        ),
        trial(
            "条件不再满足的不能批准",
            submit,
            {**held, "do": "verify"},
            {"holds": {HOLDS: False}, "refused": "grant"},
            "deny",
            ends="refused",
        ),
        trial("退回核验，不予通过", submit, {**held, "do": "verify"}, "return", "refuse", ends="refused"),
        trial("补正一次", submit, "ask_more", {"wait": "2wd"}, "resend", {"refused": "ask_more"}, "refuse", ends="refused"),
        trial("补正逾期", submit, "ask_more", {"wait": "16wd"}, ends="lapsed"),
        trial("撤回", submit, "withdraw", ends="withdrawn"),
    ]
    for number, clause in enumerate(policy.clauses, 1):
        wrong = _outside(by_id[clause.fact], clause)
        if wrong is not None:
            found.append(trial(f"第 {number} 条不满足", {"set": {clause.fact: wrong}, "refused": "submit", "ask": dict(ask)}, ends="draft"))
    if policy.apply is not None and policy.apply.publicity is not None:
        path = (submit, {**held, "do": "verify"}, "grant", "drop")
        found.append(trial("公示期异议成立", *path, ends="refused"))
    return found + (_offers(policy, ask, trial) if policy.offers else [])


def _after(policy: Policy, ask: Mapping[str, Any]) -> list[Any]:
    """What comes between the decision and the end."""
    apply = policy.apply
    steps: list[Any] = []
    if apply is not None and apply.publicity is not None:
        steps += [{"refused": "award"}, {"holds": {OVER: True}, "do": "award"}]
    if apply is not None and apply.award is not None:
        steps += [{"do": "account", "ask": dict(ask)}, "pay"]
    return steps


def _offers(policy: Policy, ask: Mapping[str, Any], trial: Any) -> list[Trial]:
    offer, confirm = {"holds": {HOLDS: True}, "do": "offer"}, {"do": "confirm", "ask": dict(ask)}
    days = policy.apply.confirm if policy.apply is not None else ""
    return [
        trial("免申即享，单位确认", {"refused": "offer"}, offer, confirm, *_after(policy, ask), ends="granted"),
        trial(
            "免申即享，条件不再满足", offer, {"holds": {HOLDS: False}, "refused": "confirm", "ask": dict(ask)}, "retract", ends="expired"
        ),
        trial("免申即享，单位不享受", offer, "decline", ends="declined"),
        trial("免申即享，逾期未确认", offer, {"wait": str(days)}, {"state": "offered"}, {"wait": "1d"}, ends="expired"),
    ]
