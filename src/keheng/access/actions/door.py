"""The door: failed attempts and locks by (login name, address), and the queue before it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db.models import F
from django.utils.timezone import now

from keheng.access.models import Account, FailedSignIn, Waiting
from keheng.access.rules.policy import policy
from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import Actor, act, mark, record


@act("sign-in.failed", ())
def note_failure(*, actor: Actor, login: str) -> None:
    """Count a failed attempt for the pair and for the address alone; lock what reached its limit."""
    limits, moment = policy("lock"), now()
    window = timedelta(minutes=limits["minutes"])
    record("sign-in.failed", actor=actor, target=f"login:{mark(login.lower())}", succeeded=False)
    for login_mark, most in ((mark(login.lower()), limits["failures"]), ("", limits["address_failures"])):
        pair = {"login_mark": login_mark, "address": actor.address}
        FailedSignIn.objects.get_or_create(**pair, defaults={"since": moment})
        counted = FailedSignIn.objects.filter(**pair)
        # Attempts of a window that is over, or before a lock that is over, count no more.
        counted.filter(since__lt=moment - window, locked_until=None).update(failures=0, since=moment)
        counted.filter(locked_until__lte=moment).update(failures=0, since=moment, locked_until=None)
        counted.update(failures=F("failures") + 1)
        if counted.filter(failures__gte=most, locked_until=None).update(locked_until=moment + window):
            record("sign-in.locked", actor=actor, target=f"login:{login_mark or 'any'}", reason=f"{most}")


@act("sign-in.done", ())
def note_sign_in(*, actor: Actor, account: Account) -> None:
    """Record a sign-in and forget the pair's failures."""
    FailedSignIn.objects.filter(login_mark=mark(account.login.lower()), address=actor.address).delete()
    record("sign-in.done", actor=actor, target=f"account:{account.pk}")


@act("sign-in.unlock", Refused)
def unlock(*, actor: Actor, lock_id: int) -> None:
    """Take a lock away."""
    FailedSignIn.objects.filter(pk=lock_id).delete()
    record("sign-in.unlock", actor=actor, target=f"lock:{lock_id}")


def take_place(ticket: str) -> str:
    """Keep a place in the queue, or take one at its end; the ticket."""
    if ticket and Waiting.objects.filter(ticket=ticket).update(seen_at=now()):
        return ticket
    return Waiting.objects.create(ticket=secrets.token_hex(16), seen_at=now()).ticket


def leave_queue(ticket: str) -> None:
    """Give a place up; forgets those who went away long ago as well."""
    Waiting.objects.filter(ticket=ticket).delete()
    Waiting.objects.filter(seen_at__lt=now() - timedelta(seconds=20 * policy("queue")["forgotten_seconds"])).delete()
