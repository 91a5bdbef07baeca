"""What the audit rules say of a draft: sentences with advice, each under a mark that stays while the finding stays."""

from __future__ import annotations

from dataclasses import dataclass

from keheng.appraisal.auditing.engine import audit_form, in_order
from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.auditing.wording import advice, sentence, source, title
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import Policy

_MUST = frozenset({Severity.CRITICAL, Severity.HIGH})
_ZH = {
    Severity.CRITICAL: "严重", Severity.HIGH: "重要", Severity.MEDIUM: "一般", Severity.LOW: "轻微", Severity.INFO: "提示",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words; ``must`` ones need an answer before the form is submitted. ``rows`` are 1-based places."""

    mark: str
    code: str
    title: str
    severity: str
    must: bool
    rows: tuple[int, ...]
    text: str
    advice: str
    source: str

    def plain(self) -> dict[str, object]:
        """As JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {"rows": list(self.rows)}


def findings_of(form: EvaluationForm, policy: Policy | None = None) -> list[Told]:
    """Findings on a form, the gravest first."""
    found = in_order(audit_form(form, policy))
    return sorted((_told(one) for one in found), key=lambda one: (not one.must, one.rows, one.code))


def _told(finding: Finding) -> Told:
    mark = f"{finding.code}:{','.join(map(str, finding.rows))}:{finding.place}"
    return Told(
        mark, finding.code, title(finding.code), _ZH[finding.severity], finding.severity in _MUST, finding.rows, sentence(finding),
        advice(finding.code), source(finding),
    )  # fmt: skip
