"""Sending files by the tus protocol, for tests."""

import base64
import json

import pytest

from keheng.kernel.files import Limits
from keheng.kernel.uploads import places
from keheng.kernel.uploads.places import Place, register_place

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 12_000
SIZE = len(PDF)
PLACE = Place("test.material", Limits(4 << 20, frozenset({"application/pdf", "text/plain"})), lambda actor: actor.account != "none")
CLOSED = Place("test.closed", PLACE.limits, lambda _: False)
PART = "application/offset+octet-stream"


@pytest.fixture
def ground(tmp_path, settings, monkeypatch):
    settings.FILES_FOLDER = tmp_path / "files"
    monkeypatch.setattr(places, "_places", {})
    register_place(PLACE)
    register_place(CLOSED)


def encoded(**values):
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def tus(client, method, url, data=b"", kind=PART, **headers):
    # Named as a header too: the test client leaves the type of an empty body out.
    told = {"Tus-Resumable": "1.0.0", "Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(method, url, data, kind, headers=told)


def announced(client, size, place="test.material", name="申报书.pdf"):
    return tus(client, "POST", "/uploads/", Upload_Length=str(size), Upload_Metadata=encoded(filename=name, place=place))


def begun(client, size=SIZE):
    answer = announced(client, size)
    assert answer.status_code == 201
    return answer["Location"]


def sent(client, url, offset, data):
    return tus(client, "PATCH", url, data, Upload_Offset=str(offset))


def code(answer):
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert (told["status"], bool(told["title"]), bool(told["detail"])) == (answer.status_code, True, True)
    return answer.status_code, [one["code"] for one in told["problems"]]
