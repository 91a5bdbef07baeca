"""Which texts of all years and matters share passages, as somebody may see it: a case they may not read is a number and a share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from keheng.kernel.powers import Principal
from keheng.matters.service import Case, cases_for, texts_of
from keheng.review.models import CopyHit, KeptCase, KeptText
from keheng.review.queries.words import words_of

_MOST = 20
_HIDDEN = ("answers", "private", "marks")


@dataclass(frozen=True, slots=True)
class Beside:
    """A pair seen from one of its cases: ``turned`` when the share is of the other text, ``open`` when the actor may read both."""

    hit: CopyHit
    mine: KeptText
    other: KeptText
    turned: bool
    open: bool
    same_unit: bool


def hits_for(actor: Principal) -> QuerySet[CopyHit]:
    """Pairs with a case that an actor may read; ``sees_one`` and ``sees_other`` tell which of the two."""
    one, other = _sees(actor)
    return _told(actor).filter(Q(one) | Q(other))


def _told(actor: Principal) -> QuerySet[CopyHit]:
    one, other = _sees(actor)
    rows = CopyHit.objects.annotate(sees_one=one, sees_other=other)
    cases = [f"{side}__kept__case" for side in ("one", "other")]
    return rows.select_related(*cases).defer(*(f"{case}__{name}" for case in cases for name in _HIDDEN))


def _sees(actor: Principal) -> tuple[Exists, Exists]:
    """Whether the case of either text lies open to an actor."""
    one, other = (Exists(cases_for(actor).filter(pk=OuterRef(f"{side}__kept__case"))) for side in ("one", "other"))
    return one, other


def open_hit(actor: Principal, pk: int) -> CopyHit | None:
    """A pair of which an actor may read both; None where there is none."""
    return _told(actor).filter(*_sees(actor), pk=pk).first()


def hits_of(actor: Principal, case: Case) -> tuple[list[Beside], int]:
    """The most alike pairs of a case that lies open to an actor, and how many there are in all."""
    rows = _told(actor).filter(Q(one__kept__case=case) | Q(other__kept__case=case)).order_by("-percent", "pk")
    found = list(rows[: _MOST + 1])
    return [_beside(hit, case) for hit in found[:_MOST]], len(found) if len(found) <= _MOST else rows.count()


def _beside(hit: CopyHit, case: Case) -> Beside:
    turned = hit.other.kept.case_id == case.pk
    mine, other = (hit.other, hit.one) if turned else (hit.one, hit.other)
    unit = mine.kept.case.unit_id
    both = bool(getattr(hit, "sees_one", False) and getattr(hit, "sees_other", False))
    return Beside(hit, mine, other, turned, both, unit is not None and unit == other.kept.case.unit_id)


def is_compared(case: Case) -> bool:
    """Whether the texts of a case were compared as they are now."""
    return KeptCase.objects.filter(case=case, version=case.version).exists()


def words_now(text: KeptText) -> str:
    """The words of a kept text as the case has them today; '' when they are there no longer."""
    ((_, held),) = texts_of([Case.objects.get(pk=text.kept.case_id)])
    return next((words_of(one) for one in held if one.place == text.place), "")
