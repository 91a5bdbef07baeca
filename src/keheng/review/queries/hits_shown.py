"""How many texts of other cases say the same, as a card beside a case: numbers and shares, and the way to the list."""

from __future__ import annotations

from django.template.loader import render_to_string

from keheng.kernel.powers import Principal
from keheng.matters.service import Loaded, compared
from keheng.review.queries.hits import standing_of_texts

SEE_CASES = "matters.case.see"


def beside_case(one: Loaded, actor: Principal, office: bool) -> str:  # noqa: FBT001 -- asides are called so
    """The card; '' for applicants, and for matters whose texts are not compared."""
    if not office or one.case.matter not in compared():
        return ""
    context = {"case": one.case, "standing": standing_of_texts(one.case), "sees": actor.may(SEE_CASES)}
    return render_to_string("review/hits_of_case.html", context)
