"""How an account wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from keheng.kernel.desk.kinds import Way, all_kinds
from keheng.kernel.desk.models import Habit, Preference
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record


def ways_of(account: str) -> Mapping[str, frozenset[str]]:
    """The ways besides the inbox by kind of message, as chosen or as the kind has them."""
    chosen = dict(Preference.objects.filter(account=account).values_list("kind", "ways"))
    return {kind.code: frozenset(chosen[kind.code].split(",")) if kind.code in chosen else frozenset(kind.ways) for kind in all_kinds()}


def habit_of(account: str) -> Habit:
    """Hours of quiet and digest of an account; one that chose nothing has neither."""
    return Habit.objects.filter(account=account).first() or Habit(account=account)


@act("message.prefer", Refused)
def choose_ways(
    *, actor: Principal, ways: Mapping[str, frozenset[Way]], quiet_from: time | None, quiet_to: time | None, digest: bool,
) -> None:  # fmt: skip
    """Keep how an account wants to be told; kinds that are not named are told in the inbox alone."""
    if (quiet_from is None) != (quiet_to is None) or (quiet_from is not None and quiet_from == quiet_to):
        raise Refused(problem("DESK_QUIET_ENDS", "quiet_to"))
    told = {kind.code: ",".join(sorted(ways.get(kind.code, frozenset()))) for kind in all_kinds()}
    for kind, chosen in told.items():
        Preference.objects.update_or_create(account=actor.account, kind=kind, defaults={"ways": chosen})
    facts = {"quiet_from": quiet_from, "quiet_to": quiet_to, "digest": digest}
    Habit.objects.update_or_create(account=actor.account, defaults=facts)
    record("message.prefer", actor=actor, target=f"account:{actor.account}", after=digest_of({**told, **facts}))
