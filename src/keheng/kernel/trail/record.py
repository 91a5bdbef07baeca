"""Writing the trail: an entry in the transaction of its act. There is no switch."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.trail.changed import touch
from keheng.kernel.trail.seal import seal_own
from keheng.kernel.trail.verifier import sm3

P = ParamSpec("P")
R = TypeVar("R")

_written: ContextVar[int] = ContextVar("entries_written", default=0)
_SQLITE_INSERT = (
    "INSERT INTO kernel_auditentry (era, xid, body) VALUES ((SELECT coalesce(max(id), 0) FROM kernel_era), 0, %s) RETURNING era, id"
)
_POSTGRES_INSERT = (
    "INSERT INTO kernel_auditentry (era, xid, body) VALUES ((SELECT coalesce(max(id), 0) FROM kernel_era), "
    "pg_current_xact_id()::text::bigint, %s) RETURNING era, id"
)


class UnrecordedActError(RuntimeError):
    """An act ended without an entry on the trail, or an entry was written outside a transaction: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account's reference, the role used, the unit acted for, the network address; empty where there is none."""

    account: str
    role: str = ""
    unit: str = ""
    address: str = ""


SYSTEM = Actor("system")


def digest_of(state: Mapping[str, object]) -> str:
    """Digest of the state of a record before or after an act."""
    return sm3(canonical(state))


def mark(value: str) -> str:
    """A personal value as a keyed mark: the same person is seen again, the value is not, and erasing it leaves the chain whole."""
    return hmac.new(settings.SECRET_KEY.encode(), value.encode(), "sm3").hexdigest()[:32]


def canonical(value: object) -> str:
    """One JSON text for equal values; anything that is no JSON is written by its ``str``."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def record(
    act: str, *, actor: Actor, target: str = "", before: str = "", after: str = "", succeeded: bool = True, reason: str = "",
) -> int:  # fmt: skip
    """Write an entry inside the caller's transaction; its id. ``target`` is ``kind:id``, ``before`` and ``after`` digests.

    Raises UnrecordedActError outside a transaction: an entry must stand or fall with its act.
    """
    if not connection.in_atomic_block:
        raise UnrecordedActError(f"{act}: an entry is written in the transaction of its act")
    body = canonical(
        {
            "at": now(),
            "act": act,
            "account": actor.account,
            "role": actor.role,
            "unit": actor.unit,
            "address": actor.address,
            "target": target,
            "before": before,
            "after": after,
            "succeeded": succeeded,
            "reason": reason,
        }
    )
    inline = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE_INSERT if inline else _POSTGRES_INSERT, [body])
        era, number = cursor.fetchone()
        if inline:
            seal_own(cursor, (era, 0, number, body), now())
    _written.set(_written.get() + 1)
    if succeeded and not act.startswith(_quiet_acts()):
        # The act stands, whatever becomes of the mark: a fault there goes to the log.
        transaction.on_commit(touch, robust=True)
    return int(number)


@cache
def _quiet_acts() -> tuple[str, ...]:
    """How acts begin after which pages are as they were: most acts of a busy day, which must not cost every kept page."""
    text = (definitions_folder("kernel") / "quiet_acts.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["begin_with"])


def now() -> str:
    """The moment in UTC, as the trail writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def act(name: str, refusals: type[Exception] | tuple[type[Exception], ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function with a keyword ``actor`` an act: one transaction that must leave an entry.

    A refusal undoes the transaction and leaves an entry of its own, so that attempts are seen too.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            before = _written.get()
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    if _written.get() == before:
                        raise UnrecordedActError(f"{name}: left no entry on the trail")
                    return result
            except refusals as refusal:
                actor = kwargs.get("actor")
                with transaction.atomic():
                    record(name, actor=actor if isinstance(actor, Actor) else SYSTEM, succeeded=False, reason=str(refusal))
                raise

        return run

    return decorate
