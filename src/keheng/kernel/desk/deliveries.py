"""Messages on their way out of the site: by mail and by the installation's messenger, tried again after faults, sent at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.kinds import Way
from keheng.kernel.desk.messages import JOB
from keheng.kernel.desk.models import Delivery
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.jobs.registry import every, job
from keheng.kernel.messenger import MESSENGER
from keheng.kernel.plugins import chosen
from keheng.kernel.trail.record import Actor, act, record

DIGEST, GATHER = "desk.digest", "desk.digest.gather"
State = Delivery.State


def page_address(path: str) -> str:
    """The whole address of a page, for mails; the path alone where the installation does not know its own address."""
    return f"{settings.SITE_ADDRESS}{path}" if path.startswith("/") else path


@job(JOB, atomic=False)
def deliver(payload: Mapping[str, Any]) -> None:
    """Send one message on one way. What a fault leaves is tried again by the queue."""
    found = Delivery.objects.select_related("message").filter(pk=payload["delivery"]).first()
    if found is not None:
        _send([found], Way(found.way), lambda: _one(found))


def _one(found: Delivery) -> str | None:
    message, where = found.message, accounts().addresses(found.message.account)
    if found.way == Way.SMS:
        return chosen(MESSENGER).send(where.phone, f"{message.title}。详情请登录平台查看。") if where.phone else None
    link = f"\n{page_address(message.url)}" if message.url else ""
    return _mail(where.email, message.title, f"{message.body}{link}\n\n接收方式可以在“消息—接收设置”中修改。")


def _mail(to: str, title: str, body: str) -> str | None:
    """Send a mail; '' is its reference, None: there is no address."""
    if not to:
        return None
    send_mail(" ".join(title.split()), body, None, [to])
    return ""


def _send(found: list[Delivery], way: Way, send: Callable[[], str | None]) -> None:
    """Claim, send, note. A claim that a dead process left is not sent again by itself: it may have arrived."""
    keys = [one.pk for one in found]
    rows = Delivery.objects.filter(pk__in=keys)
    Delivery.objects.filter(pk__in=keys, state=State.SENDING).update(state=State.UNSURE, error="interrupted")
    if not rows.filter(state=State.WAITING).update(state=State.SENDING):
        return
    claimed = rows.filter(state=State.SENDING)
    try:
        reference = send()
    except Exception as error:
        # The text of the fault may hold an address: its kind says enough.
        claimed.update(state=State.WAITING, error=type(error).__name__)
        raise
    if reference is None:
        claimed.update(state=State.DROPPED, error=f"no {way} address")
    else:
        claimed.update(state=State.SENT, sent_at=now(), reference=reference[:120], error="")


@job(GATHER)
def gather(_payload: Mapping[str, Any]) -> None:
    """Queue a digest for each account that has something due in one, once a day."""
    waiting = Delivery.objects.filter(digest=True, state=State.WAITING, due_at__lte=now())
    for account in waiting.order_by().values_list("message__account", flat=True).distinct():
        enqueue(DIGEST, {"account": account}, key=f"{account}:{localdate()}")


@job(DIGEST, atomic=False)
def send_digest(payload: Mapping[str, Any]) -> None:
    """One mail with everything due."""
    account = payload["account"]
    due = Delivery.objects.filter(digest=True, due_at__lte=now(), message__account=account)
    due.filter(state=State.SENDING).update(state=State.UNSURE, error="interrupted")
    found = list(due.filter(state=State.WAITING).select_related("message").order_by("pk"))
    if not found:
        return
    lines = (f"· {one.message.title}\n  {page_address(one.message.url)}" if one.message.url else f"· {one.message.title}" for one in found)
    body = "\n".join(lines)
    _send(found, Way.EMAIL, lambda: _mail(accounts().addresses(account).email, f"您有 {len(found)} 条消息", body))


@act("message.send_again", Refused)
def send_again(*, actor: Actor, delivery: int) -> None:
    """Send once more what had no address, or may not have arrived; raises Refused for any other delivery."""
    rows = Delivery.objects.filter(pk=delivery, state__in=[State.UNSURE, State.DROPPED])
    if not rows.update(state=State.WAITING, digest=False, due_at=now(), error=""):
        raise Refused(problem("DESK_DELIVERY_STATE"))
    enqueue(JOB, {"delivery": delivery}, key=f"{delivery}:{now():%Y%m%d%H%M%S%f}")
    record("message.send_again", actor=actor, target=f"delivery:{delivery}")


every(timedelta(hours=1), GATHER)
