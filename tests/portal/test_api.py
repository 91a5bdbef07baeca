"""The public site over the API: what visitors may read, registering under the same rules as on the page."""

import json

import pytest
from django.test import Client
from people import actor_for, make_account
from portal.made_up import article, column, published
from portal.outreach_made_up import opened, phone, planned

from keheng.access.actions.tokens import make_token
from keheng.portal.models import Registration

pytestmark = pytest.mark.django_db


def register(session, *people, key="key-00000001", token=None):
    token = token or make_token(actor=actor_for(make_account("citizen")), name="x", scopes=[], days=1)[1]
    body = json.dumps({"people": [{"name": name, "phone": number} for name, number in people]})
    return Client().post(
        f"/api/v1/events/sessions/{session.pk}/registrations", body, "application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )  # fmt: skip


def test_only_what_is_public_is_read():
    first = published("仪器共享平台使用说明")
    hidden = article("还没有发布的稿件", where=column())
    listed = Client().get("/api/v1/articles").json()
    assert [(one["id"], one["title"]) for one in listed["items"]] == [(first.pk, "仪器共享平台使用说明")]
    read = Client().get(f"/api/v1/articles/{first.pk}?language=en").json()
    assert (read["language"], read["languages"], read["version"]) == ("zh-hans", ["zh-hans"], 1)
    assert read["body"].startswith("<p>")
    assert Client().get(f"/api/v1/articles/{hidden.pk}").status_code == 404


def test_a_wrong_token_is_refused_where_none_is_needed():
    assert Client().get("/api/v1/articles").status_code == 200
    assert Client().get("/api/v1/articles", headers={"Authorization": "Bearer kh_wrong"}).status_code == 401


def test_registering_keeps_the_rules_of_the_page():
    session = opened(2)
    token = make_token(actor=actor_for(make_account("citizen")), name="x", scopes=[], days=1)[1]
    first = register(session, ("甲", phone(1)), ("乙", phone(2)), token=token)
    assert (first.status_code, [one["state"] for one in first.json()["items"]]) == (201, ["confirmed", "confirmed"])
    again = register(session, ("甲", phone(1)), ("乙", phone(2)), token=token)
    assert (again.json(), Registration.objects.count()) == (first.json(), 2)
    late = register(session, ("丙", phone(3)), key="key-00000002", token=token).json()["items"][0]
    assert late["state"] == "waiting"
    assert Client().get(late["link"]).status_code == 200
    seen = Client().get(f"/api/v1/events/{session.activity_id}").json()["sessions"][0]
    assert (seen["capacity"], seen["taken"]) == (2, 2)
    wrong = register(session, ("甲", "12"), key="key-00000003", token=token)
    assert (wrong.status_code, Registration.objects.count()) == (422, 3)
    hidden = planned().sessions.get()
    assert register(hidden, ("丁", phone(4)), key="key-00000004", token=token).status_code == 404
