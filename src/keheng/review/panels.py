"""Review on composite pages: what one has to judge."""

from __future__ import annotations

from collections.abc import Mapping

from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.powers import Principal
from keheng.review.enums import RoundState, SeatState
from keheng.review.models import Seat
from keheng.review.rules.rounds import JUDGE


def _waiting(actor: Principal) -> Mapping[str, object]:
    own = Seat.objects.filter(panelist__account=actor.account, state=SeatState.OPEN, entry__round__state=RoundState.SCORING)
    first = own.select_related("entry__round").order_by("entry__round__scoring_until").first()
    return {"count": own.count(), "until": first.entry.round.scoring_until if first is not None else None}


register_panel(Panel("review.waiting", PanelPlace.WORKBENCH, "待评审", 200, JUDGE, "review/panel_waiting.html", _waiting))
