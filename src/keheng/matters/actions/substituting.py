"""替班: a colleague acts for some days where another is named; both are told, and it can be ended before.

One asks a colleague oneself. For who left or fell ill, somebody else does who may arrange it, but never for their own hand: nobody
gives themselves what was asked of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.telling import KIND
from keheng.matters.models import Substitution
from keheng.matters.queries.substitutions import named_now
from keheng.matters.rules.acting import ARRANGE

_LONGEST = 200


@act("case.substitute", Refused)
def substitute(*, actor: Principal, login: str, since: date, until: date, reason: str, giver: str = "") -> Substitution:
    """Let a colleague act where ``giver`` ('': oneself) is named, on days ``[since, until)``."""
    giver, taker = giver or actor.account, accounts().find(login)
    found = list(_whom_problems(actor, giver, taker))
    if not taker or taker == giver:
        found.append(problem("MATTER_COLLEAGUE", "login", login=login.strip()[:80]))
    if until <= since or since < localdate():
        found.append(problem("MATTER_SUBSTITUTE_DAYS", "until"))
    if not reason.strip():
        found.append(problem("MATTER_OPINION", "reason", title="代理"))
    if taker and Substitution.objects.filter(giver=giver, taker=taker, since__lt=until, until__gt=since).exists():
        found.append(problem("MATTER_SUBSTITUTE_TWICE", "login", name=_name(taker)))
    if found:
        raise Refused(found)
    made = Substitution.objects.create(giver=giver, taker=taker, since=since, until=until, reason=reason.strip()[:_LONGEST])
    facts = {"giver": giver, "taker": taker, "since": since, "until": until}
    record("case.substitute", actor=actor, target=f"substitution:{made.pk}", after=digest_of(facts), reason=made.reason)
    arranged = "" if giver == actor.account else f"，由 {_name(actor.account)} 安排"
    _tell_both(made, f"{since} 起代理：{_name(giver)} 的办件由 {_name(taker)} 代办，到 {until} 前一天为止{arranged}", made.reason)
    return made


def _whom_problems(actor: Principal, giver: str, taker: str) -> Iterator[Problem]:
    """What is wrong with arranging it for somebody else."""
    if giver == actor.account:
        return
    if not actor.may(ARRANGE) or giver not in named_now():
        yield problem("MATTER_SUBSTITUTE_WHOM", "giver")
    elif taker == actor.account:
        yield problem("MATTER_SUBSTITUTE_SELF", "login")


@act("case.substitute.end", Refused)
def end_substitution(*, actor: Principal, substitution: int) -> None:
    """End one's own substitution today, or any for who may arrange them; one that has not begun is taken back."""
    row = Substitution.objects.select_for_update().filter(pk=substitution, until__gt=localdate()).first()
    if row is None or (row.giver != actor.account and not actor.may(ARRANGE)):
        raise Refused(problem("MATTER_SUBSTITUTE_OVER"))
    record("case.substitute.end", actor=actor, target=f"substitution:{row.pk}", before=digest_of({"until": row.until}))
    _tell_both(row, f"代理结束：{_name(row.giver)} 的办件不再由 {_name(row.taker)} 代办")
    if row.since >= localdate():
        row.delete()
    else:
        Substitution.objects.filter(pk=row.pk).update(until=localdate())


def _name(account: str) -> str:
    return accounts().names([account]).get(account, "同事")


def _tell_both(row: Substitution, title: str, body: str = "") -> None:
    key = f"substitution:{row.pk}:{title[:4]}"
    tell([row.giver, row.taker], kind=KIND, key=key, title=title, body=body, url=reverse("casework:substitutions"))
