"""The audit trail: what is written, what is sealed, and that every way of tampering is found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from keheng.kernel.models import AuditEntry, Seal
from keheng.kernel.trail import verifier
from keheng.kernel.trail.heads import DamagedHeadsError, export, give_up_heads, problems, publish_head, read_heads, restores
from keheng.kernel.trail.record import SYSTEM, Actor, UnrecordedActError, act, digest_of, mark, now, record
from keheng.kernel.trail.seal import seal_pending

CLERK = Actor("account:7", role="clerk", unit="unit:3", address="127.0.0.1")


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("case.accept", actor=CLERK, target=f"case:{number}", after=digest_of({"state": "accepted"}))
        if number % 3 == 2:
            seal_pending(now())
    seal_pending(now())


def without_triggers(statement: str) -> None:
    """What the owner of the database can do."""
    with connection.cursor() as cursor:
        for table in ("kernel_auditentry", "kernel_seal"):
            for event in ("update", "delete", "truncate"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        cursor.execute(statement)


def test_an_entry_tells_who_did_what_to_which(fresh):
    write(1)
    body = json.loads(AuditEntry.objects.get().body)
    assert body.pop("at") <= now()
    assert body == {
        "act": "case.accept", "account": "account:7", "role": "clerk", "unit": "unit:3", "address": "127.0.0.1", "target": "case:0",
        "before": "", "after": digest_of({"state": "accepted"}), "succeeded": True, "reason": "",
    }  # fmt: skip
    assert list(problems(fresh / "heads")) == []


def test_an_empty_trail_holds(fresh):
    assert list(problems(fresh / "heads")) == []
    assert publish_head(fresh / "heads", now()) == 0


def test_entries_stand_and_fall_with_their_transaction(fresh):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("case.accept", actor=CLERK)
        raise ZeroDivisionError
    assert AuditEntry.objects.count() == 0
    with pytest.raises(UnrecordedActError):
        record("case.accept", actor=CLERK)


@pytest.mark.parametrize("table", ["kernel_auditentry", "kernel_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_the_tables_refuse_changes(fresh, table, statement):
    write(2)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert AuditEntry.objects.count() == 2


TAMPERING = {
    "change": "UPDATE kernel_auditentry SET body = replace(body, 'case:4', 'case:5') WHERE id = 5",
    "delete": "DELETE FROM kernel_auditentry WHERE id = 5",
    "insert": "INSERT INTO kernel_auditentry (id, era, xid, body) SELECT 1000, era, xid, body FROM kernel_auditentry WHERE id = 5",
    "reorder": "UPDATE kernel_auditentry SET body = (SELECT e.body FROM kernel_auditentry e WHERE e.id = 11 - kernel_auditentry.id) WHERE id IN (5, 6)",
    "delete a seal": "DELETE FROM kernel_seal WHERE id = 2",
    "change a seal": "UPDATE kernel_seal SET at = '2020-01-01T00:00:00+00:00' WHERE id = 2",
    "move a border": "UPDATE kernel_seal SET last_entry = 999 WHERE id = 2",
    "cut the tail": "DELETE FROM kernel_seal WHERE id = (SELECT max(id) FROM kernel_seal)",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(fresh, how):
    write(12)
    publish_head(fresh / "heads", now())
    assert list(problems(fresh / "heads")) == []
    without_triggers(TAMPERING[how])
    assert list(problems(fresh / "heads")) != []


def test_a_cut_tail_of_entries_and_seals_is_found_by_the_head_outside(fresh):
    write(6)
    publish_head(fresh / "heads", now())
    last = Seal.objects.order_by("-id").first()
    without_triggers(f"DELETE FROM kernel_auditentry WHERE id > {last.last_entry - last.count}")
    without_triggers(f"DELETE FROM kernel_seal WHERE id = {last.id}")
    assert list(problems(Path("/nonexistent"))) == []
    assert [sentence.split("：")[0] for sentence in problems(fresh / "heads")] == ["链尾被截"]


def test_a_rewritten_chain_is_found_by_the_head_outside(fresh):
    write(6)
    publish_head(fresh / "heads", now())
    without_triggers("UPDATE kernel_auditentry SET body = replace(body, 'clerk', 'leader')")
    previous, rows = verifier.START, iter(AuditEntry.objects.order_by("era", "xid", "id").values_list("body", flat=True))
    for seal in Seal.objects.order_by("id"):
        seal.previous, seal.head = previous, verifier.link(seal.id, seal.at, seal.count, previous, [next(rows) for _ in range(seal.count)])
        seal.save()
        previous = seal.head
    assert list(problems(Path("/nonexistent"))) == []
    assert [sentence.split("：")[0] for sentence in problems(fresh / "heads")] == ["整链被重写"]


def test_heads_are_kept_once_and_a_restore_stays_visible(fresh):
    write(3)
    first = publish_head(fresh, now())
    assert publish_head(fresh, now()) == 0
    write(3)
    second = publish_head(fresh, now())
    assert sorted(read_heads(fresh)) == [first, second]
    with (fresh / "heads.jsonl").open("a") as file:
        file.write(json.dumps({"restored": first, "at": "2026-01-01"}) + "\n")
    assert sorted(read_heads(fresh)) == [first]
    assert restores(fresh) == ["2026-01-01"]
    give_up_heads(fresh, "2026-01-02")
    assert restores(fresh) == ["2026-01-01", "2026-01-02"]
    with (fresh / "heads.jsonl").open("a") as file:
        file.write("{broken\n")
    with pytest.raises(DamagedHeadsError, match=r"heads\.jsonl:5"):
        read_heads(fresh)


def test_the_verifier_runs_without_keheng(fresh, tmp_path):
    write(7)
    publish_head(fresh / "heads", now())
    trail, script = tmp_path / "trail.jsonl", tmp_path / "verifier.py"
    assert export(trail) == 7
    script.write_bytes(Path(verifier.__file__).read_bytes())
    command = [sys.executable, "-I", str(script), str(trail), str(fresh / "heads" / "heads.jsonl")]
    whole = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (whole.returncode, whole.stdout.startswith("7 条记录")) == (0, True)
    trail.write_text(trail.read_text(encoding="utf-8").replace("case:3", "case:9"), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


class RefusedError(Exception):
    pass


@act("case.accept", RefusedError)
def accept(*, actor: Actor, fails: bool = False, silent: bool = False) -> int:
    if not silent:
        record("case.accept", actor=actor, target="case:1")
    if fails:
        raise RefusedError("case is closed")
    return 1


def test_an_act_leaves_an_entry_and_so_does_its_refusal(fresh):
    assert accept(actor=CLERK) == 1
    with pytest.raises(RefusedError):
        accept(actor=CLERK, fails=True)
    bodies = [json.loads(body) for body in AuditEntry.objects.order_by("id").values_list("body", flat=True)]
    assert [(b["account"], b["succeeded"], b["reason"]) for b in bodies] == [
        ("account:7", True, ""),
        ("account:7", False, "case is closed"),
    ]
    with pytest.raises(UnrecordedActError):
        accept(actor=CLERK, silent=True)
    assert AuditEntry.objects.count() == 2


def test_personal_values_stand_as_marks():
    assert mark("13800005678") == mark("13800005678")
    assert mark("13800005678") != mark("13800005679")
    assert "138" not in mark("13800005678")
    assert SYSTEM.account == "system"
