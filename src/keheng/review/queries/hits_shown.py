"""Texts of other cases that say the same, as a card beside a case."""

from __future__ import annotations

from django.template.loader import render_to_string

from keheng.kernel.powers import Principal
from keheng.matters.service import Loaded, compared
from keheng.review.queries.hits import hits_of, is_compared


def beside_case(one: Loaded, actor: Principal, office: bool) -> str:  # noqa: FBT001 -- asides are called so
    """The card; '' for applicants, and for matters whose texts are not compared."""
    if not office or one.case.matter not in compared():
        return ""
    found, count = hits_of(actor, one.case)
    context = {"hits": found, "count": count, "rest": count - len(found), "compared": is_compared(one.case)}
    return render_to_string("review/hits_of_case.html", context)
