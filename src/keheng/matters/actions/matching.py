"""Everybody is judged when files or the day are others, a unit when what is known of it is; differences alone are written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.trail.record import SYSTEM, Actor, act, record
from keheng.matters.actions.fact_changes import lock_matching, note_change
from keheng.matters.actions.pushing import push, push_all
from keheng.matters.actions.standings import write_difference
from keheng.matters.models import Case, FactChange, PolicyRun, PolicyStanding, PolicyTally
from keheng.matters.queries.policies.everybody import Crowd, everybody, some
from keheng.matters.queries.policies.kept import Kept, Pairs, difference, kept
from keheng.matters.queries.policies.known import units_by_number
from keheng.matters.queries.policies.offers import offers_due, offers_lost
from keheng.matters.rules.matching.marks import Sifted, sift
from keheng.matters.rules.matching.policy import Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf

OFFERS = "matters.follow_offers"
# Units in one transaction: others that write wait no longer than this takes.
_BATCH = 500
# How often a run says how far it is; how long a change that was followed is remembered.
_TELL_EVERY, _REMEMBERED = 50, timedelta(days=1)


def follow_policies() -> int:
    """Match what changed, and everybody when files, the day or what was counted are others; how many standings changed."""
    followed, run = follow_changes(), PolicyRun.objects.filter(pk=1).first()
    return followed if run is not None and _is_current(run) else followed + match_everybody()


def _is_current(run: PolicyRun) -> bool:
    """Whether files and day are those of the last run, and its counts are of what is known now."""
    same = run.at is not None and (run.digest, run.day) == (policy_shelf().digest, localdate())
    return same and not FactChange.objects.filter(done=True, at__gte=run.at).exists()


def follow_changes() -> int:
    """Match the units of which something changed; how many standings changed."""
    changed = 0
    while waiting := list(FactChange.objects.filter(done=False).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        changed += _match_changed(actor=SYSTEM, changes=waiting)
    return changed


def follow_case(*, case: int) -> None:
    """Have the unit of a case that ended matched again, where a fact counts such cases."""
    counted = {fact.of for fact in policy_shelf().facts.values() if fact.of}
    row = Case.objects.filter(pk=case, matter__in=counted, unit__isnull=False).first()
    if row is not None and row.unit_id is not None:
        note_change(row.unit_id)


def match_unit(unit: int) -> int:
    """Match one unit at once; how many standings changed."""
    return _match_units(actor=SYSTEM, units=[unit])


@act("policy.match", Refused)
def _match_units(*, actor: Actor, units: Collection[int]) -> int:
    lock_matching()
    return _judged(actor, units)


@act("policy.match", Refused)
def _match_changed(*, actor: Actor, changes: Sequence[int]) -> int:
    """The units of some changes. What changes from here on is a change of its own."""
    lock_matching()
    rows = FactChange.objects.filter(pk__in=changes)
    changed = _judged(actor, set(rows.values_list("unit", flat=True)))
    rows.update(done=True)
    return changed


def _judged(actor: Actor, numbers: Collection[int]) -> int:
    """Units against every policy; those that are not matched any more keep no standing."""
    today, policies = localdate(), policy_shelf().in_force(localdate())
    before = {(row.unit_id, row.policy): row for row in PolicyStanding.objects.filter(unit__in=numbers)}
    crowd, new = some(units_by_number(numbers), today), list[PolicyStanding]()
    for one in sift(policies, crowd.facts, crowd.present):
        for unit, lacks in zip(*(part.tolist() for part in _pairs(crowd, one)), strict=True):
            row, old = _standing(one.policy, unit, lacks), before.pop((unit, one.policy.id), None)
            if old is not None and bool(old.lacks) == bool(lacks):
                row.since = old.since
            if old is None or (old.version, old.lacks) != (row.version, row.lacks):
                new.append(row)
    PolicyStanding.objects.bulk_create(
        new, batch_size=_BATCH, update_conflicts=True, unique_fields=["unit", "policy"], update_fields=["version", "lacks", "since"]
    )
    PolicyStanding.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
    told = push(numbers)
    # Each offer is an act of its own: whoever matches does not wait for them.
    if offers_due(today, numbers) or offers_lost(numbers):
        enqueue(OFFERS, {})
    count = len(new) + len(before)
    record("policy.match", actor=actor, target="policies", reason=f"{len(numbers)} units, {count} changed, {told} told")
    return count


def _pairs(crowd: Crowd, one: Sifted) -> Pairs:
    places, lacks = one.kept()
    return Pairs(crowd.units[places], lacks)


def _standing(policy: Policy, unit: int, lacks: int) -> PolicyStanding:
    return PolicyStanding(unit_id=unit, policy=policy.id, version=policy.version, lacks=lacks, since=localdate())


def match_everybody() -> int:
    """Judge every unit by every policy, write what differs, count; how many standings changed.

    Each policy is written in a transaction of its own. A unit of which something changes meanwhile is left to its own matching.
    """
    seen, began, policies = set(FactChange.objects.values_list("pk", flat=True)), now(), policy_shelf().in_force(localdate())
    PolicyRun.objects.get_or_create(pk=1)
    crowd = everybody(localdate(), {clause.fact for one in policies for clause in one.clauses})
    before, tally = kept(), Tallying(crowd)
    changed = 0
    for number, one in enumerate(sift(policies, crowd.facts, crowd.present)):
        if number % _TELL_EVERY == 0:
            PolicyRun.objects.filter(pk=1).update(done=number, policies=len(policies))
        tally.add(one)
        changed += _write(one.policy, _pairs(crowd, one), before.get(one.policy.id, {}), seen)
    changed += _end_run(actor=SYSTEM, crowd=crowd, began=began, tallies=tally.rows())
    push_all()
    return changed


def _write(policy: Policy, found: Pairs, before: Kept, seen: Collection[int]) -> int:
    """Where nothing differs, nobody waits for the lock."""
    return _write_policy(actor=SYSTEM, policy=policy, found=found, seen=seen) if difference(policy, found, before).count else 0


@act("policy.match", Refused)
def _write_policy(*, actor: Actor, policy: Policy, found: Pairs, seen: Collection[int]) -> int:
    lock_matching()
    meanwhile = {unit for pk, unit in FactChange.objects.values_list("pk", "unit_id") if pk not in seen}
    what = difference(policy, found, kept([policy.id]).get(policy.id, {}), meanwhile)
    write_difference(policy, what)
    record("policy.match", actor=actor, target=f"policy:{policy.id}", reason=f"{what.count} changed")
    return what.count


class Tallying:
    """Counts of one policy after the other, by district."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._found: dict[str, dict[str, Any]] = {district: {} for district in crowd.districts}

    def add(self, one: Sifted) -> None:
        """Count a policy."""
        counts, clauses = one.counts(self._crowd.starts), len(one.policy.clauses)
        for place, counted in enumerate(self._found.values()):
            met, near, unmet, unknown, *each = counts[:, place].tolist()
            counted[one.policy.id] = {
                "version": f"{one.policy.version}", "met": met, "near": near, "unmet": unmet, "unknown": unknown,
                "failing": each[:clauses], "open": each[clauses:],
            }  # fmt: skip

    def rows(self) -> list[PolicyTally]:
        """What is kept of it."""
        return [PolicyTally(district=district, counts=counts) for district, counts in self._found.items()]


@act("policy.run", Refused)
def _end_run(*, actor: Actor, crowd: Crowd, began: datetime, tallies: Sequence[PolicyTally]) -> int:
    """Standings of policies that are over go, the counts are renewed, the run is noted; how many standings went."""
    run, today = lock_matching(), localdate()
    names = [one.id for one in policy_shelf().in_force(today)]
    gone = PolicyStanding.objects.exclude(policy__in=names).delete()[0]
    PolicyTally.objects.all().delete()
    PolicyTally.objects.bulk_create(tallies)
    FactChange.objects.filter(done=True, at__lt=began - _REMEMBERED).delete()
    run.digest, run.day, run.at, run.units = policy_shelf().digest, today, began, crowd.count
    run.policies = run.done = len(names)
    run.save()
    if offers_due(today) or offers_lost():
        enqueue(OFFERS, {})
    record("policy.run", actor=actor, target="policies", after=run.digest, reason=f"{crowd.count} units, {gone} standings ended")
    return gone
