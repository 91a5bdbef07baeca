"""Rules by code: one registered function per audit code, on one form or on a whole batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.peers import Batch
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import Policy
from keheng.appraisal.scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at beside the form: the policy it is judged by and its score under that policy."""

    policy: Policy
    scorecard: Scorecard


FormRule = Callable[[EvaluationForm, Context], Iterator[Finding]]
BatchRule = Callable[[Batch], Iterator[Finding]]

FORM_RULES: dict[str, FormRule] = {}
BATCH_RULES: dict[str, BatchRule] = {}


def form_rule(code: str) -> Callable[[FormRule], FormRule]:
    """Register the rule of a code that needs one form only; a code has one rule."""

    def register(rule: FormRule) -> FormRule:
        if code in FORM_RULES or code in BATCH_RULES:
            raise ValueError(f"two rules for {code}")
        FORM_RULES[code] = rule
        return rule

    return register


def batch_rule(code: str) -> Callable[[BatchRule], BatchRule]:
    """Register the rule of a code that compares forms."""

    def register(rule: BatchRule) -> BatchRule:
        if code in FORM_RULES or code in BATCH_RULES:
            raise ValueError(f"two rules for {code}")
        BATCH_RULES[code] = rule
        return rule

    return register
