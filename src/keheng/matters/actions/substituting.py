"""替班: a colleague acts for some days where oneself is named; both are told, and it can be ended before."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.matters.actions.telling import KIND
from keheng.matters.models import Substitution

_LONGEST = 200


@act("case.substitute", Refused)
def substitute(*, actor: Actor, login: str, since: date, until: date, reason: str) -> Substitution:
    """Let a colleague act where oneself is named, on days ``[since, until)``."""
    taker = accounts().find(login)
    found = list[Problem]()
    if not taker or taker == actor.account:
        found.append(problem("MATTER_COLLEAGUE", "login", login=login.strip()[:80]))
    if until <= since or since < localdate():
        found.append(problem("MATTER_SUBSTITUTE_DAYS", "until"))
    if not reason.strip():
        found.append(problem("MATTER_OPINION", "reason", title="代理"))
    if taker and Substitution.objects.filter(giver=actor.account, taker=taker, since__lt=until, until__gt=since).exists():
        found.append(problem("MATTER_SUBSTITUTE_TWICE", "login", name=_name(taker)))
    if found:
        raise Refused(found)
    made = Substitution.objects.create(giver=actor.account, taker=taker, since=since, until=until, reason=reason.strip()[:_LONGEST])
    record(
        "case.substitute", actor=actor, target=f"substitution:{made.pk}", after=digest_of({"taker": taker, "since": since, "until": until})
    )
    _tell_both(made, f"{made.since} 起代理：{_name(made.giver)} 的办件由 {_name(taker)} 代办，到 {made.until} 前一天为止")
    return made


@act("case.substitute.end", Refused)
def end_substitution(*, actor: Actor, substitution: int) -> None:
    """End one's own substitution today; one that has not begun is taken back."""
    row = Substitution.objects.select_for_update().filter(pk=substitution, giver=actor.account, until__gt=localdate()).first()
    if row is None:
        raise Refused(problem("MATTER_SUBSTITUTE_OVER"))
    record("case.substitute.end", actor=actor, target=f"substitution:{row.pk}", before=digest_of({"until": row.until}))
    _tell_both(row, f"代理结束：{_name(row.giver)} 的办件不再由 {_name(row.taker)} 代办")
    if row.since >= localdate():
        row.delete()
    else:
        Substitution.objects.filter(pk=row.pk).update(until=localdate())


def _name(account: str) -> str:
    return accounts().names([account]).get(account, "同事")


def _tell_both(row: Substitution, title: str) -> None:
    key = f"substitution:{row.pk}:{title[:4]}"
    tell([row.giver, row.taker], kind=KIND, key=key, title=title, url=reverse("casework:substitutions"))
