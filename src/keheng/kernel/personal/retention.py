"""Carrying out retention: packages bind rows to rules, and a daily job disposes of what is overdue, in batches; legal holds stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import DateTimeField, QuerySet
from django.utils.timezone import get_current_timezone

from keheng.kernel.personal.holds import in_force
from keheng.kernel.personal.models import RetentionRun
from keheng.kernel.personal.retention_rules import DELETE, KEEP, Rule, rules
from keheng.kernel.trail.record import SYSTEM, Actor, act, record

BATCH = 200


@dataclass(frozen=True, slots=True)
class Binding:
    """Rows that a rule governs. ``since`` is the field (date or time) from which its days count; NULL there: not yet.

    ``rows`` leaves out what was disposed of already, so that a second run finds nothing. ``dispose`` blanks or anonymises a batch and
    returns how many rows it changed; without it rows are deleted. ``person_keys`` names the row's person for legal holds.
    """

    rule: str
    holder: str
    rows: Callable[[], QuerySet[Any]]
    since: str
    dispose: Callable[[QuerySet[Any]], int] | None = None
    person_keys: Callable[[Any], Iterable[str]] | None = None


_bindings: dict[tuple[str, str], Binding] = {}


def bind_retention(binding: Binding) -> None:
    """Bind rows to a rule; raises KeyError for an unknown rule, ValueError for one that cannot be carried out so."""
    rule = rules()[binding.rule]
    if rule.action == KEEP:
        raise ValueError(f"rule {rule.code} removes nothing")
    if (rule.action == DELETE) != (binding.dispose is None):
        raise ValueError(f"rule {rule.code} says {rule.action}: {'give' if rule.action != DELETE else 'leave out'} the way to dispose")
    if _bindings.setdefault((binding.rule, binding.holder), binding) != binding:
        raise ValueError(f"rule {binding.rule} is bound twice to {binding.holder}")


def all_bindings() -> list[Binding]:
    """All bindings by rule and holder."""
    return [_bindings[key] for key in sorted(_bindings)]


def run_retention(moment: datetime | None = None) -> list[RetentionRun]:
    """Carry out every bound rule once; one row of the log for each. May be stopped and begun again at any time."""
    return [run_binding(binding, moment or datetime.now(UTC)) for binding in all_bindings()]


def run_binding(binding: Binding, moment: datetime) -> RetentionRun:
    """Carry out one binding."""
    rule, disposed, held = rules()[binding.rule], 0, 0
    overdue = _overdue(binding, rule, moment).order_by("pk").values_list("pk", flat=True)
    batch = list(overdue[:BATCH])
    while batch:
        done, kept = dispose_batch(actor=SYSTEM, binding=binding, keys=batch, moment=moment)
        disposed, held = disposed + done, held + kept
        batch = list(overdue.filter(pk__gt=batch[-1])[:BATCH])
    return RetentionRun.objects.create(
        rule=rule.code, holder=binding.holder, at=moment, disposed=disposed, held=held, oldest_left=_oldest(binding)
    )


@act("personal.retention.dispose", ())
def dispose_batch(*, actor: Actor, binding: Binding, keys: list[Any], moment: datetime) -> tuple[int, int]:
    """Dispose of those rows that are still overdue and not held; how many were, and how many a hold kept."""
    rows = _overdue(binding, rules()[binding.rule], moment).filter(pk__in=keys)
    # Looked at inside the transaction: a hold that stands now is respected.
    targets = set(in_force().values_list("target", flat=True))
    kept = [row.pk for row in rows if _targets(binding, row) & targets] if targets else []
    free = rows.exclude(pk__in=kept)
    done = binding.dispose(free) if binding.dispose else free.delete()[1].get(free.model._meta.label, 0)  # noqa: SLF001 -- Django's public name
    record("personal.retention.dispose", actor=actor, target=f"rule:{binding.rule}", reason=f"{binding.holder}: {done}, held {len(kept)}")
    return done, len(kept)


def _overdue(binding: Binding, rule: Rule, moment: datetime) -> QuerySet[Any]:
    cutoff: datetime | date = rule.cutoff(moment)
    if not _has_time(binding):
        cutoff = rule.cutoff(moment).astimezone(get_current_timezone()).date()
    return binding.rows().filter(**{f"{binding.since}__lt": cutoff})


def _oldest(binding: Binding) -> datetime | None:
    found = (
        binding.rows().filter(**{f"{binding.since}__isnull": False}).order_by(binding.since).values_list(binding.since, flat=True).first()
    )
    return found if found is None or isinstance(found, datetime) else datetime.combine(found, time.min, get_current_timezone())


def _has_time(binding: Binding) -> bool:
    return isinstance(binding.rows().model._meta.get_field(binding.since), DateTimeField)  # noqa: SLF001 -- Django's public name for what a model is


def _targets(binding: Binding, row: Any) -> set[str]:
    own = {f"{row._meta.label}:{row.pk}", f"rule:{binding.rule}"}  # noqa: SLF001 -- Django's public name for what a model is
    return own.union(binding.person_keys(row)) if binding.person_keys else own
