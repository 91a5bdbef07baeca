"""Standing surveys ask whoever was served, each service once and nobody too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from keheng.kernel.desk.messages import inbox, tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, mark, record
from keheng.portal.actions.surveys import KIND, link_for, words_of
from keheng.portal.enums.surveys import Audience, LeftOut, SurveyState
from keheng.portal.models import AskedCaller, Participant, Survey
from keheng.portal.rules.occasions import is_told_from_outside
from keheng.portal.rules.surveys import asks_after, is_drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A service that is over: of which occasion and subject, its key there, whose account ('' for none), and what it was called.

    ``caller`` is what another system calls whoever has no account here, the same each time; the link goes back to that system.
    """

    occasion: str
    subject: str
    key: str
    account: str = ""
    called: str = ""
    caller: str = ""
    language: str = "zh-hans"


def ask_after(served: Served) -> int:
    """Put whoever was served before every open survey that asks after it; how many asked now. Told again, it asks nobody twice.

    Each survey keeps that the service was in its frame and what came of it: asked, not drawn, asked too lately, nobody to ask.
    """
    waiting = Survey.objects.filter(audience=Audience.AFTER, state=SurveyState.OPEN)
    moment = now()
    if not any(asks_after(row, served.occasion, served.subject, moment) for row in waiting):
        return 0
    return len(_ask_all(actor=SYSTEM, served=served))


@act("survey.ask", Refused)
def ask_caller(*, actor: Actor, served: Served) -> tuple[str, str] | None:
    """Title and link of the survey that asks after a service of another system, which hands them on; None where none asks.

    The same sampling and days of quiet hold as for whoever has an account; told again, the link is the same one. Raises Refused for a
    service that is not told from outside.
    """
    if not is_told_from_outside(served.occasion, served.subject):
        raise Refused(problem("SUR_NOT_OUTSIDE", "occasion"))
    return next(iter(_ask_all(actor=actor, served=served)), None)


@act("survey.ask", Refused)
def _ask_all(*, actor: Actor, served: Served) -> list[tuple[str, str]]:
    """Title and link of every survey that asks."""
    # All that stand open are locked, in one order: two services of one person that end at once are looked at one after the other.
    rows = list(Survey.objects.select_for_update().filter(audience=Audience.AFTER, state=SurveyState.OPEN).order_by("pk"))
    moment = now()
    fit = [row for row in rows if asks_after(row, served.occasion, served.subject, moment)]
    # The survey about this very subject goes first.
    put = (_put(row, served) for row in sorted(fit, key=lambda row: (not row.subject, row.pk)))
    asked = [one for one in put if one is not None]
    record("survey.ask", actor=actor, target=f"occasion:{served.occasion}", after=digest_of({"asked": len(asked)}))
    return asked


def _put(row: Survey, served: Served) -> tuple[str, str] | None:
    """Title and link, where this survey asks now; the frame knows the service by a keyed mark."""
    ref = mark(f"survey:{row.pk}/{served.occasion}:{served.key}")
    known = Participant.objects.filter(survey=row, ref=ref).first()
    left_out = _left_out(row, ref, served) if known is None else known.left_out
    if known is None:
        Participant.objects.create(survey=row, ref=ref, left_out=left_out)
    elif not served.caller:
        return None
    if left_out:
        return None
    title, intro = words_of(row, served.language)
    url = link_for(row, ref, served.language)
    if known is None:
        Survey.objects.filter(pk=row.pk).update(reached=F("reached") + 1)
        _hand_over(row, served, ref, (title, intro, url))
    return title, url


def _hand_over(row: Survey, served: Served, ref: str, words: tuple[str, str, str]) -> None:
    """Put title, words and link into the inbox; of a caller keep that they were asked: the other system reaches them."""
    title, intro, url = words
    if served.caller:
        AskedCaller.objects.update_or_create(mark=_caller(served), defaults={"asked_at": now()})
        return
    with override(served.language):
        about = _("关于：%(called)s") % {"called": served.called} if served.called else ""
    body = "\n".join(one for one in (about, intro) if one)
    tell([served.account], kind=KIND, key=f"survey:{row.pk}:{ref}", title=title, body=body, url=url)


def _caller(served: Served) -> str:
    return mark(f"caller:{served.occasion}:{served.caller}")


def _left_out(row: Survey, ref: str, served: Served) -> str:
    """Why the survey does not ask; '' when it does."""
    if not served.account and not served.caller:
        return LeftOut.NOBODY
    if not is_drawn(ref, row.share or 0):
        return LeftOut.SAMPLE
    since = now() - timedelta(days=row.quiet_days or 0)
    if served.caller:
        lately = AskedCaller.objects.filter(mark=_caller(served), asked_at__gt=since).exists()
    else:
        lately = inbox(served.account).filter(kind=KIND, sent_at__gt=since).exists()
    return LeftOut.RECENT if lately else ""
