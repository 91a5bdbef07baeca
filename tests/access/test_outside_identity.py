"""Signing in with another identity provider, which here is Keheng itself, reached over HTTP as any other would be."""

from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from people import actor_for, make_account, signed_in
from pytest_django.live_server_helper import LiveServer

from keheng.access.actions.clients import register_client


@pytest.fixture
def provider(fresh):
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


def test_people_sign_in_with_another_provider_only_once_their_account_is_linked(provider, settings):
    """The provider is this very system, reached over HTTP as any other would be."""
    home = provider.url
    callback = "http://testserver/account/outside/oidc/city/login/callback/"
    admin = make_account("admin", "system_admin")
    client, secret = register_client(
        actor=actor_for(admin), name="另一处科衡", addresses=[callback.replace("http://testserver", "https://testserver")], trusted=True
    )
    client.set_redirect_uris([callback])
    client.save()
    app = {"provider_id": "city", "name": "城市统一认证", "client_id": client.pk, "secret": secret, "settings": {"server_url": home}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    settings.ALLOWED_HOSTS = ["*"]
    account = make_account("member")

    def through_provider():
        visitor = Client()
        start = visitor.post("/account/outside/oidc/city/login/")
        assert start.headers["Location"].startswith(f"{home}/identity/o/authorize")
        url = urlsplit(start.headers["Location"])
        back = signed_in(account).get(f"{url.path}?{url.query}", headers={"host": url.netloc})
        return visitor, visitor.get(urlsplit(back.headers["Location"]).path + "?" + urlsplit(back.headers["Location"]).query)

    assert "城市统一认证" in Client().get("/account/login/").content.decode()
    visitor, _ = through_provider()
    assert visitor.get("/account/security/").status_code == 302, "an unknown person gets no account"
    SocialAccount.objects.create(user=account, provider="city", uid=str(account.pk), extra_data={})
    visitor, answer = through_provider()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert visitor.get("/account/security/").status_code == 200
