"""Webhooks: who hears what, the signature, tries until it is heard, never into the own network."""

import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread

import pytest
from django.test import Client
from django.utils.timezone import now
from people import actor_for, make_account, make_unit
from portal.made_up import published

from keheng.access.actions.tokens import make_token
from keheng.directory.enums import districts
from keheng.directory.service import facts_from, register_organisation
from keheng.kernel.api.hooks import sending
from keheng.kernel.api.hooks.actions import make_hook, ping, resume_hook
from keheng.kernel.api.limits import limits
from keheng.kernel.api.models import Delivery, Hook
from keheng.kernel.api.problems import Conflict
from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.worker import work_off
from keheng.kernel.models import Job

HERE, THERE = list(districts())[:2]
EVENTS = ["organisation.registered"]


@pytest.fixture
def receiver():
    """A system of others on loopback: (its address, what it was sent, the statuses it answers)."""
    heard, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append((dict(self.headers), body))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook?a=1", heard, answers
    server.shutdown()
    server.server_close()


def officer(login, district):
    return make_account(login, "case_officer", district=district)


def register(name, district=HERE):
    actor = actor_for(officer(f"r{Hook.objects.count()}{len(name)}{now():%f}", district))
    return register_organisation(actor=actor, facts=facts_from(name=name, kind="enterprise", district=district))


def work():
    """Everything due now."""
    work_off("test", Event())


