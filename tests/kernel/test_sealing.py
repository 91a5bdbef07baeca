"""Sealing on PostgreSQL while transactions overlap."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from keheng.kernel.models import AuditEntry, Era, Seal
from keheng.kernel.trail.heads import problems
from keheng.kernel.trail.record import _POSTGRES_INSERT, SYSTEM, now, record
from keheng.kernel.trail.seal import MOST_A_SEAL, SEALER_LOCK, seal_pending

NOWHERE = Path("/nonexistent")


@pytest.fixture
def others(fresh):
    """Two more sessions of the same database."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: transactions cannot overlap")
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    with psycopg.connect(address) as one, psycopg.connect(address) as two:
        yield one, two


def test_a_lower_id_that_commits_later_is_not_lost(others):
    first, second = others
    first.execute("SELECT pg_current_xact_id()")
    second.execute(_POSTGRES_INSERT, ["second, lower id"])
    first.execute(_POSTGRES_INSERT, ["first, higher id"])
    first.commit()
    assert seal_pending(now()) == 1
    second.commit()
    assert seal_pending(now()) == 1
    assert list(Seal.objects.order_by("id").values_list("count", flat=True)) == [1, 1]
    assert list(AuditEntry.objects.order_by("era", "xid", "id").values_list("body", flat=True)) == ["first, higher id", "second, lower id"]
    assert list(problems(NOWHERE)) == []


def test_an_open_transaction_holds_sealing_back(others):
    first, second = others
    first.execute(_POSTGRES_INSERT, ["open"])
    second.execute(_POSTGRES_INSERT, ["done"])
    second.commit()
    assert seal_pending(now()) == 0
    first.commit()
    assert seal_pending(now()) == 2
    assert list(problems(NOWHERE)) == []


def test_one_sealer_at_a_time(others):
    first, _ = others
    with transaction.atomic():
        record("a.b", actor=SYSTEM)
    first.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    assert seal_pending(now()) == 0
    first.rollback()
    assert seal_pending(now()) == 1


def test_a_long_backlog_is_sealed_in_parts(others):
    with transaction.atomic():
        for _ in range(MOST_A_SEAL + 1):
            record("a.b", actor=SYSTEM)
    assert [seal_pending(now()), seal_pending(now()), seal_pending(now())] == [MOST_A_SEAL, 1, 0]
    assert list(problems(NOWHERE)) == []


def test_a_new_era_follows_the_one_before_whatever_its_transaction_numbers(others):
    first, _ = others
    first.execute("INSERT INTO kernel_auditentry (era, xid, body) VALUES (0, 1000000000, 'from another server')")
    first.commit()
    Era.objects.create(id=1, began_at=now(), reason="restore")
    with transaction.atomic():
        record("a.b", actor=SYSTEM)
    assert seal_pending(now()) == 2
    assert list(problems(NOWHERE)) == []
