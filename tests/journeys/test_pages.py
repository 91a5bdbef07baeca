"""Every type of page: no serious or critical finding of axe in light and dark, no scrolling sideways at 400 %, nothing refused or failed."""

import re
from collections import Counter, deque
from urllib.parse import quote, urljoin, urlsplit

import pytest
from addresses import VALUES, filled, patterns
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from journeys.looking import ASK, AXE, LONG, SMALL, faults_of, too_wide
from journeys.page_states import rows
from journeys.page_types import FILES, FORMS, PAGES, SIGNING_IN, SPOKEN
from people import signed_in

from keheng.access.models import Account
from keheng.portal.models import Article

# How many pages of one type are looked through for links.
MOST_ALIKE = 3


def place(asked, known):
    """The address of a page; '' for one that links have to lead to."""
    name, _, rest = asked.partition(" ")
    if name == "portal:home":
        return f"/{rest}/" if rest else "/"
    if name == "nowhere":
        return "/nothing/stands/here/"
    try:
        path = reverse(name, args=known.get(asked, [rest] if rest and rest != "wall" else []))
    except NoReverseMatch:
        return ""
    query = {
        "portal:search": "?q=创新券",
        "portal:hall-book kechuang": f"?day={known['a day to visit']}",
        "performance:cockpit wall": "?wall=1",
        "performance:finding": f"?mark={quote(known['a finding'])}",
    }
    return path + query.get(asked, "")


def places(login, known):
    """Each page of somebody with its address; the first that links from the menu on lead to where no row is named."""
    found = {asked: place(asked, known) for asked in PAGES[login]}
    missing, client = (
        {asked for asked, path in found.items() if not path},
        signed_in(Account.objects.get(login=login)) if login else Client(),
    )
    waiting, met, looked = deque(["/desk/" if login else "/", "/"]), set(), Counter()
    while missing and waiting:
        path = waiting.popleft()
        try:
            name = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if looked[name] == MOST_ALIKE or name == "account_logout":
            continue
        looked[name] += 1
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        if name in missing:
            found[name] = path
            missing.discard(name)
        for link in re.findall(r'<a [^>]*href="([^"#]+)"', answer.content.decode()):
            to = urljoin(path, link.replace("&amp;", "&"))
            if to.startswith("/") and to not in met:
                met.add(to)
                waiting.append(to)
    return found


def faults(page, asked, path):
    """What is wrong with a page."""
    answer = page.goto(path)
    found = [] if answer.status in {200, 404 if asked == "nowhere" else 403} else [f"answered {answer.status}"]
    return found + faults_of(page)


@pytest.fixture(scope="module")
def known(site):
    return site.ask(rows)


@pytest.mark.parametrize("login", PAGES, ids=[one or "visitor" for one in PAGES])
def test_pages_can_be_used_by_everybody(open_window, site, known, login):
    found = site.ask(lambda: places(login, known))
    assert [asked for asked, path in found.items() if not path] == [], "no link leads there: name a row"
    page = open_window(login)
    wrong = {asked: faults(page, asked, path) for asked, path in found.items()}
    assert [f"{asked}: {one}" for asked, told in wrong.items() for one in told] == []


# What can differ from one language to another; the rest is the same page.
IN_ANY_LANGUAGE = ["html-has-lang", "html-lang-valid", "valid-lang", "document-title", "label", "button-name", "link-name", "target-size"]


def spoken(language, known):
    """Addresses of public pages in a language; those that have no other one than the Chinese are left out."""
    rows = {"matters:matter": ["yl.it-project"], "portal:article": [Article.objects.filter(language="en", stage="published").first().pk]}
    with translation.override(language):
        found = [place(asked, known | rows) for asked in SPOKEN[language] if not asked.startswith("portal:home")]
    return [f"/{language}/", *(path for path in found if path.startswith(f"/{language}/"))]


@pytest.mark.parametrize("language", SPOKEN)
def test_public_pages_fit_a_phone_in_every_language(open_window, site, known, language):
    page, wrong = open_window(**SMALL), []
    paths = site.ask(lambda: spoken(language, known))
    assert len(paths) >= 10
    for path in paths:
        page.goto(path)
        page.evaluate(AXE)
        assert page.locator("html").get_attribute("lang") == language
        wrong += [f"{path}: {one}" for one in too_wide(page) + page.evaluate(ASK, IN_ANY_LANGUAGE)]
    assert wrong == []


def test_tabs_begin_where_one_is(open_window):
    page = open_window("demo.finance", width=390)
    page.goto("/performance/projects/1/trend/")
    here, strip = page.locator(".k-tabs [aria-current]").bounding_box(), page.locator(".k-tabs").bounding_box()
    assert strip["x"] <= here["x"]
    assert here["x"] + here["width"] < strip["x"] + strip["width"] + 1


def test_every_address_is_a_page_that_is_looked_at_or_known_to_be_none():
    pages = {asked.partition(" ")[0] for names in PAGES.values() for asked in names} - {"nowhere"}
    others = " ".join([FORMS, FILES, *SIGNING_IN.values()]).split()
    # Programs' addresses, and those of signing in elsewhere, which need the other side.
    named = {name for name, _, _ in patterns() if not name.startswith(("api:", "idp:", "socialaccount_", "openid_connect_"))}
    assert (named - pages - set(others), (pages | set(others)) - named) == (set(), set()), "add a new page to page_types.PAGES"
    assert (len(others), pages & set(others)) == (len(set(others)), set())


def test_what_is_said_to_be_no_page_answers_none(site):
    def answers():
        clients = [signed_in(Account.objects.get(login=login)) if login else Client() for login in PAGES]
        for name, path, _ in patterns():
            for client in clients if name in f"{FORMS} {FILES}".split() else ():
                answer = client.get(filled(path, VALUES))
                if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                    yield name
                if answer.status_code in {200, 405}:
                    break

    assert site.ask(lambda: list(answers())) == []


def test_the_checks_see_what_is_planted(open_window):
    page = open_window()
    page.goto("/help/")
    page.evaluate(AXE)
    assert (page.evaluate(ASK), too_wide(page), page.evaluate(LONG)) == ([], [], [])
    page.evaluate("""() => {
      const pale = document.createElement("p"), bare = document.createElement("img"), wide = document.createElement("div");
      pale.textContent = "看不清";
      pale.style.color = "#fafafa";
      wide.textContent = "读不完".repeat(30);
      wide.style.width = "2000px";
      document.querySelector("main").append(pale, bare, wide);
    }""")
    assert sorted(one.split()[0] for one in page.evaluate(ASK)) == ["color-contrast", "image-alt"]
    assert too_wide(page)[-1] == "the page scrolls sideways"
    assert page.evaluate(LONG) == [f"a long line: {'读不完' * 20}"]
