"""What visitors of the demo city do: the pages they reach by following links, as whom, and how often each kind is asked for."""

import random
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web_driver import Choose, Click, click

from keheng.access.models import Account

_LINK = re.compile(r'href="(/[^"#]*)"')
_NO_PAGE = ("/static/", "/account/", "/look/", "/attachments/", "/desk/exports/", "/jobs/", "/trail/")
_TOKEN = "c" * 32
# Of a hundred clicks of each kind of visitor, by the first part of the address; what is not named shares the rest evenly.
PUBLIC_SHARES: Mapping[str, int] = {
    "": 22,
    "articles": 26,
    "columns": 14,
    "policies": 5,
    "services": 5,
    "events": 8,
    "halls": 4,
}
STAFF_SHARES: Mapping[str, int] = {"desk": 30, "organisations": 20, "people": 8, "manage": 25, "experts": 5}
SEARCHES = ("创新券", "仪器 共享", "外国人 工作许可", "科技", "policy", "展厅", "xps", "没有这个词")
# The published portal counts 30,530 views a day: next to visitors, people at work are few.
SIGNED_IN, WRITING = 0.12, 0.10
# A year's 11.1 million views stand beside some thousands of registrations, bookings and letters: even with twenty looks at a form for
# each of them it is less than one view in a hundred. Twice that is asked for here.
FORMS, SEARCHING = 0.02, 0.08


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the crawl found it: its kind (first part of the address), which page it is, bytes, and queries it takes."""

    path: str
    kind: str
    view: str
    size: int
    queries: int
    # Whether everybody who has not signed in sees the same: a form is everybody's own.
    shared: bool = False


def crawl(client: Client, start: str, most: int) -> list[Seen]:
    """Pages that a person reaches from one, at most so many of each kind."""
    queue, known, found, kinds = deque([start]), {start}, list[Seen](), dict[str, int]()
    while queue:
        path = queue.popleft()
        kind = kind_of(path)
        if kinds.get(kind, 0) >= most:
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):  # noqa: PLR2004 -- HTTP's own word for yes
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        found.append(
            Seen(path, kind, answer.resolver_match.view_name, len(answer.content), len(queries), "Keheng-Shared" in answer.headers)
        )
        for link in _LINK.findall(answer.content.decode()):
            to = link.replace("&amp;", "&")
            if to not in known and not to.startswith(_NO_PAGE):
                known.add(to)
                queue.append(to)
    return found


def kind_of(path: str) -> str:
    """The first part of an address without its language."""
    parts = [part for part in path.split("?", maxsplit=1)[0].split("/") if part]
    parts = parts[1:] if parts[:1] and parts[0] in {"en", "ja", "ko"} else parts
    return parts[0] if parts else ""


def session_of(login: str) -> tuple[Client, str]:
    """Somebody who has signed in: a client for the crawl, and the cookie that the driver sends."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(login=login))
    session = client.session
    if SESSION_KEY not in session:
        raise RuntimeError(f"{login} could not sign in")
    return client, str(client.cookies["keheng"].value)


def chooser(public: Iterable[Seen], staff: Mapping[str, Iterable[Seen]]) -> Choose:
    """Clicks as a day brings them: visitors, people who work, and what they write meanwhile. ``staff`` maps session cookies to pages."""
    seen = list(public)
    visitors = public_chooser(seen)
    forms = [click(one.kind, one.path) for one in seen if not one.shared]
    searches = [click("search", f"/search/?q={_quoted(text)}") for text in SEARCHES]
    workers = [
        _weighted([(one.kind, click(f"staff {one.kind}", one.path, f"keheng={cookie}")) for one in pages], STAFF_SHARES)
        for cookie, pages in staff.items()
    ]
    drafts = [_draft(cookie, number) for number, cookie in enumerate(staff)]

    def choose(chance: random.Random) -> Click:
        if chance.random() >= SIGNED_IN:
            if chance.random() < FORMS:
                return chance.choice(forms)
            return chance.choice(searches) if chance.random() < SEARCHING else visitors(chance)
        if chance.random() < WRITING:
            return chance.choice(drafts)(chance)
        return chance.choice(workers)(chance)

    return choose


def public_chooser(public: Iterable[Seen]) -> Choose:
    """Clicks of visitors who have not signed in, none of them a search or a form."""
    return _weighted([(one.kind, click(one.kind, one.path)) for one in public if one.shared and one.kind != "search"], PUBLIC_SHARES)


def _weighted(clicks: list[tuple[str, Click]], shares: Mapping[str, int]) -> Callable[[random.Random], Click]:
    by_kind: dict[str, list[Click]] = {}
    for kind, one in clicks:
        by_kind.setdefault(kind, []).append(one)
    unnamed = [kind for kind in by_kind if kind not in shares]
    rest = max(1.0, 100.0 - sum(share for kind, share in shares.items() if kind in by_kind))
    kinds = list(by_kind)
    weights = [shares[kind] if kind in shares else rest / len(unnamed) for kind in kinds]
    return lambda chance: chance.choice(by_kind[chance.choices(kinds, weights)[0]])


def _draft(cookie: str, number: int) -> Callable[[random.Random], Click]:
    """Saves of drafts, each of a form of its own, as typing brings them."""
    cookies = f"keheng={cookie}; csrftoken={_TOKEN}"

    def write(chance: random.Random) -> Click:
        key = f"benchmark.{number}.{chance.getrandbits(60)}"
        body = '{"version": 0, "fields": {"name": ["云岭"], "note": ["' + "文" * chance.randrange(20, 400) + '"]}}'
        return click("draft", f"/desk/drafts/{key}/", cookies, json_body=body, token=_TOKEN)

    return write


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
