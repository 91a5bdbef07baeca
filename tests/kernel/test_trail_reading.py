"""Entries about a record are found by an index."""

import pytest
from django.db import connection

from keheng.kernel.trail.reading import entries_about
from keheng.kernel.trail.record import SYSTEM, record


@pytest.mark.django_db
def test_entries_about_a_record_are_found_newest_first_and_no_others():
    for target in ("thing:1", "thing:12", "thing:1", "other:1"):
        record("thing.change", actor=SYSTEM, target=target)
    found = list(entries_about("thing:1"))
    assert [one.target for one in found] == ["thing:1", "thing:1"]
    assert found[0].pk > found[1].pk
    if connection.vendor == "sqlite":
        assert "kernel_entry_target" in entries_about("thing:1").explain()
