"""Which texts of all years and matters share passages, as somebody may see it: a case they may not read is a number and a share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from keheng.kernel.powers import Principal
from keheng.matters.service import Case, cases_for, texts_of
from keheng.review.models import CopyHit, KeptCase, KeptText
from keheng.review.queries.words import words_of

_HIDDEN = ("answers", "private", "marks")


@dataclass(frozen=True, slots=True)
class TextStanding:
    """Whether the texts of a case were compared as they are now, with how many they share passages, and the largest share in percent."""

    compared: bool
    hits: int
    most: int


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


def standing_of_texts(case: Case) -> TextStanding:
    """Numbers and shares alone, which anybody may be told who sees the case; one query."""
    hits = CopyHit.objects.filter(Q(one__kept=OuterRef("pk")) | Q(other__kept=OuterRef("pk"))).order_by()
    counted = hits.annotate(told=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("told")
    largest = hits.annotate(told=Func(F("percent"), function="MAX", output_field=IntegerField())).values("told")
    rows = KeptCase.objects.filter(case=case).annotate(hits=Subquery(counted), most=Subquery(largest))
    found = rows.values_list("version", "hits", "most").first()
    return (
        TextStanding(compared=False, hits=0, most=0) if found is None else TextStanding(found[0] == case.version, found[1], found[2] or 0)
    )


def words_now(text: KeptText) -> str:
    """The words of a kept text as the case has them today; '' when they are there no longer."""
    ((_, held),) = texts_of([Case.objects.get(pk=text.kept.case_id)])
    return next((words_of(one) for one in held if one.place == text.place), "")
