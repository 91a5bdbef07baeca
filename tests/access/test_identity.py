"""OpenID Connect: as provider for other systems, and as client of another provider, which here is Keheng itself."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client
from people import actor_for, make_account, make_unit, signed_in

from keheng.access.actions.clients import register_client, withdraw_client

CALLBACK = "https://oa.yunling.example/callback"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def asked(client_id, **given):
    return {
        "response_type": "code", "client_id": client_id, "redirect_uri": CALLBACK, "scope": "openid profile email units",
        "state": "s1", "nonce": "n1", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **given,
    }  # fmt: skip


def registered(**given):
    admin = make_account("admin", "system_admin")
    given = {"name": "办公系统", "addresses": [CALLBACK], "trusted": True, **given}
    return register_client(actor=actor_for(admin), **given)


def code_for(account, client_id, browser=None):
    browser = browser or signed_in(account)
    answer = browser.get("/identity/o/authorize", asked(client_id))
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def redeem(client, secret, code, verifier=VERIFIER):
    return Client().post(
        "/identity/o/api/token",
        {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": client.pk, "client_secret": secret,
         "code_verifier": verifier},
    )  # fmt: skip


@pytest.mark.django_db
def test_another_system_signs_a_person_in_and_learns_for_which_units_they_act():
    unit = make_unit(credit_code="91990100MA00000A1X"[:18])
    account = make_account("member", "unit_member", unit=unit)
    client, secret = registered()
    told = redeem(client, secret, code_for(account, client.pk)).json()
    key = Client().get("/.well-known/jwks.json").json()["keys"][0]
    claims = jwt.decode(told["id_token"], jwt.PyJWK(key).key, algorithms=["RS256"], audience=client.pk)
    assert (claims["nonce"], claims["sub"]) == ("n1", str(account.pk))
    person = Client().get("/identity/o/api/userinfo", headers={"Authorization": f"Bearer {told['access_token']}"}).json()
    assert (person["name"], person["email"]) == (account.name, account.email)
    assert person["units"] == [{"code": unit.credit_code, "name": unit.name, "role": "unit_member"}]


@pytest.mark.django_db
def test_codes_and_tokens_open_nothing_they_should_not():
    account = make_account("member")
    client, secret = registered()
    code = code_for(account, client.pk)
    assert redeem(client, "wrong", code).status_code == 401
    code = code_for(account, client.pk)
    assert redeem(client, secret, code, verifier="w" * 50).status_code == 400
    code = code_for(account, client.pk)
    token = redeem(client, secret, code).json()["access_token"]
    assert redeem(client, secret, code).status_code == 400, "a code works once"
    other = signed_in(account).get("/identity/o/authorize", asked(client.pk, redirect_uri="https://evil.example/"))
    assert other.headers.get("Location") is None, "nobody is sent to an address that is not registered"
    withdraw_client(actor=actor_for(account), client=client)
    assert Client().get("/identity/o/api/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.django_db
def test_a_system_that_is_not_ours_asks_the_person_first():
    client, _ = registered(trusted=False)
    page = signed_in(make_account("member")).get("/identity/o/authorize", asked(client.pk))
    assert (page.status_code, client.name in page.content.decode()) == (200, True)


@pytest.mark.django_db
def test_visitors_sign_in_first_and_are_led_back():
    client, _ = registered()
    answer = Client().get("/identity/o/authorize", asked(client.pk))
    assert answer.headers["Location"].startswith("/account/login/?next=")


@pytest.mark.django_db
def test_the_page_shows_a_secret_once_and_refuses_plain_addresses():
    browser = signed_in(make_account("admin", "system_admin"))
    refused = browser.post("/account/clients/", {"name": "旧系统", "addresses": "http://oa.yunling.example/cb ftp:x"})
    assert (refused.status_code, refused.content.decode().count("不能用")) == (422, 2 * 2)  # above the form, and beside the field
    made = browser.post("/account/clients/", {"name": "办公系统", "addresses": CALLBACK}).content.decode()
    secret = re.search(r"密钥</dt><dd><code>([^<]+)", made)[1]
    assert secret not in browser.get("/account/clients/").content.decode()
