"""Policies as people look for them: by words of what they say, and by the office that is in charge."""

from __future__ import annotations

from datetime import date

from keheng.matters.rules.matching.policy import Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf

_WITHOUT_APPLYING = "免申即享"


def policies_about(day: date, text: str = "", office: str = "") -> tuple[Policy, ...]:
    """Policies in force on a day that say every word of ``text`` somewhere, of one office where it is told."""
    wanted = text.lower().split()
    return tuple(
        one for one in policy_shelf().in_force(day) if office in {"", one.office} and all(word in _said(one) for word in wanted)
    )  # fmt: skip


def offices(day: date) -> list[str]:
    """The offices in charge of what is in force on a day."""
    return sorted({one.office for one in policy_shelf().in_force(day)})


def _said(policy: Policy) -> str:
    clauses = (text for one in policy.clauses for text in (one.say, one.art, one.cure))
    shared = _WITHOUT_APPLYING if policy.unasked else ""
    return "\n".join([policy.title, policy.office, policy.gives, str(policy.source.get("doc", "")), shared, *clauses]).lower()
