"""Downloads: open to whom a holder opens them at that moment, as attachments that never run, in ranges, recorded where sensitive."""

import io
import json
import random

import pytest
from django.test import Client
from people import make_account, signed_in

from keheng.kernel.files import FileStore, Limits
from keheng.kernel.models import AuditEntry
from keheng.kernel.uploads import places
from keheng.kernel.uploads.places import Holder, register_holder

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 3000
SIZE = len(DATA)


@pytest.fixture
def row(db, tmp_path, settings, monkeypatch):
    settings.FILES_FOLDER = tmp_path / "files"
    monkeypatch.setattr(places, "_holders", {})
    return FileStore(tmp_path / "files").keep(io.BytesIO(DATA), Limits(4 << 20, frozenset({"application/pdf"})))


@pytest.fixture
def client(row):
    return signed_in(make_account("reader"))


@pytest.fixture
def url(row):
    return f"/files/{row.digest}/报告.pdf"


def opened(kind="thing", may=lambda *_: True, *, sensitive=False):
    register_holder(Holder(kind, may, sensitive))


def content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def downloads():
    return [
        body for body in map(json.loads, AuditEntry.objects.order_by("id").values_list("body", flat=True)) if body["act"] == "file.download"
    ]


def test_only_through_a_holder_and_at_that_moment(client, url, row):
    assert (client.get(url).status_code, Client().get(url).status_code) == (404, 302)
    allowed = {"now": False}
    asked = []
    opened(may=lambda actor, digest: asked.append((actor.account, digest)) or allowed["now"])
    assert client.get(url).status_code == 404
    allowed["now"] = True
    assert content(client.get(url)) == DATA
    allowed["now"] = False
    assert client.get(url, headers={"If-None-Match": f'"{row.digest}"'}).status_code == 404
    assert (len(asked), {digest for _, digest in asked}) == (3, {row.digest})
    assert client.get(f"/files/{'0' * 64}/x").status_code == 404


def test_a_file_is_saved_and_never_run(client, url, row):
    opened()
    answer = client.get(url)
    told = {
        name: answer[name]
        for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "ETag", "Content-Length")
    }
    assert told == {
        "Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache", "ETag": f'"{row.digest}"', "Content-Length": str(SIZE),
    }  # fmt: skip
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf"
    content(answer)
    head = client.head(url)
    assert (head.status_code, head["Content-Length"], content(head)) == (200, str(SIZE), b"")
    assert (client.post(url).status_code, client.delete(url)["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-0", 206, (0, 1)),
        ("bytes=10-", 206, (10, SIZE)),
        (f"bytes=10-{SIZE * 2}", 206, (10, SIZE)),
        ("bytes=-5", 206, (SIZE - 5, SIZE)),
        (f"bytes=-{SIZE * 2}", 200, (0, SIZE)),
        (f"bytes={SIZE - 1}-", 206, (SIZE - 1, SIZE)),
        ("bytes=0-", 200, (0, SIZE)),
        ("bytes=5-2", 200, (0, SIZE)),
        ("bytes=-", 200, (0, SIZE)),
        ("bytes=0-1,3-4", 200, (0, SIZE)),
        ("lines=1-2", 200, (0, SIZE)),
        (f"bytes={SIZE}-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
def test_ranges(client, url, asked, status, span):
    opened()
    answer = client.get(url, headers={"Range": asked})
    assert answer.status_code == status
    if span is None:
        assert (answer["Content-Range"], content(answer)) == (f"bytes */{SIZE}", b"")
    else:
        assert (content(answer), answer["Content-Length"]) == (DATA[slice(*span)], str(span[1] - span[0]))
        assert answer.get("Content-Range") == (f"bytes {span[0]}-{span[1] - 1}/{SIZE}" if status == 206 else None)


def test_what_the_browser_has_is_not_sent_again(client, url, row):
    opened(sensitive=True)
    assert client.get(url, headers={"If-None-Match": f'W/"{row.digest}"'}).status_code == 304
    assert client.get(url, headers={"If-None-Match": "*"}).status_code == 304
    assert downloads() == []
    assert content(client.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'})) == DATA
    assert content(client.get(url, headers={"Range": "bytes=0-1", "If-Range": f'"{row.digest}"'})) == DATA[:2]


def test_reading_a_sensitive_file_is_recorded(client, url, row):
    opened("plain")
    content(client.get(url))
    assert downloads() == []
    opened("secret", sensitive=True)
    content(client.get(url))
    content(client.get(url, headers={"Range": "bytes=5-"}))
    client.head(url)
    account = str(client.session["_auth_user_id"])
    assert [(one["account"], one["target"], one["reason"]) for one in downloads()] == [(account, f"file:{row.digest}", "plain,secret")] * 2


def test_a_file_the_store_lacks_is_told_to_the_operators(client, url, row, tmp_path, caplog):
    opened()
    FileStore(tmp_path / "files").path(row.digest).unlink()
    assert client.get(url).status_code == 404
    assert f"the store lacks {row.digest}" in [record.getMessage() for record in caplog.records]


def test_holders_are_registered_once(row):
    holder = Holder("thing", lambda *_: True)
    register_holder(holder)
    register_holder(holder)
    with pytest.raises(ValueError, match="registered twice"):
        register_holder(Holder("thing", lambda *_: False))


@pytest.mark.one_database
def test_mutated_requests_are_answered(client, url, row):
    opened()
    chance = random.Random(13)  # noqa: S311 -- the same damage every time
    for _ in range(500):
        name = "".join(
            chance.choice(["报", "a", ".", "%0D%0A", "%00", '"', ";", "%2F", "\\", "é", " "]) for _ in range(chance.randint(1, 30))
        )
        asked = "".join(chance.choice(["bytes", "=", "-", ",", "0", "9" * 9, " ", "٣"]) for _ in range(chance.randint(0, 6)))
        digest = chance.choice([row.digest, row.digest, row.digest.upper(), "..", "%2e%2e", "0"])
        answer = client.get(f"/files/{digest}/{name}", headers={"Range": asked, "If-Range": chance.choice(["", f'"{row.digest}"'])})
        assert answer.status_code in {200, 206, 404, 416}
        content(answer)
