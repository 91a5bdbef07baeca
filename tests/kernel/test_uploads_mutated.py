"""Whatever a client sends, uploads answer it, and never with a fault of the program. ``KEHENG_MUTATIONS=10000`` sends so many."""

import os
import random

import pytest
from kernel.uploading import PART, begun, encoded, ground
from people import make_account, signed_in

__all__ = ["ground"]
REQUESTS = int(os.environ.get("KEHENG_MUTATIONS", "2000"))


@pytest.mark.one_database
def test_mutated_requests_are_answered(db, ground):
    client = signed_in(make_account("sender"))
    chance = random.Random(12)  # noqa: S311 -- the same damage every time
    values = [
        "",
        "0",
        "1",
        "-1",
        "10",
        "99999999999999999999",
        "1.0.0",
        "a b",
        "ü",
        "\x00",
        "place dGVzdC5tYXRlcmlhbA==",
        "bytes=0-",
        "x" * 5000,
        "٣",
    ]
    names = [
        "Tus-Resumable",
        "Upload-Length",
        "Upload-Offset",
        "Upload-Metadata",
        "Expect",
        "Content-Type",
        "Range",
        "X-HTTP-Method-Override",
    ]
    bodies = [b"", b"%PDF-1", b"<html>", b"\0" * 30, b"a=b&c=d"]
    client.raise_request_exception = False
    seen = {}
    url = begun(client, 10)
    for _ in range(REQUESTS):
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(chance.choice([0, 0, 1, 6])),
            "Upload-Length": str(chance.choice([6, 10, 30])),
        }
        headers["Upload-Metadata"] = encoded(filename=chance.choice(["a.pdf", "\u202e\n/", "长" * 300]), place="test.material")
        for _ in range(chance.randint(0, 3)):
            headers[chance.choice(names)] = chance.choice(values)
        method = chance.choice(
            ["POST", "HEAD", "PATCH", "PATCH", "PATCH", "DELETE" if chance.random() < 0.1 else "PATCH", "OPTIONS", "GET"]
        )
        target = chance.choice([url, url, url, "/uploads/"]) if method != "POST" else "/uploads/"
        kind = chance.choice([PART, PART, PART, "text/plain", "multipart/form-data; boundary=x", ""])
        answer = client.generic(method, target, chance.choice(bodies), kind, headers=headers)
        assert answer.status_code < 500, (method, target, headers, kind)
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        if "Location" in answer and answer.status_code == 201:
            url = answer["Location"]
    assert {200, 201, 204, 400, 404, 405, 409, 412, 413, 415, 422, 429} <= seen.keys()
