"""Webhooks are made, changed, tried and taken away by the account that owns them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from keheng.kernel.api.hooks.offers import offers
from keheng.kernel.api.hooks.sending import queue_delivery, queue_waiting
from keheng.kernel.api.limits import limits
from keheng.kernel.api.models import Delivery, Hook
from keheng.kernel.api.problems import Conflict
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record


def hooks_of(actor: Principal) -> list[Hook]:
    """The actor's webhooks, oldest first."""
    return list(Hook.objects.filter(account=actor.account).order_by("made_at", "pk"))


def own_hook(actor: Principal, pk: UUID) -> Hook:
    """One of the actor's webhooks, held until the transaction ends; raises Hook.DoesNotExist."""
    return Hook.objects.select_for_update().get(pk=pk, account=actor.account)


def _problems(name: str, url: str, events: Sequence[str]) -> list[Problem]:
    found = []
    if not name.strip():
        found.append(problem("API_HOOK_NAME", "name"))
    if not _callable(url):
        found.append(problem("API_HOOK_URL", "url"))
    known = {one.name for one in offers()}
    found += [problem("API_HOOK_EVENT", "events", event=one, known="、".join(sorted(known))) for one in events if one not in known]
    if not events:
        found.append(problem("API_HOOK_NO_EVENT", "events"))
    return found


def _callable(url: str) -> bool:
    """Whether it is a whole HTTPS address, or one on the machine of whoever builds the other system."""
    try:
        parts = urlsplit(url)
        there = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    return there and not parts.username and not parts.fragment and (parts.scheme == "https" or local)


@act("hook.make", Refused)
def make_hook(*, actor: Principal, name: str, url: str, events: Sequence[str]) -> Hook:
    """A webhook with a secret of its own, shown once; Refused with everything wrong."""
    found = _problems(name, url, events)
    if Hook.objects.filter(account=actor.account).count() >= limits()["hooks_per_account"]:
        found.append(problem("API_HOOKS_MANY", most=limits()["hooks_per_account"]))
    if found:
        raise Refused(found)
    secret = f"whs_{secrets.token_urlsafe(32)}"
    new = Hook(account=actor.account, unit=actor.unit, name=name.strip(), url=url, secret=secret, events=sorted(set(events)), made_at=now())
    new.save()
    record("hook.make", actor=actor, target=f"hook:{new.pk}", after=digest_of({"url": url, "events": new.events}))
    return new


@act("hook.resume", ())
def resume_hook(*, actor: Principal, hook: Hook) -> None:
    """Send again after a pause, first what was written meanwhile."""
    hook.active, hook.failures_in_a_row = True, 0
    hook.save(update_fields=["active", "failures_in_a_row"])
    record("hook.resume", actor=actor, target=f"hook:{hook.pk}", after=digest_of({"queued": queue_waiting(hook)}))


@act("hook.remove", ())
def remove_hook(*, actor: Principal, hook: Hook) -> None:
    """Take it away with what it was sent."""
    record("hook.remove", actor=actor, target=f"hook:{hook.pk}", before=digest_of({"url": hook.url, "events": hook.events}))
    hook.delete()


def ping(hook: Hook) -> Delivery:
    """Send something that means nothing, to see whether it is heard; raises Conflict while the webhook is paused."""
    if not hook.active:
        raise Conflict(problem("API_HOOK_PAUSED"))
    with transaction.atomic():
        return queue_delivery(hook, "ping", {"hook": str(hook.pk)})
