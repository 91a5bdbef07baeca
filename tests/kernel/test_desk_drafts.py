"""Drafts: sealed, by account and version; two windows never overwrite each other unseen; gone once the form is sent."""

import json
from datetime import timedelta

import pytest
from directory.made_up import CLERK
from directory.test_races import at_once
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.http import HttpResponseRedirect
from django.test import Client
from django.utils.timezone import now
from people import make_account, signed_in

from keheng.directory.forms import PersonForm
from keheng.kernel.desk.drafts import Typed, UnusableDraftError, drafts_of, drop_draft, kept_draft, save_draft, typed_from
from keheng.kernel.desk.models import Draft, Export, Message
from keheng.kernel.desk.sending import NAMED, sent_drafts
from keheng.kernel.models import AuditEntry
from keheng.kernel.personal.holders import all_holders, sections_of
from keheng.kernel.personal.holds import place_hold
from keheng.kernel.personal.retention import run_retention
from keheng.kernel.powers import Principal

FIELDS = {"name": ["华光科技"], "kind": ["enterprise"]}
KEY = "directory.organisation.new"


def typed(**fields):
    return typed_from({"fields": {name: [value] for name, value in fields.items()}, "title": "登记单位", "url": "/organisations/new/"})


def post(client, key=KEY, fields=FIELDS, version=0, **more):
    return client.post(
        f"/desk/drafts/{key}/",
        json.dumps({"fields": fields, "version": version, "title": "登记单位", "url": "/x/", **more}),
        "application/json",
    )


