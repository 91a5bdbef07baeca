"""The site's own pages, rendered without a network: what links they have, what pictures without a text, which title, how long they took."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from time import perf_counter
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from keheng.kernel.powers import Principal

_GONE = 404


@dataclass(slots=True)
class Page:
    """A page as it was rendered; ``links`` are addresses of the site as they are written; ``seconds`` it took."""

    path: str
    status: int
    title: str = ""
    links: list[str] = field(default_factory=list)
    unnamed_pictures: int = 0
    seconds: float = 0.0


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self._in_title, self._drawing = page, False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Links, pictures, the title's begin."""
        told = dict(attrs)
        if tag == "a" and told.get("href"):
            self.page.links.append(str(told["href"]))
        if tag == "img" and told.get("alt") is None:
            self.page.unnamed_pictures += 1
        self._drawing += tag == "svg"
        self._in_title = tag == "title" and not self._drawing

    def handle_endtag(self, tag: str) -> None:
        """The title's end."""
        self._drawing -= tag == "svg"
        self._in_title = False

    def handle_data(self, data: str) -> None:
        """The title's words."""
        if self._in_title:
            self.page.title += data.strip()


def crawl(starts: Iterable[str], most: int = 1_000) -> Iterator[Page]:
    """Pages reached from the first ones by links, each once, so many at most; a link that leads nowhere is a page with status 404."""
    queue = deque(dict.fromkeys(starts))
    known = set(queue)
    while queue and most:
        most -= 1
        begun = perf_counter()
        page = rendered(queue.popleft())
        page.seconds = perf_counter() - begun
        yield page
        for link in page.links:
            path = inside(page.path, link)
            if path and path not in known:
                known.add(path)
                queue.append(path)


def inside(path: str, link: str) -> str:
    """The path that a link on a page leads to, '' when it leads out of the site or to a file of the program."""
    to = urlsplit(urljoin(f"http://site{path}", link))
    if to.scheme != "http" or to.netloc != "site" or to.path.startswith(settings.STATIC_URL):
        return ""
    return to.path


def rendered(path: str) -> Page:
    """A page as a visitor gets it. Pages that ask for a sign-in count as there and are not read."""
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(unquote(path))
        except Resolver404:
            return Page(path, _GONE)
        if getattr(match.func, "door", "") != "public" or match.namespace != "portal":
            return Page(path, 200)
        try:
            request = _request(path)
            request.resolver_match = match
            answer = match.func(request, *match.args, **match.kwargs)
        except Http404:
            return Page(path, _GONE)
        except PermissionDenied:
            return Page(path, 403)
    page = Page(path, answer.status_code)
    if isinstance(answer, HttpResponse) and answer.headers.get("Content-Type", "").startswith("text/html"):
        _Reader(page).feed(answer.content.decode())
    else:
        page.title = "—"
    return page


def _request(path: str) -> HttpRequest:
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "REQUEST_METHOD": "GET", "PATH_INFO": path}
    request.user = AnonymousUser()
    request.actor, request.standing, request.session = Principal(""), None, {}  # type: ignore[attr-defined,assignment]  # as the middleware sets them, without a session
    return request
