"""Who stands above whom, who holds whom, and which parties are related."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connection

from keheng.directory.actions.organisations import locked, state_of
from keheng.directory.models import Control, Organisation, Person, RelatedParty
from keheng.directory.rules.above import above_by_control, above_by_parent
from keheng.directory.rules.organisations import active_problems, control_problems, ending_problems, parent_problems, span_problems
from keheng.directory.rules.people import sides_problems
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record

_STRUCTURE_LOCK = 7_140_203_001


def hold_structure() -> None:
    """One change of the structure at a time: two that are sound by themselves could close a circle together.

    On SQLite a transaction that writes is alone already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STRUCTURE_LOCK])


@act("organisation.set_parent", Refused)
def set_parent(*, actor: Actor, organisation: int, parent: int | None) -> Organisation:
    """Put an organisation below another, or below none; raises Refused where a circle would close."""
    hold_structure()
    present = locked(organisation)
    before = digest_of(state_of(present))
    above = Organisation.objects.get(pk=parent) if parent is not None else None
    if found := parent_problems(present, above, above_by_parent(above.pk) if above else frozenset()):
        raise Refused(found)
    present.parent = above
    present.save(update_fields=["parent"])
    record("organisation.set_parent", actor=actor, target=f"organisation:{present.pk}", before=before, after=digest_of(state_of(present)))
    return present


@act("control.add", Refused)
def add_control(
    *, actor: Actor, owner: int, controlled: int, share: Decimal | None, since: date, until: date | None = None, source: str = ""
) -> Control:
    """Enter that one organisation holds ``share`` percent of another, or controls it without a share, for a time.

    Raises Refused for circles, a second holding of the same owner at the time, and shares that would pass 100 % on any day.
    """
    hold_structure()
    holder = Organisation.objects.get(pk=owner)
    new = Control(owner=holder, controlled=locked(controlled), share=share, since=since, until=until, source=source.strip())
    if found := control_problems(new, above_by_control(owner, since, until)):
        raise Refused(found)
    new.save()
    after = digest_of({"owner": owner, "controlled": controlled, "share": share, "since": since, "until": until, "source": new.source})
    record("control.add", actor=actor, target=f"organisation:{controlled}", after=after)
    return new


@act("control.end", Refused)
def end_control(*, actor: Actor, control: int, until: date) -> Control:
    """A holding ended: ``until`` is the first day on which it is no more."""
    present = Control.objects.select_for_update().get(pk=control)
    before = digest_of({"until": present.until})
    if found := ending_problems(present.since, present.until, until):
        raise Refused(found)
    present.until = until
    present.save(update_fields=["until"])
    record("control.end", actor=actor, target=f"organisation:{present.controlled_id}", before=before, after=digest_of({"until": until}))
    return present


@act("party.declare", Refused)
def declare_related_party(
    *,
    actor: Actor,
    organisation: int,
    kind: str,
    source: str,
    since: date,
    until: date | None = None,
    other: int | None = None,
    person: int | None = None,
) -> RelatedParty:
    """Enter that an organisation and another one, or a person, count as related parties, with the document that says so."""
    present = Organisation.objects.get(pk=organisation)
    second = Organisation.objects.get(pk=other) if other is not None else None
    somebody = Person.objects.get(pk=person) if person is not None else None
    new = RelatedParty(organisation=present, other=second, person=somebody, kind=kind, source=source.strip(), since=since, until=until)
    found = [*active_problems(present), *span_problems(since, until), *sides_problems(present, second, somebody, source)]
    if kind not in dict(RelatedParty.kind.field.choices or ()):
        found.append(problem("DIR_KIND_UNKNOWN", "kind"))
    if found:
        raise Refused(found)
    new.save()
    after = digest_of({"other": other, "person": person, "kind": kind, "since": since, "until": until, "source": new.source})
    record("party.declare", actor=actor, target=f"organisation:{organisation}", after=after)
    return new


@act("party.end", Refused)
def end_related_party(*, actor: Actor, party: int, until: date) -> RelatedParty:
    """Two parties are related no longer: ``until`` is the first day on which they are not."""
    present = RelatedParty.objects.select_for_update().get(pk=party)
    if found := ending_problems(present.since, present.until, until):
        raise Refused(found)
    present.until = until
    present.save(update_fields=["until"])
    record("party.end", actor=actor, target=f"organisation:{present.organisation_id}", after=digest_of({"until": until}))
    return present
