"""What every page shows around its content. Nothing is worked out that the page does not show: the frame is asked by templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import LocalePrefixPattern, URLResolver, get_resolver
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from keheng.access import demo
from keheng.kernel.desk.messages import unread
from keheng.kernel.desk.policy import policy
from keheng.kernel.powers import Principal
from keheng.kernel.spoken import without_language
from keheng.site import look, navigation
from keheng.site.installation import is_demo
from keheng.site.proving import left_behind

_ASKING = ("/account/login/", "/account/2fa/", "/account/reauthenticate/")


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom one acts, and for whom else one may."""

    unit_name: str
    roles: str
    others: list[dict[str, Any]]


class May:
    """What the actor may do, for templates: ``{% if may.access.grants.decide %}``."""

    def __init__(self, actor: Principal, permission: str = "") -> None:
        self._actor, self._permission = actor, permission

    def __getitem__(self, part: str) -> May:
        """The permission below."""
        return May(self._actor, f"{self._permission}.{part}".lstrip("."))

    def __bool__(self) -> bool:
        """Whether it is held."""
        return self._actor.may(self._permission)


class Frame:
    """Around the content: places to go, languages, for whom one acts."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Principal = getattr(request, "actor", Principal(""))

    @cached_property
    def public(self) -> SafeString:
        """The public bar."""
        return navigation.public_bar(self._request.path, get_language() or settings.LANGUAGE_CODE)

    @cached_property
    def foot(self) -> SafeString:
        """The foot of a public page."""
        return navigation.foot(get_language() or settings.LANGUAGE_CODE, demo=is_demo())

    @cached_property
    def work(self) -> SafeString:
        """The workbench's places."""
        return navigation.work_places(self.actor, self._request.path)

    @cached_property
    def translated(self) -> bool:
        """Whether the page has an address in every language."""
        match = self._request.resolver_match
        return match is not None and (match.namespace or match.url_name) in _translated()

    @cached_property
    def languages(self) -> list[tuple[str, str, str]]:
        """The page in every language: code, name, address; what has no address in a language keeps its own."""
        path = self._request.get_full_path()
        if not self.translated:
            return [(code, name, path) for code, name in settings.LANGUAGES]
        plain = without_language(path)
        return [(code, name, plain if code == settings.LANGUAGE_CODE else f"/{code}{plain}") for code, name in settings.LANGUAGES]

    @cached_property
    def address(self) -> str:
        """The page's whole address, for cards and feeds."""
        return self._request.build_absolute_uri(self._request.path)

    @cached_property
    def unread(self) -> str:
        """How many messages are unread, as it is shown beside the inbox; '' for none."""
        count, most = unread(self.actor.account), policy("messages")["shown_unread"]
        return "" if not count else f"{most}+" if count > most else str(count)

    @cached_property
    def acting(self) -> Acting | None:
        """For whom one acts; None for a visitor."""
        held = getattr(self._request, "standing", None)
        if held is None:
            return None
        others = [{"id": number, "name": name} for number, name in held.units.items() if number != held.unit]
        roles = "、".join(dict.fromkeys(role.zh for role, grant in held.acting if grant is not None))
        return Acting(held.units.get(held.unit, ""), roles, others)

    @cached_property
    def left(self) -> str:
        """Beside the question who one is: where something was sent that waits for the answer."""
        return left_behind(self._request)

    @cached_property
    def demo(self) -> dict[str, Any] | None:
        """How to get into the demo city, beside every page that asks who one is."""
        path = without_language(self._request.path)
        if not path.startswith(_ASKING) or not is_demo():
            return None
        return {"accounts": demo.accounts(), "password": demo.PASSWORD, "code": demo.code(), "open": path == _ASKING[0]}


@cache
def _translated() -> frozenset[str | None]:
    """Namespaces, and names without one, whose addresses exist in every language."""
    around = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and isinstance(one.pattern, LocalePrefixPattern)]
    return frozenset(name for one in around for name in _names(one))


def _names(resolver: URLResolver) -> Iterator[str | None]:
    for below in resolver.url_patterns:
        if isinstance(below, URLResolver) and not below.namespace:
            yield from _names(below)
        else:
            yield below.namespace if isinstance(below, URLResolver) else below.name


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    # One for a request, however many templates are drawn for it: what it asked is not asked again.
    around: Frame = request.__dict__.setdefault("frame", Frame(request))
    return {"frame": around, "may": May(around.actor), "look": look.look_of(request.COOKIES.get(look.COOKIE, ""))}
