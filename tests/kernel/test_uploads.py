"""Uploads in parts: counted by the database, resumed after any break, refused with a reason."""

import errno
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from kernel.uploading import CLOSED, PDF, PLACE, announced, begun, code, encoded, ground, sent, tus
from people import make_account, signed_in

from keheng.kernel.errors import Refused
from keheng.kernel.files import FileStore
from keheng.kernel.jobs.registry import all_timed, kind_of
from keheng.kernel.models import AuditEntry, StoredFile
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM
from keheng.kernel.uploads import receiving
from keheng.kernel.uploads.models import Upload
from keheng.kernel.uploads.places import Place, register_place
from keheng.kernel.uploads.receiving import append, clean_name, partial, partials, sweep, take_upload

__all__ = ["ground"]


@pytest.fixture
def client(db, ground):
    return signed_in(make_account("sender"))


@pytest.fixture
def committed(fresh, ground):
    """A client whose rows other threads see."""
    return signed_in(make_account("sender"))


def number_in(url):
    return UUID(url.rstrip("/").rsplit("/", 1)[-1])


def acts():
    return [
        (body["act"], body["succeeded"])
        for body in map(json.loads, AuditEntry.objects.order_by("id").values_list("body", flat=True))
        if "upload" in body["act"]
    ]


def test_a_file_is_sent_in_parts_and_taken_once(client):
    url = begun(client)
    for begin in range(0, len(PDF), 1_000_000):
        head = tus(client, "HEAD", url)
        assert (head.status_code, head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == (
            200,
            str(begin),
            str(len(PDF)),
            "no-store",
        )
        last = sent(client, url, begin, PDF[begin : begin + 1_000_000])
        assert (last.status_code, last["Tus-Resumable"], bool(last["Upload-Expires"])) == (204, "1.0.0", True)
    row = StoredFile.objects.get()
    assert (last["Upload-Digest"], last["Upload-Offset"]) == (row.digest, str(len(PDF)))
    assert FileStore(receiving.store().folder).path(row.digest).read_bytes() == PDF
    assert list(partials().iterdir()) == []
    actor = Principal(Upload.objects.get().account)
    with pytest.raises(Refused):
        take_upload(actor=Principal("other"), number=number_in(url), place=PLACE)
    with pytest.raises(Refused):
        take_upload(actor=actor, number=number_in(url), place=CLOSED)
    taken = take_upload(actor=actor, number=number_in(url), place=PLACE)
    assert (taken.digest, taken.name, taken.size) == (row.digest, "申报书.pdf", len(PDF))
    with pytest.raises(Refused):
        take_upload(actor=actor, number=number_in(url), place=PLACE)
    assert tus(client, "HEAD", url).status_code == 404
    assert acts() == [
        ("upload.begin", True), ("upload.finish", True), ("upload.take", False), ("upload.take", False), ("upload.take", True), ("upload.take", False),
    ]  # fmt: skip


def test_options_tell_the_protocol(client):
    for url in ("/uploads/", f"/uploads/{uuid4()}/"):
        answer = client.options(url)
        told = (answer.status_code, answer["Tus-Version"], answer["Tus-Extension"], answer["Tus-Resumable"])
        assert told == (204, "1.0.0", "creation,termination,expiration", "1.0.0")
    assert (client.get("/uploads/").status_code, client.put("/uploads/")["Allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Upload_Length": "9"}, (403, ["upload.place"])),
        ({"Upload_Length": "9", "Upload_Metadata": encoded(place="test.closed")}, (403, ["upload.place"])),
        ({"Upload_Length": "9", "Upload_Metadata": encoded(place="nowhere")}, (403, ["upload.place"])),
        ({"Upload_Length": "0", "Upload_Metadata": encoded(place="test.material")}, (422, ["upload.empty"])),
        ({"Upload_Length": str((4 << 20) + 1), "Upload_Metadata": encoded(place="test.material")}, (413, ["upload.too_big"])),
        ({"Upload_Length": "-1", "Upload_Metadata": encoded(place="test.material")}, (400, ["upload.header"])),
        ({"Upload_Length": "١", "Upload_Metadata": encoded(place="test.material")}, (400, ["upload.header"])),
        ({"Upload_Length": "9" * 16, "Upload_Metadata": encoded(place="test.material")}, (400, ["upload.header"])),
        ({"Upload_Defer_Length": "1", "Upload_Metadata": encoded(place="test.material")}, (400, ["upload.header"])),
        ({"Upload_Length": "9", "Upload_Metadata": "place !!!"}, (400, ["upload.header"])),
        ({"Upload_Length": "9", "Upload_Metadata": "place gICA"}, (400, ["upload.header"])),
        ({"Upload_Length": "9", "Upload_Metadata": "a " + "A" * 5000}, (400, ["upload.header"])),
        ({"Upload_Length": "9", "Tus_Resumable": "0.2.2"}, (412, ["upload.version"])),
    ],
)
def test_what_cannot_begin_says_why(client, headers, expected):
    assert code(tus(client, "POST", "/uploads/", **headers)) == expected
    assert (Upload.objects.count(), announced(client, 10).status_code) == (0, 201)


