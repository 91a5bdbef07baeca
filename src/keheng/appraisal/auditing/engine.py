"""Runs the registered rules: on one form, and between the forms of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keheng.appraisal.auditing import rules
from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.peers import Batch, FormFacts, facts_of
from keheng.appraisal.auditing.registry import BATCH_RULES, FORM_RULES, Context
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import Policy, choose_policy, load_policy
from keheng.appraisal.scoring.engine import score

_DEFAULT = "mof-2020"
__all__ = ["audit", "audit_batch", "audit_form", "in_order", "rules"]


def audit_form(form: EvaluationForm, policy: Policy | None = None) -> list[Finding]:
    """Findings on one form by itself; without a policy the one in force for its template."""
    policy = policy or choose_policy(form)
    context = Context(policy, score(form, policy))
    return [finding for code, rule in FORM_RULES.items() if policy.rule_on(code) for finding in rule(form, context)]


def audit_batch(facts: Sequence[FormFacts], policy: Policy | None = None) -> list[Finding]:
    """Findings between forms; thresholds are those of the given policy or of the national default."""
    policy = policy or load_policy(_DEFAULT)
    batch = Batch(tuple(facts), policy)
    return [finding for code, rule in BATCH_RULES.items() if policy.rule_on(code) for finding in rule(batch)]


def audit(forms: Sequence[EvaluationForm], policy: Policy | None = None) -> list[Finding]:
    """All findings on the forms, alone and together, in stable order."""
    found = [finding for form in forms for finding in audit_form(form, policy)]
    return in_order([*found, *audit_batch([facts_of(form) for form in forms], policy)])


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By file, form, rows and code: the same input gives the same list."""
    return sorted(findings, key=lambda f: (f.file, f.form_index, f.rows, f.code, f.place, f.variant, sorted(f.values.items())))
