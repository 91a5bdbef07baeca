"""The public site over the API: what visitors may read, registering under the same rules as on the page."""

import json

import pytest
from django.test import Client
from people import actor_for, make_account
from portal.halls_made_up import a_guide, a_hall, at
from portal.made_up import article, column, published
from portal.outreach_made_up import opened, phone, planned

from keheng.access.actions.tokens import make_token
from keheng.access.models import Account
from keheng.portal.models import Registration, Visit
from keheng.portal.queries.feedback import by_code

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


def posted(path, body=None, key="key-00000001", login="citizen"):
    account = Account.objects.filter(login=login).first() or make_account(login)
    token = make_token(actor=actor_for(account), name="x", scopes=[], days=1)[1]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return Client().post(f"/api/v1{path}", json.dumps(body or {}), "application/json", headers=headers)


def test_a_registration_is_given_up_by_its_link_and_whoever_waits_moves_up():
    session = opened(1)
    token = make_token(actor=actor_for(make_account("citizen")), name="x", scopes=[], days=1)[1]
    made = [register(session, (name, phone(n)), key=f"key-0000000{n}", token=token) for n, name in ((1, "甲"), (2, "乙"))]
    first, second = (one.json()["items"][0] for one in made)
    assert (first["state"], second["state"]) == ("confirmed", "waiting")
    path = f"/events/registrations/{first['link'].split('/')[-2]}/cancellation"
    answers = [posted(path, key=key) for key in ("key-0000000a", "key-0000000a", "key-0000000b")]
    assert [(one.status_code, one.json().get("state")) for one in answers] == [(200, "cancelled"), (200, "cancelled"), (422, None)]
    assert answers[2].json()["errors"][0]["code"] == "REG_STATE"
    assert Registration.objects.get(number=second["number"]).state == "confirmed"
    assert posted("/events/registrations/1:forged/cancellation", key="key-0000000c").status_code == 404


def test_a_visit_is_asked_for_under_the_rules_of_the_page():
    a_guide()
    hall = a_hall()
    slots = Client().get(f"/api/v1/halls/{hall.code}/slots", {"day": f"{at():%Y-%m-%d}"}).json()
    free = [one for one in slots if not one["why"]]
    body = {"begins_at": free[0]["begins_at"], "people": 12, "unit_title": "云岭一中", "contact": "甲", "phone": phone(1)}
    made = posted(f"/halls/{hall.code}/visits", body)
    assert (made.status_code, made.json()["state"], Visit.objects.get().number) == (201, "requested", made.json()["number"])
    assert Client().get(made.json()["link"]).status_code == 200
    wrong = posted(f"/halls/{hall.code}/visits", body | {"phone": "12", "unit_title": " "}, key="key-00000002").json()["errors"]
    assert sorted(one["code"] for one in wrong) == ["REG_PHONE", "VISIT_TAKEN", "VISIT_UNIT"]
    assert posted("/halls/nowhere/visits", body, key="key-00000003").status_code == 404


def test_a_message_is_sent_and_its_answer_read_with_the_code():
    body = {"kind": "question", "title": "怎样申报", "body": "请问怎样申报高新技术企业", "contact": "x"}
    assert [one["code"] for one in posted("/feedback", body).json()["errors"]] == ["PORTAL_CONTACT"]
    made = posted("/feedback", body | {"contact": ""}).json()
    assert by_code(made["number"], made["code"]).due_on.isoformat() == made["due_on"]
