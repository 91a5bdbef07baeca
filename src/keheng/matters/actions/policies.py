"""Enterprises tell facts of themselves, together and without undoing each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate, localtime, now

from keheng.directory.service import organisations_for
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.fact_changes import note_change
from keheng.matters.models import UnitFact
from keheng.matters.rules.acting import APPLY
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact


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
    note_change(unit.pk)
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
