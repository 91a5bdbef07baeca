"""The commission's other systems, which sign people in through this one by OpenID Connect."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, record

SCOPES = ("openid", "profile", "email", "units")


def _address_problems(addresses: list[str]) -> list[Problem]:
    """HTTPS everywhere, but for systems on the machine of whoever builds them."""
    if not addresses:
        return [problem("ACC_CLIENT_ADDRESS", "addresses", address="")]
    parts = [(one, urlsplit(one)) for one in addresses]
    return [
        problem("ACC_CLIENT_ADDRESS", "addresses", address=one)
        for one, url in parts
        if not url.hostname or url.fragment or (url.scheme != "https" and url.hostname not in {"localhost", "127.0.0.1"})
    ]


@act("client.register", Refused)
def register_client(*, actor: Actor, name: str, addresses: list[str], trusted: bool) -> tuple[Client, str]:
    """Register a system with the addresses it is called back at; it and its secret, of which only a hash is kept."""
    found = _address_problems(addresses)
    if not name.strip():
        found.append(problem("ACC_NAME_MISSING", "name"))
    if found:
        raise Refused(found)
    secret = get_adapter().generate_client_secret()
    client = Client(name=name.strip(), owner=None, skip_consent=trusted)
    client.set_secret(secret)
    client.set_redirect_uris(addresses)
    client.set_scopes(list(SCOPES))
    client.set_default_scopes(["openid"])
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
    client.save()
    record("client.register", actor=actor, target=f"client:{client.pk}", reason=client.name)
    return client, secret


@act("client.withdraw", ())
def withdraw_client(*, actor: Actor, client: Client) -> None:
    """Shut a system out: its tokens end with it."""
    Token.objects.filter(client=client).delete()
    record("client.withdraw", actor=actor, target=f"client:{client.pk}", reason=client.name)
    client.delete()
