"""Sealed texts: opened only in their column, by a key of the installation, and never looked up."""

import threading
import traceback
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.models import AuditEntry
from keheng.kernel.personal.keys import PersonalKeyError, all_keys
from keheng.kernel.personal.models import DataRequest
from keheng.kernel.personal.resealing import old_seals, reseal, reseal_batch
from keheng.kernel.personal.sealed import DamagedSealError, SealedLookupError, SealedTextField, open_text, seal_text
from keheng.kernel.trail.record import Actor

OPERATOR = Actor("1")
PHONE, IDENTITY = "13812345678", "110101199003071234"
PLACE = "personal_datarequest.detail"
OLD, NEW = "1:an-old-secret-of-some-length", "2:a-new-secret-of-some-length"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def ask(account="7", **given):
    return DataRequest.objects.create(
        kind="erase",
        account=account,
        person_keys=f"account:{account}",
        asked_at=datetime(2026, 3, 2, tzinfo=UTC),
        due_on=date(2026, 3, 23),
        **given,
    )


def raw(pk, column="detail"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM personal_datarequest WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@given(TEXTS)
def test_a_text_opens_as_it_was_and_no_two_seals_are_alike(text):
    first, second = seal_text(text, PLACE), seal_text(text, PLACE)
    assert (open_text(first, PLACE), open_text(second, PLACE)) == (text, text)
    assert (first == second) is (text == "")


@given(TEXTS.filter(bool), st.integers(0, 10_000), st.integers(1, 255))
def test_a_flipped_bit_is_found(text, place, change):
    sealed = seal_text(text, PLACE).encode()
    damaged = bytearray(sealed)
    damaged[place % len(sealed)] ^= change
    with pytest.raises(DamagedSealError):
        open_text(damaged.decode("latin-1"), PLACE)


def test_a_text_that_decodes_to_the_same_bytes_is_another_one():
    # 12 + 3 + 16 bytes: four bits of the last character are not used.
    sealed = seal_text("abc", PLACE)
    assert sealed.endswith("==")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = sealed[:-3] + letters[letters.index(sealed[-3]) + 1] + "=="
    for changed in (other, sealed.replace("==", "!=="), sealed + "="):
        with pytest.raises(DamagedSealError):
            open_text(changed, PLACE)


def test_a_seal_opens_in_its_own_column_only():
    with pytest.raises(DamagedSealError, match=r"directory_person\.phone: the sealed value is damaged"):
        open_text(seal_text(PHONE, PLACE), "directory_person.phone")


@pytest.mark.parametrize("sealed", ["x", PHONE, "s1.1.", "s1.1.!!", "s1.1.aaaa", "s0.1.aaaa", "s1.9.aaaa"])
def test_what_is_no_seal_does_not_open_and_is_not_told(sealed):
    with pytest.raises(DamagedSealError) as error:
        open_text(sealed, PLACE)
    assert PHONE not in "".join(traceback.format_exception(error.value))
    assert str(error.value) in {
        f"{PLACE}: sealed in a form or with a key that this installation does not have",
        f"{PLACE}: the sealed value is damaged or was sealed for another column",
    }


@pytest.mark.parametrize(("text", "problem"), [
    ("short", "personal key 1: the secret must have 16 bytes or more"),
    (f"{OLD},{OLD}", "personal key 2: an id is letters and digits, and no two keys share one"),
    (f"{OLD},a.b:{'x' * 16}", "personal key 2: an id is letters and digits, and no two keys share one"),
])  # fmt: skip
def test_keys_that_cannot_be_used_are_refused_without_telling_them(settings, text, problem):
    settings.PERSONAL_KEY = text
    with pytest.raises(PersonalKeyError) as error:
        all_keys()
    assert str(error.value) == problem


def test_every_key_opens_and_the_first_one_seals(settings):
    settings.PERSONAL_KEY = OLD
    before = seal_text(PHONE, PLACE)
    settings.PERSONAL_KEY = f"{NEW},{OLD}"
    assert list(all_keys()) == ["2", "1"]
    assert (open_text(before, PLACE), seal_text(PHONE, PLACE)[:5]) == (PHONE, "s1.2.")
    settings.PERSONAL_KEY = NEW
    with pytest.raises(DamagedSealError):
        open_text(before, PLACE)


@pytest.mark.django_db
def test_the_column_holds_ciphertext_and_python_the_text():
    row = ask(detail=PHONE)
    assert row.detail == PHONE
    assert DataRequest.objects.get().detail == PHONE
    assert DataRequest.objects.values_list("detail", "answer").get() == (PHONE, "")
    assert (raw(row.pk)[:5], raw(row.pk, "answer")) == ("s1.1.", "")
    DataRequest.objects.update(detail=IDENTITY)
    row.refresh_from_db()
    assert row.detail == IDENTITY
    row.answer = "更正为 " + PHONE
    DataRequest.objects.bulk_update([row], ["answer"])
    assert (DataRequest.objects.get().answer, raw(row.pk, "answer")[:5]) == ("更正为 " + PHONE, "s1.1.")


@pytest.mark.django_db
@pytest.mark.parametrize("condition", [
    {"detail": PHONE}, {"detail__contains": "138"}, {"detail__in": [PHONE]}, {"detail": None}, {"detail__lower": PHONE}, {"detail__gt": ""},
])  # fmt: skip
def test_nothing_is_looked_up_by_a_sealed_text(condition):
    with pytest.raises(SealedLookupError):
        list(DataRequest.objects.filter(**condition))


@pytest.mark.django_db
def test_whether_there_is_a_value_can_be_asked():
    ask(detail=PHONE)
    assert DataRequest.objects.filter(detail__isnull=False).count() == 1


@pytest.mark.django_db
def test_a_damaged_value_names_its_row_and_not_the_value():
    rows = [ask(str(number), detail=PHONE) for number in range(3)]
    DataRequest.objects.filter(pk=rows[1].pk).update(answer=models.F("detail"))
    with pytest.raises(DamagedSealError) as error:
        list(DataRequest.objects.all())
    place = "personal_datarequest.answer"
    assert str(error.value) == f"{place}: the sealed value is damaged or was sealed for another column; row {rows[1].pk}"


def test_a_sealed_column_has_no_index():
    assert [one.id for one in named(SealedTextField(unique=True)).check()] == ["personal.E001"]
    assert [one.id for one in named(SealedTextField(db_index=True)).check()] == ["personal.E001"]
    assert named(SealedTextField()).check() == []


def named(field):
    field.set_attributes_from_name("phone")
    field.model = DataRequest
    return field


def test_a_dump_holds_no_plain_value(fresh):
    with transaction.atomic():
        ask(detail=f"电话 {PHONE}，证件 {IDENTITY}", answer=PHONE)
    if connection.vendor == "sqlite":
        connection.close()
        dump = b"".join(path.read_bytes() for path in Path(fresh).glob("keheng.sqlite3*"))
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM personal_datarequest t")
            dump = "".join(row[0] for row in cursor.fetchall()).encode()
    assert b"account:7" in dump
    assert [value in dump for value in (PHONE.encode(), IDENTITY.encode(), "电话".encode())] == [False, False, False]


def test_sealing_anew_can_stop_and_begin_again(fresh, settings, monkeypatch):
    monkeypatch.setattr("keheng.kernel.personal.resealing.BATCH", 2)
    settings.PERSONAL_KEY = OLD
    rows = [ask(str(number), detail=f"{PHONE}/{number}", answer="" if number else PHONE) for number in range(5)]
    settings.PERSONAL_KEY = f"{NEW},{OLD}"
    ask("9", detail="made with the new key")
    assert old_seals(DataRequest, DataRequest._meta.get_field("detail")).count() == 5
    stopped = threading.Event()
    stopped.set()
    assert reseal(actor=OPERATOR, stop=stopped) == 0
    assert reseal_batch(actor=OPERATOR, model=DataRequest, field=DataRequest._meta.get_field("detail")) == 2
    assert reseal(actor=OPERATOR) == 4
    assert reseal(actor=OPERATOR) == 0
    settings.PERSONAL_KEY = NEW
    assert [row.detail for row in DataRequest.objects.order_by("pk")[:5]] == [f"{PHONE}/{number}" for number in range(5)]
    assert {raw(row.pk)[:5] for row in rows} == {"s1.2."}
    assert [entry.body.count("personal.reseal") for entry in AuditEntry.objects.order_by("id")] == [1, 1, 1, 1]


@pytest.mark.parametrize("keys", [OLD, f"{NEW},{OLD}"])
def test_a_row_that_changed_meanwhile_keeps_its_new_value(fresh, settings, monkeypatch, keys):
    settings.PERSONAL_KEY = OLD
    row = ask(detail=PHONE)
    settings.PERSONAL_KEY = f"{NEW},{OLD}"

    def changed_meanwhile(sealed, place):
        # By a process that knows the new key, or does not yet.
        settings.PERSONAL_KEY = keys
        DataRequest.objects.filter(pk=row.pk).update(detail="changed")
        settings.PERSONAL_KEY = f"{NEW},{OLD}"
        return open_text(sealed, place)

    monkeypatch.setattr("keheng.kernel.personal.resealing.open_text", changed_meanwhile)
    assert reseal_batch(actor=OPERATOR, model=DataRequest, field=DataRequest._meta.get_field("detail")) == 0
    assert DataRequest.objects.get().detail == "changed"
