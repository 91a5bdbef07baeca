"""A bulletin is frozen: its words and numbers stay, with the digests of the rows behind them."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, record
from keheng.matters.models import Bulletin
from keheng.matters.queries.bulletins import digest_of_content, drawn
from keheng.matters.rules.bulletins import templates

FREEZE = "matters.bulletin.freeze"


@act("bulletin.freeze", Refused)
def freeze_bulletin(*, actor: Principal, code: str, month: date, digest: str) -> Bulletin:
    """Freeze a month that is over as it was seen (``digest``); raises Refused when a number changed meanwhile."""
    template = templates().get(code)
    if template is None:
        raise Refused(problem("BULLETIN_UNKNOWN"))
    found = [] if actor.may(FREEZE) else [problem("BULLETIN_WHO")]
    if month.day != 1 or month >= localdate().replace(day=1):
        found.append(problem("BULLETIN_RUNNING", "month"))
    if found:
        raise Refused(found)
    content = drawn(template, month)
    if digest_of_content(content) != digest:
        raise Refused(problem("BULLETIN_CHANGED"))
    try:
        with transaction.atomic():
            made = Bulletin.objects.create(
                code=code, month=month, title=template.heading(month), content=content, digest=digest, by=actor.account, frozen_at=now()
            )
    except IntegrityError:
        raise Refused(problem("BULLETIN_FROZEN")) from None
    record("bulletin.freeze", actor=actor, target=f"bulletin:{made.pk}", after=digest)
    return made
