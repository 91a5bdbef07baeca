"""Figures that other systems send: signed, fresh, once, all or none; and the system sent away."""

import json
import time
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from people import make_account, make_unit, signed_in
from performance.performance_made_up import project, unit

from keheng.kernel.api.hooks.hearing import FRESH, is_signed
from keheng.kernel.api.hooks.sending import signature
from keheng.kernel.trail.record import Actor
from keheng.kernel.uploads.receiving import store
from keheng.performance.actions.senders import let_in
from keheng.performance.models import OutsideFigure, OutsideSender

PATH = "/api/v1/outside-figures"
ONE = {"key": "bandwidth", "title": "出口带宽", "value": "200.5", "measured_in": "Mbps", "begin": "2025-01-01", "last": "2025-01-31",
       "origin": "流量监测", "reference": "2025-01"}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


@pytest.fixture
def sender(db):
    return let_in(actor=Actor("11"), unit=unit().pk, name="流量监测系统")


def send(sender, figures, *, secret="", moment=None, body=None):
    body = body if body is not None else json.dumps({"figures": figures}, ensure_ascii=False)
    signed = signature(secret or sender.secret, int(time.time()) if moment is None else moment, body)
    return Client().post(
        PATH, body.encode(), content_type="application/json", headers={"Keheng-Sender": str(sender.pk), "Keheng-Signature": signed}
    )


def test_what_is_signed_is_taken_once_and_its_message_is_kept(sender):
    answer = send(sender, [ONE, ONE | {"key": "papers", "reference": "P-1", "value": "3"}])
    assert (answer.status_code, answer.json()) == (200, {"taken": 2})
    assert send(sender, [ONE]).json() == {"taken": 1}
    rows = list(OutsideFigure.objects.order_by("pk").values_list("key", "value", "unit", "by", "file_title"))
    assert rows == [
        ("bandwidth", Decimal("200.5"), sender.unit_id, "11", "流量监测系统.txt"), ("papers", Decimal(3), sender.unit_id, "11", "流量监测系统.txt"),
    ]  # fmt: skip
    kept = OutsideFigure.objects.first().digest
    assert json.loads(store().path(kept).read_text())["figures"][0] == ONE
    sender.refresh_from_db()
    assert sender.heard_at is not None


def test_one_wrong_figure_and_none_is_taken(sender):
    send(sender, [ONE])
    differs = send(sender, [ONE | {"reference": "2025-02"}, ONE | {"value": "1"}])
    assert (differs.status_code, [one["code"] for one in differs.json()["errors"]]) == (422, ["PERF_OUTSIDE_DIFFERS"])
    wrong = send(sender, [ONE | {"value": "many", "begin": "2025-13-01", "title": ""}])
    assert (wrong.status_code, sorted(one["field"] for one in wrong.json()["errors"])) == (
        422, ["body.figures.0.begin", "body.figures.0.title", "body.figures.0.value"],
    )  # fmt: skip
    assert send(sender, []).status_code == send(sender, [ONE] * 201).status_code == 422
    assert OutsideFigure.objects.count() == 1


def test_who_is_not_let_in_is_not_heard(sender):
    other = OutsideSender.objects.create(unit=sender.unit, name="另一个", secret=sender.secret[::-1], by="1", at=sender.at)
    answers = [
        send(sender, [ONE], secret=other.secret),
        send(sender, [ONE], moment=int(time.time()) - FRESH - 5),
        Client().post(PATH, "{}", content_type="application/json", headers={"Keheng-Sender": "x"}),
        Client().post(PATH, b"\xff", content_type="application/json", headers={"Keheng-Sender": str(sender.pk), "Keheng-Signature": "t=1"}),
        Client().post(PATH, "{}", content_type="application/json"),
    ]
    assert [one.status_code for one in answers] == [401] * 5
    OutsideSender.objects.update(stopped_at=sender.at)
    assert send(sender, [ONE]).status_code == 401
    assert not OutsideFigure.objects.exists()


@given(st.binary(max_size=60), st.integers(0, 2**39), st.text(max_size=20))
def test_only_the_same_bytes_under_the_same_secret_are_signed(body, moment, secret):
    try:
        said = body.decode()
    except UnicodeDecodeError:
        assert not is_signed(secret, f"t={moment},v1={'0' * 64}", body, moment)
        return
    header = signature(secret, moment, said)
    assert is_signed(secret, header, body, moment + FRESH)
    assert not is_signed(secret, header, body + b" ", moment)
    assert not is_signed(secret + " ", header, body, moment)
    assert not is_signed(secret, header, body, moment + FRESH + 1)
    assert not is_signed(secret, header.replace("v1=", "v2="), body, moment)


def test_the_secret_is_shown_once_and_a_system_is_sent_away(db):
    own = unit()
    own.kind = "institution"
    own.save()
    project(own)
    maker = signed_in(make_account("maker", "finance"))
    wrong = maker.post("/performance/outside/senders/", {"unit": own.pk, "name": " "})
    assert wrong.status_code == 422
    made = maker.post("/performance/outside/senders/", {"unit": own.pk, "name": "流量监测"}).content.decode()
    sender = OutsideSender.objects.get()
    assert sender.secret in made
    assert sender.secret not in maker.get("/performance/outside/senders/").content.decode()
    stranger = OutsideSender.objects.create(unit=make_unit("外单位"), name="外", secret=sender.secret, by="1", at=sender.at)
    assert maker.post(f"/performance/outside/senders/{stranger.pk}/stop/").status_code == 404
    assert maker.post(f"/performance/outside/senders/{sender.pk}/stop/").status_code == 302
    sender.refresh_from_db()
    assert sender.stopped_at is not None
