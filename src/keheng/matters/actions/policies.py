"""Enterprises tell facts; everybody is matched against every policy, differences are kept, and who newly meets one is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate, localtime, now

from keheng.access.service import managers_by_unit
from keheng.directory.service import organisations_for
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.matters.enums import Verdict
from keheng.matters.models import Case, PolicyPush, PolicyRun, PolicyStanding, UnitFact
from keheng.matters.queries.addresses import address
from keheng.matters.queries.policies.known import Unit, believed, known_of, matched_units, units_by_number
from keheng.matters.queries.policies.offers import offers_due, offers_lost
from keheng.matters.rules.acting import APPLY
from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.marks import marks
from keheng.matters.rules.matching.policy import Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact

JOB, OFFERS, KIND = "matters.match_policies", "matters.follow_offers", "matters.policy"
_KEY = 32
# Units matched in one transaction: others that write wait no longer than this takes.
_BATCH = 500


@act("policy.facts.tell", Refused)
def tell_facts(*, actor: Principal, typed: Mapping[str, str], seen: Mapping[str, str]) -> int:
    """Keep what a unit tells of itself; how many facts changed. A blank takes a fact back.

    ``seen`` is what stood in the form: only what differs from it is written, so that colleagues do not undo each other. Raises Refused
    with everything wrong at once.
    """
    unit = organisations_for(actor, APPLY).select_for_update().filter(pk=actor.unit or 0).first()
    if unit is None:
        raise Refused(problem("POLICY_UNIT"))
    facts = policy_shelf().facts
    changed = {
        name: text for name, text in typed.items() if name in facts and not facts[name].shared and text != seen.get(name, "")
    }  # fmt: skip
    kept = {one.fact: one for one in UnitFact.objects.filter(unit=unit)}
    found = [wrong for name, text in changed.items() if (wrong := facts[name].problem_of(text))]
    found += [wrong for name, text in changed.items() if (wrong := _meanwhile(facts[name], text, seen.get(name, ""), kept.get(name)))]
    if found or not changed:
        raise Refused(found or problem("POLICY_FACT_NOTHING"))
    before = digest_of({name: kept[name].value for name in sorted(kept)})
    _write_facts(actor, unit.pk, {name: facts[name].understood(text) for name, text in changed.items()})
    after = digest_of(dict(UnitFact.objects.filter(unit=unit).order_by("fact").values_list("fact", "value")))
    record("policy.facts.tell", actor=actor, target=f"organisation:{unit.pk}", before=before, after=after)
    enqueue(JOB, {"unit": unit.pk})
    return len(changed)


def _meanwhile(fact: Fact, text: str, seen: str, kept: UnitFact | None) -> Any:
    """A colleague wrote another value since the form was opened; a value too old to be shown counts as none."""
    if kept is None or kept.value in {seen, text} or not fact.believed(localtime(kept.at).date(), localdate()):
        return None
    value = fact.understood(kept.value)
    return None if value is None else problem("POLICY_FACT_MEANWHILE", fact.id, label=fact.label, now=kept.value)


def _write_facts(actor: Principal, unit: int, values: Mapping[str, Any]) -> None:
    facts, moment = policy_shelf().facts, now()
    told = [
        UnitFact(unit_id=unit, fact=name, value=facts[name].kept(value), by=actor.account, at=moment)
        for name, value in values.items() if value is not None
    ]  # fmt: skip
    UnitFact.objects.filter(unit=unit, fact__in=[name for name, value in values.items() if value is None]).delete()
    UnitFact.objects.bulk_create(told, update_conflicts=True, unique_fields=["unit", "fact"], update_fields=["value", "by", "at"])


def follow_policies() -> int:
    """Match everybody when files or the day are others than the last time; how many standings changed."""
    run, digest, today = PolicyRun.objects.filter(pk=1).first(), policy_shelf().digest, localdate()
    if run is not None and (run.digest, run.day) == (digest, today):
        return 0
    return match_everybody()


def match_everybody() -> int:
    """Match every unit against every policy; how many standings changed."""
    numbers = list(matched_units().values_list("pk", flat=True))
    changed = sum(_match(actor=SYSTEM, numbers=numbers[first : first + _BATCH]) for first in range(0, len(numbers), _BATCH))
    return changed + _end_run(actor=SYSTEM, units=len(numbers))


def match_unit(unit: int) -> int:
    """Match one unit, which told something; how many standings changed."""
    return _match(actor=SYSTEM, numbers=[unit])


def follow_case(*, case: int) -> int:
    """Match the unit of a case that ended, where a fact counts such cases; how many standings changed."""
    counted = {fact.of for fact in policy_shelf().facts.values() if fact.of}
    row = Case.objects.filter(pk=case, matter__in=counted, unit__isnull=False).first()
    return 0 if row is None or row.unit_id is None else match_unit(row.unit_id)


def _lock() -> PolicyRun:
    """Matching goes one after the other: what the next one reads is what this one wrote."""
    PolicyRun.objects.get_or_create(pk=1)
    return PolicyRun.objects.select_for_update().get(pk=1)


@act("policy.run", Refused)
def _end_run(*, actor: Actor, units: int) -> int:
    """Standings of policies and units that are matched no longer go; the run is noted. How many went."""
    run, today = _lock(), localdate()
    names = [one.id for one in policy_shelf().in_force(today)]
    gone = PolicyStanding.objects.exclude(policy__in=names).delete()[0]
    gone += PolicyStanding.objects.exclude(unit__in=matched_units().values("pk")).delete()[0]
    run.digest, run.day, run.at, run.units = policy_shelf().digest, today, now(), units
    run.save()
    if offers_lost():
        enqueue(OFFERS, {})
    record("policy.run", actor=actor, target="policies", after=run.digest, reason=f"{units} units, {gone} standings ended")
    return gone


@act("policy.match", Refused)
def _match(*, actor: Actor, numbers: Sequence[int]) -> int:
    _lock()
    today = localdate()
    units, policies = units_by_number(numbers), policy_shelf().in_force(today)
    before = {(row.unit_id, row.policy): row for row in PolicyStanding.objects.filter(unit__in=[unit.pk for unit in units])}
    new = [row for row in _standings(units, policies, today) if _differs(before.get((row.unit_id, row.policy)), row)]
    PolicyStanding.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["unit", "policy"], update_fields=["version", "verdict", "unmet", "unknown", "since"],
        batch_size=_BATCH,
    )  # fmt: skip
    told = _push(units, policies)
    # Each offer is an act of its own: whoever matches does not wait for them.
    if offers_due(today, numbers) or offers_lost(numbers):
        enqueue(OFFERS, {})
    record("policy.match", actor=actor, target="policies", reason=f"{len(units)} units, {len(new)} changed, {told} told")
    return len(new)


def _standings(units: Sequence[Unit], policies: Sequence[Policy], today: date) -> Iterable[PolicyStanding]:
    known = known_of(units, today)
    facts = facts_of([believed(known.get(unit.pk, {})) for unit in units])
    for policy in policies:
        found = zip(units, *(bits.tolist() for bits in marks(policy, facts)), strict=True)
        for unit, unmet, unknown in found:
            verdict = Verdict.UNMET if unmet else Verdict.UNKNOWN if unknown else Verdict.MET
            yield PolicyStanding(
                unit_id=unit.pk, policy=policy.id, version=policy.version, verdict=verdict, unmet=unmet, unknown=unknown, since=today
            )


def _differs(before: PolicyStanding | None, row: PolicyStanding) -> bool:
    """Whether a standing is to be written; the day stays while the verdict does."""
    if before is None:
        return True
    if before.verdict == row.verdict and before.version == row.version:
        row.since = before.since
    return any(getattr(before, name) != getattr(row, name) for name in ("version", "verdict", "unmet", "unknown"))


def _push(units: Sequence[Unit], policies: Sequence[Policy]) -> int:
    """Tell the managers of units that meet policies and were not told of these versions, each unit once; how many units and policies."""
    managers = managers_by_unit(unit.pk for unit in units)
    if not managers:
        return 0
    pairs = PolicyStanding.objects.filter(unit__in=managers, verdict=Verdict.MET).values_list("unit", "policy", "version")
    done = set(PolicyPush.objects.filter(unit__in=managers).values_list("unit", "policy", "version"))
    # What is offered is told with its case.
    by_id, names = {one.id: one for one in policies if not one.offers}, {unit.pk: unit.name for unit in units}
    new: dict[int, list[Policy]] = {}
    for unit, name, version in pairs.order_by("pk"):
        if (unit, name, version) not in done and name in by_id:
            new.setdefault(unit, []).append(by_id[name])
    for unit, met in new.items():
        told = len(managers[unit])
        PolicyPush.objects.bulk_create(PolicyPush(unit_id=unit, policy=one.id, version=one.version, told=told, at=now()) for one in met)
        _tell(managers[unit], unit, names[unit], met)
    return sum(len(met) for met in new.values())


def _tell(managers: Collection[str], unit: int, name: str, met: Sequence[Policy]) -> None:
    """One message, however many policies a unit newly meets."""
    said = [f"{one.gives}。{'免申即享，不用申请。' if one.shared else '可以查看条件并申请。'}" for one in met]
    first, several = met[0], len(met) > 1
    title = f"{name}新符合 {len(met)} 项政策" if several else f"{name}符合“{first.title}”"
    body = "\n".join(f"{one.title}：{text}" for one, text in zip(met, said, strict=True)) if several else said[0]
    key = digest_of({one.id: f"{one.version}" for one in met})[:_KEY]
    tell(
        managers, kind=KIND, key=f"policies:{unit}:{key}", title=title, body=body,
        url=address("policies") if several else address("policy", first.id),
    )  # fmt: skip
