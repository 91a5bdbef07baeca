"""Standing surveys ask whoever was served, each service once and nobody too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from keheng.kernel.desk.messages import inbox, tell
from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, mark, record
from keheng.portal.actions.surveys import KIND, link_for, words_of
from keheng.portal.enums.surveys import Audience, LeftOut, SurveyState
from keheng.portal.models import Participant, Survey
from keheng.portal.rules.surveys import asks_after, is_drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A service that is over: of which occasion and subject, its key there, whose account ('' for none), and what it was called."""

    occasion: str
    subject: str
    key: str
    account: str
    called: str = ""
    language: str = "zh-hans"


def ask_after(served: Served) -> int:
    """Put whoever was served before every open survey that asks after it; how many asked now. Told again, it asks nobody twice.

    Each survey keeps that the service was in its frame and what came of it: asked, not drawn, asked too lately, nobody to ask.
    """
    waiting = Survey.objects.filter(audience=Audience.AFTER, state=SurveyState.OPEN)
    moment = now()
    if not any(asks_after(row, served.occasion, served.subject, moment) for row in waiting):
        return 0
    return _ask_all(actor=SYSTEM, served=served)


@act("survey.ask", Refused)
def _ask_all(*, actor: Actor, served: Served) -> int:
    # All that stand open are locked, in one order: two services of one person that end at once are looked at one after the other.
    rows = list(Survey.objects.select_for_update().filter(audience=Audience.AFTER, state=SurveyState.OPEN).order_by("pk"))
    moment = now()
    fit = [row for row in rows if asks_after(row, served.occasion, served.subject, moment)]
    # The survey about this very subject goes first.
    asked = sum(_put(row, served) for row in sorted(fit, key=lambda row: (not row.subject, row.pk)))
    record("survey.ask", actor=actor, target=f"occasion:{served.occasion}", after=digest_of({"asked": asked}))
    return asked


def _put(row: Survey, served: Served) -> bool:
    """Whether this survey asks now; the frame knows the service by a keyed mark."""
    ref = mark(f"survey:{row.pk}/{served.occasion}:{served.key}")
    if Participant.objects.filter(survey=row, ref=ref).exists():
        return False
    left_out = _left_out(row, ref, served.account)
    Participant.objects.create(survey=row, ref=ref, left_out=left_out)
    if left_out:
        return False
    Survey.objects.filter(pk=row.pk).update(reached=F("reached") + 1)
    title, intro = words_of(row, served.language)
    with override(served.language):
        about = _("关于：%(called)s") % {"called": served.called} if served.called else ""
    body = "\n".join(one for one in (about, intro) if one)
    url = link_for(row, ref, served.language)
    tell([served.account], kind=KIND, key=f"survey:{row.pk}:{ref}", title=title, body=body, url=url)
    return True


def _left_out(row: Survey, ref: str, account: str) -> str:
    """Why the survey does not ask; '' when it does."""
    if not account:
        return LeftOut.NOBODY
    if not is_drawn(ref, row.share or 0):
        return LeftOut.SAMPLE
    since = now() - timedelta(days=row.quiet_days or 0)
    return LeftOut.RECENT if inbox(account).filter(kind=KIND, sent_at__gt=since).exists() else ""
