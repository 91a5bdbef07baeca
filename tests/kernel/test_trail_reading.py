"""Entries about a record, of an act and by an account are found by an index; other words only among the newest."""

import pytest
from django.db import connection

from keheng.kernel.models import AuditEntry
from keheng.kernel.trail import reading
from keheng.kernel.trail.reading import entries_about, with_word
from keheng.kernel.trail.record import SYSTEM, Actor, record


@pytest.mark.django_db
def test_entries_about_a_record_are_found_newest_first_and_no_others():
    for target in ("thing:1", "thing:12", "thing:1", "other:1"):
        record("thing.change", actor=SYSTEM, target=target)
    found = list(entries_about("thing:1"))
    assert [one.target for one in found] == ["thing:1", "thing:1"]
    assert found[0].pk > found[1].pk
    if connection.vendor == "sqlite":
        assert "kernel_entry_target" in entries_about("thing:1").explain()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "acts", "index"),
    [
        ("thing:1", ["thing.change"], "kernel_entry_target"),
        ("12", ["things.count", "other.do"], "kernel_entry_account"),
        ("thing.change", ["thing.change"], "kernel_entry_act"),
        ("thing", ["thing.change"], "kernel_entry_kind"),
        ("因为", ["other.do"], "kernel_auditentry_pkey"),
    ],
)
def test_words_are_looked_up_where_they_can_stand(word, acts, index):
    record("thing.change", actor=SYSTEM, target="thing:1", reason="thing")
    record("things.count", actor=Actor("12"))
    record("other.do", actor=Actor("12"), target="thing:12", reason="因为 12")
    record("thi.s", actor=Actor("1"))
    rows = with_word(AuditEntry.objects.order_by("-id"), word)
    assert [one.body.split('"act":"')[1].split('"')[0] for one in reversed(rows)] == acts
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in rows.all()[:50].explain().replace("rowid>?", "kernel_auditentry_pkey")


@pytest.mark.django_db
def test_of_a_long_trail_only_the_newest_are_read_for_any_word(monkeypatch):
    monkeypatch.setattr(reading, "MOST_READ", 2)
    for number in range(3):
        record("thing.change", actor=SYSTEM, reason=f"因为{number}")
    assert [len(list(with_word(AuditEntry.objects.all(), word))) for word in ("因为", "因为0", "因为1")] == [2, 0, 1]