def test_only_so_many_at_once(client, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_OPEN", 2)
    begun(client)
    begun(client)
    assert code(announced(client, 5 << 20)) == (413, ["upload.too_big", "upload.too_many"])
    assert code(announced(client, 5)) == (429, ["upload.too_many"])


def test_an_upload_is_its_owners_alone(client):
    url = begun(client)
    other = signed_in(make_account("other"))
    for method in ("HEAD", "PATCH", "DELETE"):
        assert tus(other, method, url, PDF if method == "PATCH" else b"", Upload_Offset="0").status_code == 404
        assert tus(Client(), method, url).status_code == 302
    assert tus(Client(), "POST", "/uploads/").status_code == 302
    assert (Upload.objects.get().offset, tus(client, "HEAD", f"/uploads/{uuid4()}/").status_code) == (0, 404)


def test_offsets_bodies_and_types_that_do_not_fit(client):
    url = begun(client, 100)
    assert code(sent(client, url, 1, b"x")) == (409, ["upload.offset"])
    assert code(sent(client, url, 0, b"x" * 101)) == (413, ["upload.too_long"])
    assert code(tus(client, "PATCH", url, b"x", "text/plain", Upload_Offset="0")) == (415, ["upload.media_type"])
    assert code(tus(client, "PATCH", url, b"x")) == (400, ["upload.header"])
    assert sent(client, url, 0, b"x" * 60)["Upload-Offset"] == "60"
    assert code(sent(client, url, 0, b"x" * 60)) == (409, ["upload.offset"])
    assert code(sent(client, url, 60, b"x" * 41)) == (413, ["upload.too_long"])
    assert sent(client, url, 60, b"").status_code == 204
    assert sent(client, url, 60, b"x" * 40)["Upload-Offset"] == "100"
    assert sent(client, url, 100, b"")["Upload-Offset"] == "100"
    assert code(sent(client, url, 60, b"x")) == (409, ["upload.offset"])


def test_a_body_longer_than_it_said_is_cut_off(client):
    upload = Upload.objects.get(pk=number_in(begun(client, 100)))
    with pytest.raises(Refused) as caught:
        append(upload, 0, io.BytesIO(b"x" * 101).read)
    assert ([one.code for one in caught.value.problems], upload.offset, upload.claim) == (["upload.too_long"], 0, "")


def test_what_the_store_refuses_is_thrown_away(client):
    url = begun(client, 6)
    assert code(sent(client, url, 0, b"<html>")) == (422, ["upload.refused"])
    assert (Upload.objects.count(), StoredFile.objects.count(), list(partials().iterdir())) == (0, 0, [])
    assert acts() == [("upload.begin", True), ("upload.finish", False)]


def test_giving_up_throws_the_bytes_away(client):
    url = begun(client)
    sent(client, url, 0, PDF[:1000])
    assert partial(number_in(url)).stat().st_size == 1000
    assert tus(client, "DELETE", url).status_code == 204
    assert (tus(client, "HEAD", url).status_code, list(partials().iterdir()), acts()[-1]) == (404, [], ("upload.end", True))


def test_a_broken_connection_keeps_what_came(client):
    url = begun(client)
    upload = Upload.objects.get(pk=number_in(url))
    pieces = iter([PDF[:70_000], PDF[70_000:100_000]])

    def breaking(_size):
        try:
            return next(pieces)
        except StopIteration:
            raise ConnectionResetError from None

    append(upload, 0, breaking)
    assert tus(client, "HEAD", url)["Upload-Offset"] == "100000"
    assert sent(client, url, 100_000, PDF[100_000:])["Upload-Digest"] == StoredFile.objects.get().digest


def test_after_a_kill_sending_goes_on_from_what_was_flushed(client):
    url = begun(client)
    upload = Upload.objects.get(pk=number_in(url))
    source = io.BytesIO(PDF)

    class Killed(BaseException):
        """As if the process ended: nothing is handled."""

    def dying(size):
        if source.tell() > 2_500_000:
            raise Killed
        return source.read(size)

    with pytest.raises(Killed):
        append(upload, 0, dying)
    # A process that is killed does not give its claim back.
    held = Upload.objects.filter(pk=upload.pk)
    held.update(claim="dead", claimed_until=now() + timedelta(seconds=20))
    offset = int(tus(client, "HEAD", url)["Upload-Offset"])
    assert 2 << 20 <= offset <= partial(upload.pk).stat().st_size
    assert code(sent(client, url, offset, PDF[offset:])) == (409, ["upload.busy"])
    held.update(claimed_until=now() - timedelta(seconds=1))
    assert sent(client, url, offset, PDF[offset:]).status_code == 204
    assert receiving.store().path(StoredFile.objects.get().digest).read_bytes() == PDF


def test_of_two_at_once_one_wins(committed):
    url = begun(committed)
    upload = Upload.objects.get(pk=number_in(url))
    inside, go = threading.Event(), threading.Event()
    source = io.BytesIO(PDF)

    def slow(size):
        inside.set()
        assert go.wait(20)
        return source.read(size)

    def writer():
        append(upload, 0, slow)
        connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    assert inside.wait(20)
    assert code(sent(committed, url, 0, b"y" * 10)) == (409, ["upload.busy"])
    go.set()
    thread.join()
    assert tus(committed, "HEAD", url)["Upload-Offset"] == str(len(PDF))
    assert sent(committed, url, len(PDF), b"")["Upload-Digest"] == StoredFile.objects.get().digest


def test_many_race_for_the_same_part(committed):
    url = begun(committed, 90_000)
    data = b"%PDF-" + b"x" * 89_995

    def race(_):
        upload = Upload.objects.get(pk=number_in(url))
        try:
            append(upload, 0, io.BytesIO(data[:50_000]).read)
        except Refused as refused:
            return refused.problems[0].code
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(race, range(8)))
    assert (results.count("won"), set(results) <= {"won", "upload.busy", "upload.offset"}) == (1, True)
    assert sent(committed, url, 50_000, data[50_000:]).status_code == 204
    assert receiving.store().path(StoredFile.objects.get().digest).read_bytes() == data