@pytest.mark.django_db
def test_an_event_is_told_signed_to_those_who_may_hear_it(receiver, monkeypatch):
    monkeypatch.setenv(sending.PRIVATE, "1")
    url, heard, _ = receiver
    own, other = make_unit(), make_unit("青禾研究院")
    manager = make_account("manager", "unit_manager", unit=own)
    everywhere = make_hook(actor=actor_for(officer("officer", HERE)), name="数据平台", url=url, events=EVENTS)
    make_hook(actor=actor_for(manager, own.pk), name="企业自己的系统", url=url, events=EVENTS)
    make_hook(actor=actor_for(officer("deaf", HERE)), name="听别的", url=url, events=["organisation.closed"])
    new = register("望山传感器有限公司")
    work()
    assert [json.loads(body)["data"] for _, body in heard] == [{"organisation": new.pk, "url": f"/api/v1/organisations/{new.pk}"}]
    headers, body = heard[0]
    moment, _, told = headers["Keheng-Signature"].removeprefix("t=").partition(",v1=")
    assert told == hmac.new(everywhere.secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    delivery = Delivery.objects.get()
    assert (delivery.hook, delivery.state, delivery.tries, delivery.answer) == (everywhere, "sent", 1, "HTTP 200")
    assert (headers["Keheng-Event"], headers["Keheng-Delivery"]) == ("organisation.registered", str(delivery.pk))
    assert other.pk != new.pk


@pytest.mark.django_db
def test_it_is_tried_again_until_it_is_heard_and_follows_nobody(receiver, monkeypatch):
    monkeypatch.setenv(sending.PRIVATE, "1")
    url, heard, answers = receiver
    answers[:] = [500, 302]
    make_hook(actor=actor_for(officer("officer", HERE)), name="数据平台", url=url, events=EVENTS)
    register("望山传感器有限公司")
    for _ in range(3):
        Job.objects.filter(kind="api.deliver").update(due_at="2020-01-01T00:00:00.000000+00:00")
        work()
    assert [body for _, body in heard] == [heard[0][1]] * 3
    assert Delivery.objects.values_list("state", "tries", "answer").get() == ("sent", 3, "HTTP 200")
    assert Hook.objects.get().failures_in_a_row == 0


@pytest.mark.django_db
def test_a_deaf_system_is_left_alone_and_its_owner_told(receiver, monkeypatch):
    monkeypatch.setenv(sending.PRIVATE, "1")
    monkeypatch.setitem(limits(), "hook_paused_after_failures", 2)
    url, _, answers = receiver
    answers[:] = [500] * 10
    account = officer("officer", HERE)
    hook = make_hook(actor=actor_for(account), name="数据平台", url=url, events=EVENTS)
    register("望山传感器有限公司")
    for _ in range(4):
        Job.objects.filter(kind="api.deliver").update(due_at="2020-01-01T00:00:00.000000+00:00")
        work()
    hook.refresh_from_db()
    assert (hook.active, hook.failures_in_a_row, Delivery.objects.get().tries) == (False, 2, 2)
    message = Message.objects.get()
    assert (message.account, message.title) == (str(account.pk), "推送“数据平台”已暂停")


@pytest.mark.django_db
def test_what_happened_during_a_pause_is_sent_once_in_order_when_it_ends(receiver, monkeypatch):
    monkeypatch.setenv(sending.PRIVATE, "1")
    monkeypatch.setitem(limits(), "hook_paused_after_failures", 2)
    url, heard, answers = receiver
    answers[:] = [500, 500]
    account = officer("officer", HERE)
    hook = make_hook(actor=actor_for(account), name="数据平台", url=url, events=EVENTS)
    first, second = register("望山传感器有限公司"), register("青禾研究院")
    work()
    third = register("临湖材料有限公司")
    work()
    hook.refresh_from_db()
    assert (hook.active, len(heard)) == (False, 2)
    with pytest.raises(Conflict) as refusal:
        ping(hook)
    assert refusal.value.problems[0].code == "API_HOOK_PAUSED"
    # Of the first the next try is known already; the second's job met the pause and ended.
    assert Delivery.objects.filter(state="waiting").count() == 3
    resume_hook(actor=actor_for(account), hook=hook)
    for _ in range(3):
        work()
        Job.objects.filter(kind="api.deliver").update(due_at="2020-01-01T00:00:00.000000+00:00")
    sent = [json.loads(body)["data"]["organisation"] for _, body in heard]
    assert sorted(sent[2:]) == [first.pk, second.pk, third.pk]
    assert {headers["Keheng-Delivery"] for headers, _ in heard} == {str(pk) for pk in Delivery.objects.values_list("pk", flat=True)}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://localhost/x", "http://localhost:1/x"])
def test_nobody_in_the_own_network_is_called(url):
    make_hook(actor=actor_for(officer("officer", HERE)), name="内网", url=url, events=EVENTS)
    register("望山传感器有限公司")
    work()
    assert Delivery.objects.values_list("state", "answer").get() == ("waiting", "不是公网地址 / not a public address")


@pytest.mark.django_db
def test_what_is_wrong_with_a_webhook_is_told_at_once():
    with pytest.raises(Refused) as refusal:
        make_hook(actor=actor_for(officer("officer", HERE)), name=" ", url="http://example.org/#x", events=["no.such", *EVENTS])
    assert [(one.code, one.field) for one in refusal.value.problems] == [
        ("API_HOOK_NAME", "name"), ("API_HOOK_URL", "url"), ("API_HOOK_EVENT", "events"),
    ]  # fmt: skip
    other = actor_for(officer("other", HERE))
    for url in ("https://a:b@example.org/", "https://[::1", "https://example.org:99999/", "https:///x", "ftp://example.org/"):
        with pytest.raises(Refused) as refusal:
            make_hook(actor=other, name="x", url=url, events=[])
        assert [one.code for one in refusal.value.problems] == ["API_HOOK_URL", "API_HOOK_NO_EVENT"], url


@pytest.mark.django_db
def test_over_the_api_the_secret_is_told_once_and_others_webhooks_are_not_there():
    owner, stranger = officer("officer", HERE), officer("stranger", THERE)
    asked = {
        one: {"Authorization": f"Bearer {make_token(actor=actor_for(one), name='x', scopes=[], days=1)[1]}"} for one in (owner, stranger)
    }
    made = Client().post(
        "/api/v1/webhooks", {"name": "数据平台", "url": "https://data.example/h", "events": EVENTS}, "application/json",
        headers=asked[owner] | {"Idempotency-Key": "key-00000001"},
    )  # fmt: skip
    assert made.status_code == 201
    secret, pk = made.json()["secret"], made.json()["id"]
    assert Hook.objects.get().secret == secret
    listed = Client().get("/api/v1/webhooks", headers=asked[owner]).json()
    assert [(one["id"], "secret" in one) for one in listed] == [(pk, False)]
    ping = Client().post(f"/api/v1/webhooks/{pk}/ping", headers=asked[owner] | {"Idempotency-Key": "key-00000002"})
    assert (ping.status_code, ping.json()["event"], ping.json()["state"]) == (202, "ping", "waiting")
    for method, path in (("get", "/deliveries"), ("delete", ""), ("post", "/ping"), ("post", "/resume")):
        answer = getattr(Client(), method)(
            f"/api/v1/webhooks/{pk}{path}", headers=asked[stranger] | {"Idempotency-Key": f"key-{method}-000{len(path)}"}
        )
        assert answer.status_code == 404, (method, path)
    assert [one["event"] for one in Client().get(f"/api/v1/webhooks/{pk}/deliveries", headers=asked[owner]).json()] == ["ping"]
    gone = Client().delete(f"/api/v1/webhooks/{pk}", headers=asked[owner] | {"Idempotency-Key": "key-00000003"})
    assert (gone.status_code, Hook.objects.count(), Delivery.objects.count()) == (204, 0, 0)


@pytest.mark.django_db
def test_what_is_public_is_told_to_whoever_listens(receiver, monkeypatch):
    monkeypatch.setenv(sending.PRIVATE, "1")
    url, heard, _ = receiver
    make_hook(actor=actor_for(make_account("citizen")), name="镜像站", url=url, events=["article.published"])
    row = published()
    work()
    assert [json.loads(body)["data"] for _, body in heard] == [{"article": row.pk, "url": f"/api/v1/articles/{row.pk}"}]
