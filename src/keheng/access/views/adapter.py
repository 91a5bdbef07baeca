"""How allauth reaches our rules: locks, the trail, who may sign up."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from keheng.access.actions.door import note_failure, note_sign_in
from keheng.access.models import Account
from keheng.access.queries import locked_until
from keheng.access.rules.grants import in_force
from keheng.access.rules.roles import roles
from keheng.kernel.doors import actor_of
from keheng.kernel.trail.record import Actor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Sign-in with locks by (login name, address) and entries on the trail."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address."""
        return actor_of(request).address

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth calls it so
        """Accounts are opened by our own pages, with our checks."""
        return False

    def ajax_response_form(self, form: object) -> dict[str, Any]:  # noqa: ARG002 -- allauth calls it so
        """Nothing beside the page itself: what was typed, the password too, does not travel back."""
        return {}

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a locked pair before its password is looked at."""
        seconds = locked_until(_login(credentials), actor_of(request).address)
        if seconds:
            raise ValidationError(
                _("密码连续输错，为保护账号已暂停从这里登录，请 %(minutes)s 分钟后再试，或找安全管理员解除")
                % {"minutes": ceil(seconds / 60)},
                code="locked",
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure."""
        note_failure(actor=Actor("", address=actor_of(request).address), login=_login(credentials))

    def post_login(self, request: HttpRequest, user: Account, **how: Any) -> HttpResponse:
        """Record the sign-in once every step of it is done."""
        note_sign_in(actor=Actor(str(user.pk), address=actor_of(request).address), account=user)
        response: HttpResponse = super().post_login(request, user, **how)
        return response


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Identity providers sign in accounts that exist; they open none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 -- allauth calls it so
        """No."""
        return False


class IdentityAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth is untyped
    """What the commission's other systems are told about a person."""

    def get_claims(self, purpose: str, user: Account, client: object, scopes: Iterable[str], **more: Any) -> dict[str, Any]:
        """Units with their codes and the roles held there, for systems that ask for the scope ``units``."""
        claims: dict[str, Any] = super().get_claims(purpose, user, client, scopes, **more)
        if "units" in scopes:
            bound = user.grants.filter(in_force(), role__in=roles(), unit__isnull=False).select_related("unit").order_by("pk")
            claims["units"] = [{"code": one.unit.credit_code, "name": one.unit.name, "role": one.role} for one in bound if one.unit]
        return claims


def _login(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")
