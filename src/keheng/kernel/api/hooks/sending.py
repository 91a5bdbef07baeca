"""On its way to another system: who may hear it, the signature, one try after the other."""

from __future__ import annotations

import hmac
import http.client
import ipaddress
import json
import os
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from keheng import __version__
from keheng.kernel.accounts import accounts
from keheng.kernel.api.limits import limits
from keheng.kernel.api.models import Delivery, Hook
from keheng.kernel.desk.messages import tell
from keheng.kernel.jobs.queue import enqueue, moment
from keheng.kernel.jobs.registry import job
from keheng.kernel.models import Job
from keheng.kernel.powers import Principal

# For systems within the same network, and for tests: addresses that are nobody else's.
PRIVATE = "KEHENG_HOOKS_PRIVATE"
_DELIVER = "api.deliver"


class UndeliveredError(Exception):
    """The other system did not take it; tried again later."""


def hand_out(event: str, may_hear: Callable[[Principal], bool], data: Mapping[str, Any]) -> None:
    """Write a delivery for every webhook that listens to an event and may hear it now; while one is paused they wait for it."""
    for hook in Hook.objects.order_by("made_at"):
        if event not in hook.events:
            continue
        actor = accounts().principal(hook.account, hook.unit)
        # Who acts for the unit no more is answered for another one, of which the webhook was not to tell.
        if actor.unit == hook.unit and may_hear(actor):
            queue_delivery(hook, event, data)


def queue_delivery(hook: Hook, event: str, data: Mapping[str, Any]) -> Delivery:
    """A delivery, written in the caller's transaction, and queued unless the webhook is paused."""
    new = Delivery(hook=hook, event=event, made_at=now())
    body = {"id": str(new.pk), "type": event, "created_at": new.made_at.isoformat(), "data": data}
    new.body = json.dumps(body, ensure_ascii=False)
    new.save()
    if hook.active:
        enqueue(_DELIVER, {"delivery": str(new.pk)})
    return new


def queue_waiting(hook: Hook) -> int:
    """Queue what waits for a webhook that listens again, the oldest first; how many."""
    jobs = Job.objects.filter(kind=_DELIVER, state=Job.WAITING)
    known = {json.loads(payload)["delivery"]: pk for pk, payload in jobs.values_list("pk", "payload")}
    deliveries = hook.deliveries.filter(state=Delivery.State.WAITING).order_by("made_at", "pk")
    waiting = [str(pk) for pk in deliveries.values_list("pk", flat=True)]
    for one in waiting:
        # One with tries still to come is tried now, not twice.
        if one not in known or not jobs.filter(pk=known[one]).update(due_at=moment()):
            Delivery.objects.filter(pk=one).update(tries=0)
            enqueue(_DELIVER, {"delivery": one})
    return len(waiting)


def signature(secret: str, moment: int, body: str) -> str:
    """``t=<seconds>,v1=<hex>``: HMAC-SHA256 over ``<seconds>.<body>``."""
    return f"t={moment},v1={hmac.new(secret.encode(), f'{moment}.{body}'.encode(), 'sha256').hexdigest()}"


@job(_DELIVER, attempts=limits()["hook_tries"], atomic=False)
def deliver(payload: Mapping[str, Any]) -> None:
    """One try; raises UndeliveredError so that the queue tries again, later each time."""
    delivery = Delivery.objects.select_related("hook").filter(pk=payload["delivery"]).exclude(state=Delivery.State.SENT).first()
    if delivery is None or not delivery.hook.active:
        return
    try:
        status = _post(delivery)
        said = f"HTTP {status}"
    except (OSError, http.client.HTTPException, UndeliveredError) as error:
        status, said = 0, str(error)[:200] or type(error).__name__
    if 200 <= status < 300:  # noqa: PLR2004 -- HTTP's own range of success
        _heard(delivery, said)
        return
    _unheard(delivery, said)
    raise UndeliveredError(f"{delivery.hook.url}: {said}")


def _heard(delivery: Delivery, said: str) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT, answer=said, sent_at=now(), tries=F("tries") + 1)
        Hook.objects.filter(pk=delivery.hook_id).update(failures_in_a_row=0)


def _unheard(delivery: Delivery, said: str) -> None:
    hook = delivery.hook
    with transaction.atomic():
        last = delivery.tries + 1 >= limits()["hook_tries"]
        state = Delivery.State.FAILED if last else Delivery.State.WAITING
        Delivery.objects.filter(pk=delivery.pk).update(state=state, answer=said, tries=F("tries") + 1)
        Hook.objects.filter(pk=hook.pk).update(failures_in_a_row=F("failures_in_a_row") + 1)
        paused = Hook.objects.filter(pk=hook.pk, active=True, failures_in_a_row__gte=limits()["hook_paused_after_failures"])
        if paused.update(active=False):
            body = f"接收地址连续 {limits()['hook_paused_after_failures']} 次没有响应，最近一次：{said}。修复后请重新启用。"
            tell([hook.account], kind="api.hook", key=f"hook:{hook.pk}:{delivery.pk}", title=f"推送“{hook.name}”已暂停", body=body)


def _post(delivery: Delivery) -> int:
    """The other system's status; follows nobody elsewhere, and never calls an address of the own network."""
    hook, moment = delivery.hook, int(time.time())
    url = urlsplit(hook.url)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    address = _reachable(host, port)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Keheng/{__version__}",
        "Host": url.netloc,
        "Keheng-Event": delivery.event,
        "Keheng-Delivery": str(delivery.pk),
        "Keheng-Signature": signature(hook.secret, moment, delivery.body),
    }
    line = _Line(host, port, address, secure=url.scheme == "https")
    try:
        line.request("POST", f"{url.path or '/'}{'?' + url.query if url.query else ''}", delivery.body.encode(), headers)
        return line.getresponse().status
    finally:
        line.close()


def _reachable(host: str, port: int) -> str:
    """The address a name stands for; raises UndeliveredError where it is not a public one, unless the installation allows it."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if os.environ.get(PRIVATE) != "1" and not all(ipaddress.ip_address(one).is_global for one in found):
        raise UndeliveredError("不是公网地址 / not a public address")
    return found[0]


class _Line(http.client.HTTPConnection):
    """A connection to the address that was looked at, under the name that was asked for: a name that changes meanwhile changes nothing."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=limits()["hook_timeout_seconds"])
        self._address, self._secure = address, secure

    def connect(self) -> None:
        """Connect, and prove the other side's name over TLS."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._secure else plain