@pytest.mark.django_db
def test_what_is_typed_comes_back_and_stands_sealed_in_the_database():
    client = signed_in(make_account("clerk"))
    assert client.get(f"/desk/drafts/{KEY}/").json()["version"] == 0
    assert (post(client).json()["version"], post(client, fields={"name": ["华光"]}, version=1).json()["version"]) == (1, 2)
    told = client.get(f"/desk/drafts/{KEY}/").json()
    assert (told["version"], told["fields"]) == (2, {"name": ["华光"]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM desk_draft")
        assert "华光" not in cursor.fetchone()[0]
    assert AuditEntry.objects.filter(body__contains="draft").count() == 0


@pytest.mark.django_db
def test_an_older_window_is_told_and_may_still_decide():
    client = signed_in(make_account("clerk"))
    post(client)
    post(client, fields={"name": ["乙"]}, version=1)
    late = post(client, fields={"name": ["甲"]}, version=1)
    assert (late.status_code, late.json()["version"], late.json()["fields"]) == (409, 2, {"name": ["乙"]})
    assert post(client, fields={"name": ["甲"]}, version=2).json()["version"] == 3
    again = post(client, fields={"name": ["丙"]}, version=0)
    assert (again.status_code, kept_draft(again.wsgi_request.actor.account, KEY).typed.fields) == (409, {"name": ["甲"]})


@pytest.mark.django_db
def test_a_draft_that_was_sent_elsewhere_does_not_come_back_to_life():
    account = str(make_account("clerk").pk)
    save_draft(account, KEY, typed(name="甲"), 0)
    assert (drop_draft(account, KEY), drop_draft(account, KEY), drop_draft("", KEY)) == (True, False, False)
    assert save_draft(account, KEY, typed(name="甲"), 1) is None
    assert Draft.objects.count() == 0


@pytest.mark.django_db
def test_drafts_are_of_one_account_alone():
    one, other = signed_in(make_account("one")), signed_in(make_account("other"))
    post(one)
    assert other.get(f"/desk/drafts/{KEY}/").json()["fields"] == {}
    other.post(f"/desk/drafts/{KEY}/discard/")
    assert Draft.objects.count() == 1
    owners = [client.get(f"/desk/drafts/{KEY}/").json()["owner"] for client in (one, other)]
    assert owners[0] != owners[1]
    assert one.post(f"/desk/drafts/{KEY}/discard/", headers={"X-Fragment": "1"}).status_code == 204
    assert Draft.objects.count() == 0


@pytest.mark.django_db
def test_a_visitor_has_no_drafts():
    answer = post(Client())
    assert (answer.status_code, answer.url.startswith("/account/login/"), Draft.objects.count()) == (302, True, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"fields": []}', b'{"fields": {"a": "b"}}', b'{"fields": {"a": [1]}}', b"\xff", b"9" * 500_000]
)
def test_what_is_no_draft_is_refused(body):
    client = signed_in(make_account("clerk"))
    assert client.post(f"/desk/drafts/{KEY}/", body, "application/json").status_code == 400
    assert Draft.objects.count() == 0


@pytest.mark.django_db
def test_keys_versions_and_sizes_that_make_no_sense_are_refused():
    client = signed_in(make_account("clerk"))
    assert [post(client, key=key).status_code for key in ("Ä", "A", "a" * 121, "a b")] == [404] * 4
    assert post(client, fields={"a": ["x" * 70_000]}).status_code == 400
    assert [post(client, key="x", version=version).json()["version"] for version in ("1", -1, 1.5)] == [1, 1, 1]


def test_secrets_are_never_kept_and_addresses_stay_on_the_site():
    kept = typed_from(
        {"fields": {name: ["x"] for name in ("name", "csrfmiddlewaretoken", "password", "newPassword1", "api_token")}, "url": "//evil/"}
    )
    assert kept == Typed({"name": ["x"]}, "", "")
    assert [typed_from({"fields": {}, "url": url}).url for url in ("/a/?b=1", "https://x/", "/\\x", "javascript:1")] == [
        "/a/?b=1",
        "",
        "",
        "",
    ]
    with pytest.raises(UnusableDraftError):
        typed_from({"fields": {"a": ["x" * 61_000]}})


@pytest.mark.django_db
def test_the_oldest_drafts_make_room():
    for number in range(45):
        save_draft("7", f"form.{number}", typed(name=str(number)), 0)
    assert ([one.key for one in drafts_of("7")][:2], len(drafts_of("7")), kept_draft("7", "form.4").version) == (
        ["form.44", "form.43"],
        40,
        0,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("many", "shown", "tells"), [(8, 8, False), (9, 8, True)])
def test_the_workbench_shows_the_latest_drafts_and_all_when_asked(many, shown, tells):
    client = signed_in(make_account("clerk"))
    for number in range(many):
        post(client, key=f"form.{number}")
    page, every = (client.get(f"/desk/{query}").content.decode() for query in ("", "?drafts=all"))
    assert (page.count("/discard/"), "?drafts=all" in page) == (shown, tells)
    assert (every.count("/discard/"), "?drafts=all" in every) == (many, False)


def test_of_two_windows_at_once_one_is_told(fresh):
    save_draft("7", KEY, typed(name="甲"), 0)
    came = []
    at_once(*(lambda one=one: came.append(save_draft("7", KEY, typed(name=one), 1)) for one in "乙丙丁"))
    assert sorted(came, key=str) == [2, None, None]
    first = []
    at_once(*(lambda one=one: first.append(save_draft("7", "new", typed(name=one), 0)) for one in "乙丙丁"))
    assert sorted(first, key=str) == [1, None, None]


@pytest.mark.django_db
def test_a_form_that_was_taken_drops_its_draft_and_a_refusal_keeps_it():
    client = signed_in(make_account("officer", "case_officer", district="990102"))
    post(client)
    page = client.get("/organisations/new/").content.decode()
    assert ("data-draft" in page, "desk/draft.js" in page) == (True, True)
    form = {"name": "华光科技有限公司", "kind": "enterprise", "district": "990102", NAMED: KEY}
    refused = client.post("/organisations/new/", form | {"code": "123"})
    assert (refused.status_code, Draft.objects.count(), 'value="华光科技有限公司"' in refused.content.decode()) == (422, 1, True)
    assert client.post("/organisations/new/", form).status_code == 302
    assert Draft.objects.count() == 0


@pytest.mark.django_db
def test_a_redirect_that_tells_of_something_wrong_or_asks_for_a_proof_keeps_the_draft(rf):
    account = make_account("officer", "case_officer", district="990102")
    post(signed_in(account))

    def answered(level, where="/desk/"):
        request = rf.post("/organisations/new/", {NAMED: KEY})
        request.session, request.actor = {}, Principal(str(account.pk))
        request._messages = storage = FallbackStorage(request)
        if level:
            storage.add(level, "说明")
        response = sent_drafts(lambda _: HttpResponseRedirect(where))(request)
        return response.status_code, Draft.objects.count(), len(storage), storage.used

    assert answered(ERROR) == (302, 1, 1, False)
    assert answered(0, "/account/reauthenticate/?next=/organisations/new/") == (302, 1, 0, False)
    assert answered(SUCCESS) == (302, 0, 1, False)


@pytest.mark.django_db
def test_numbers_of_identity_never_reach_a_draft():
    assert "data-no-draft" in str(PersonForm(actor=Principal("1"))["id_number"])


@pytest.mark.django_db
def test_old_drafts_messages_and_sheets_go_and_held_ones_stay():
    old = now() - timedelta(days=400)
    for account in "78":
        save_draft(account, KEY, typed(name="甲"), 0)
        Message.objects.create(account=account, kind="k", key="1", title="t", body="", url="", sent_at=old)
        Export.objects.create(account=account, unit="", table="t", query="", scope="", asked_at=old)
    Draft.objects.update(saved_at=old)
    place_hold(actor=CLERK, target="account:8", document="云科保〔2026〕1号")
    run_retention()
    assert [set(model.objects.values_list("account", flat=True)) for model in (Draft, Message, Export)] == [{"8"}] * 3


@pytest.mark.django_db
def test_a_person_sees_and_can_have_erased_what_the_desk_holds():
    save_draft("7", KEY, typed(name="甲"), 0)
    Message.objects.create(account="7", kind="k", key="1", title="您好", body="", url="", sent_at=now())
    (own,) = [section for section in sections_of("7") if section.code == "desk"]
    assert [next(iter(row)) for row in own.rows] == ["消息", "草稿"]
    (holder,) = [one for one in all_holders() if one.code == "desk"]
    assert (holder.erase("account:7", CLERK).erased, holder.erase("person:7", CLERK).erased) == (2, 0)
    assert sections_of("7") == []
