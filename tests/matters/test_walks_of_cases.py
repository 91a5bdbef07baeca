"""Walks through every matter file in the database, by the acts themselves: no dead end, no negative clock, the audit chain clean.

The check walks twice through each file; ``KEHENG_WALKS=20`` walks as often as asked for, longer each time, and on PostgreSQL too.
"""

import os
from datetime import date
from random import Random

import pytest
from matters.walking_cases import Walk, trail_is_clean, way_to
from matters.walking_ground import Cast, Time, begins_on

from keheng.kernel.models import AuditEntry
from keheng.matters.models import Case, CaseEvent
from keheng.matters.rules.files.shelf import in_force, matter_files, read_file

WALKS = int(os.environ.get("KEHENG_WALKS", "0" if os.environ.get("DATABASE_URL") else "2"))
READS = [read_file(path) for path in matter_files()]
# Days before long holidays, and ordinary ones.
DAYS = (date(2026, 2, 9), date(2026, 3, 16), date(2026, 9, 21), date(2026, 9, 29))


@pytest.fixture
def clock(monkeypatch, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    made = Time(monkeypatch)
    yield made
    made.moment = None


def days_of(read):
    """The days on which a file is in force and its matter takes what its tests hand in."""
    days = {*DAYS, read.matter.version, *(trial.start for trial in read.matter.tests)}
    held = [day for day in sorted(days) if (found := in_force(read.matter.id, day)) is not None and found.digest == read.digest]
    return [day for day in held if begins_on(read.matter, day)]


@pytest.mark.parametrize("seed", range(WALKS))
@pytest.mark.parametrize("read", READS, ids=lambda read: f"{read.matter.id}@{read.matter.version}")
@pytest.mark.django_db
def test_a_walk_ends_with_every_clock_event_and_entry_in_order(read, seed, clock, tmp_path):
    chance = Random(f"{read.matter.id}{seed}")  # noqa: S311 -- a walk that can be repeated
    clock.to(chance.choice(days_of(read)))
    cast = Cast()
    parent = way_to(read.matter.id, chance, cast, clock)
    ends = [state.id for state in read.matter.states if state.end is not None]
    case = Walk(read, chance, cast, clock, parent=parent).to_the_end(3 + seed % 5 * 3, ends[seed % len(ends)])
    assert case.end
    for each in Case.objects.all():
        assert CaseEvent.objects.filter(case=each).count() == each.version
        moves = AuditEntry.objects.filter(body__contains=f'"target":"case:{each.pk}"').filter(body__contains='"act":"case.move"')
        assert moves.count() == each.version
    assert trail_is_clean(tmp_path / "heads") == []
