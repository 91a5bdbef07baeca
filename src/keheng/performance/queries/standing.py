"""What a signed form counts for everywhere: its own total and grade, or those of the re-check once that is closed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from keheng.appraisal.scoring.engine import grade_of
from keheng.appraisal.scoring.rounding import rounded
from keheng.performance.enums import RecheckState
from keheng.performance.models import Recheck, SelfEvaluation
from keheng.performance.rules.targets import policy_for


@dataclass(frozen=True, slots=True)
class Standing:
    """Total and grade that count; ``own`` and ``own_grade`` are the unit's, the same where no re-check is closed."""

    total: Decimal | None
    grade: str
    own: Decimal | None
    own_grade: str

    @property
    def rechecked(self) -> bool:
        """Whether a re-check says otherwise."""
        return (self.total, self.grade) != (self.own, self.own_grade)

    @property
    def text(self) -> str:
        """As it is printed: ``80.60 分 良（自评 99.60 分 优）``; '' without a total."""
        if self.total is None:
            return ""
        own = f"（自评 {self.own} 分 {self.own_grade}".rstrip() + "）" if self.rechecked else ""
        return f"{self.total} 分 {self.grade}".rstrip() + own


def standing(form: SelfEvaluation) -> Standing:
    """What the form counts for; ask with ``select_related("recheck")`` where there are many."""
    recheck: Recheck | None = getattr(form, "recheck", None)
    if recheck is None or recheck.state != RecheckState.DONE or recheck.total is None:
        return Standing(form.total, form.grade, form.total, form.grade)
    policy = policy_for(form.layout)
    total = rounded(recheck.total, policy.total_round)
    return Standing(total, grade_of(total, policy) or "", form.total, form.grade)