def test_a_writer_that_lost_its_claim_counts_nothing(client):
    upload = Upload.objects.get(pk=number_in(begun(client)))
    pieces = iter([PDF[:100], b""])

    def robbed(_size):
        Upload.objects.filter(pk=upload.pk).update(claim="another")
        return next(pieces)

    with pytest.raises(Refused) as caught:
        append(upload, 0, robbed)
    assert ([one.code for one in caught.value.problems], upload.offset, upload.claim) == (["upload.busy"], 0, "another")


def test_a_full_disk_is_told_and_counts_nothing(client, monkeypatch):
    url = begun(client)

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(receiving.os, "fsync", full)
        assert code(sent(client, url, 0, PDF[:1000])) == (507, ["upload.disk_full"])
    assert tus(client, "HEAD", url)["Upload-Offset"] == "0"
    assert sent(client, url, 0, PDF[: len(PDF) - 1]).status_code == 204
    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "keep", lambda *_: full(0))
        assert code(sent(client, url, len(PDF) - 1, PDF[-1:])) == (507, ["upload.disk_full"])
    assert (tus(client, "HEAD", url)["Upload-Offset"], StoredFile.objects.count()) == (str(len(PDF)), 0)
    assert sent(client, url, len(PDF), b"")["Upload-Digest"] == StoredFile.objects.get().digest


def test_parts_that_are_gone_are_told(client):
    url = begun(client)
    sent(client, url, 0, PDF[:1000])
    partial(number_in(url)).unlink()
    assert code(sent(client, url, 1000, PDF[1000:2000])) == (410, ["upload.lost"])


def test_expired_uploads_are_gone_and_swept(client):
    kept, old = begun(client), begun(client)
    for url in (kept, old):
        sent(client, url, 0, PDF[:1000])
    Upload.objects.filter(pk=number_in(old)).update(expires_at=now() - timedelta(seconds=1))
    (partials() / uuid4().hex).write_bytes(b"stray")
    assert tus(client, "HEAD", old).status_code == 404
    assert sweep(actor=SYSTEM) == 1
    assert [path.name for path in partials().iterdir()] == [number_in(kept).hex]
    assert tus(client, "HEAD", kept)["Upload-Offset"] == "1000"
    kind_of("uploads.sweep").handler({})
    assert [(timed.kind, timed.every) for timed in all_timed() if timed.kind == "uploads.sweep"] == [("uploads.sweep", timedelta(days=1))]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("申报书.pdf", "申报书.pdf"),
        ("C:\\fakepath\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\0.pdf", "ab.pdf"),
        ("..", "未命名"),
        ("", "未命名"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
        ("x" * 300, "x" * 200),
        ("." + "x" * 300, "x" * 200),
    ],
)
def test_names_are_cleaned(told, kept):
    assert clean_name(told) == kept


def test_places_are_registered_once(ground):
    register_place(PLACE)
    with pytest.raises(ValueError, match="registered twice"):
        register_place(Place("test.material", PLACE.limits, lambda _: True))
