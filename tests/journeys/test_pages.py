"""Every type of page: no serious or critical finding of axe in light and dark, no scrolling sideways at 400 %, nothing refused or failed."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from people import actor_for
from playwright.sync_api import TimeoutError as TooLong

from keheng.access.models import Account
from keheng.directory.models import Expert, Organisation
from keheng.directory.queries.people import people_for
from keheng.matters.models import Case
from keheng.portal.models import Activity, Article, Feedback, Guide, Survey, Visit

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
ASK = """async (rules) => {
  const told = await axe.run(document, { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) });
  return told.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.slice(0, 3).map((node) => `${one.id} ${node.target} ${node.any[0]?.message ?? ""}`));
}"""
# 1280 × 1024 px at 400 %.
SMALL = {"width": 320, "height": 256}
WIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".k-tablewrap, svg, canvas, pre"))
  .slice(-3).map((one) => `wider than the window: ${one.outerHTML.slice(0, 120)}`).concat(["the page scrolls sideways"])"""

# Whose page, the name of its address, and of which row.
PAGES = {
    "": (
        "home", "home en", "home ja", "home ko", "portal:services", "portal:column notices", "portal:article", "portal:policies",
        "portal:disclosure", "portal:help", "portal:about", "portal:accessibility", "portal:search", "portal:site-map", "portal:feedback",
        "portal:feedback-query", "portal:feedback-answers", "portal:subscribe", "portal:activities", "portal:activity", "portal:register",
        "portal:registration-lookup", "portal:surveys", "portal:survey", "portal:survey-results", "portal:halls", "portal:hall kechuang",
        "portal:hall-book kechuang", "portal:visit-lookup", "portal:media", "directory:join", "access:register", "account_login",
        "account_reset_password", "look", "site:style", "site:api", "personal:catalogue", "reviews:lists", "matters:policies", "nowhere",
    ),
    "demo.unit.manager": (
        "desk:desk", "desk:messages", "desk:message-settings", "desk:calendar", "desk:personal", "desk:unit", "desk:handovers",
        "desk:handover-new", "desk:palette", "access:security", "access:devices", "access:tokens", "access:members", "personal:mine",
        "portal:register-group", "mfa_index", "account_change_password", "account_email", "nowhere", "access:roles",
        "matters:mine", "matters:policies", "matters:case", "matters:form",
    ),
    "demo.case.officer": (
        "directory:organisations", "directory:organisation", "directory:organisation-new", "directory:organisation-import",
        "directory:people", "directory:person", "directory:experts", "directory:expert", "directory:duplicates", "desk:desk",
    ),
    "demo.editor": (
        "manage:articles", "manage:article", "manage:article-new", "manage:article-edit", "manage:article-preview", "manage:columns",
        "manage:feedback-list", "manage:feedback", "manage:redirects", "manage:visits", "manage:pushes", "manage:push-new",
        "manage:doctor",
    ),
    "demo.reviewer": ("manage:article review",),
    "demo.organiser": (
        "manage:activities", "manage:activity", "manage:activity-new", "manage:checkin-list", "manage:surveys", "manage:survey",
        "manage:survey-new", "manage:halls", "manage:hall kechuang", "manage:hall-new", "manage:inspection-new kechuang", "manage:guides",
        "manage:guide-edit", "manage:receptions", "manage:reception", "manage:media", "manage:media-new",
    ),
    "demo.guide": ("manage:guide-day",),
    "demo.system.admin": (
        "desk:office", "access:accounts", "access:account", "access:grants", "access:apply", "access:roles", "access:clients", "site:jobs",
        "desk:deliveries",
    ),
    "demo.security.admin": ("personal:requests", "personal:holds", "personal:retention", "access:grants"),
    "demo.audit.admin": ("site:trail",),
}  # fmt: skip


def rows():
    """For each address with a row: one that is there."""
    officer = actor_for(Account.objects.get(login="demo.case.officer"))
    shown, draft = Article.objects.filter(stage="published", language="zh-hans"), Article.objects.filter(stage="draft").first().pk
    opened, over = Activity.objects.filter(state="open"), Survey.objects.filter(state="closed").first().pk
    own = Case.objects.filter(matter="yl.zhangjiang", state="draft").order_by("pk").first().pk
    return {
        "matters:case": [own], "matters:form": [own, 2],
        "portal:article": [shown.first().pk], "portal:activity": [opened.first().pk], "portal:register": [opened.first().pk],
        "portal:register-group": [opened.first().pk], "portal:survey": [Survey.objects.get(state="open").pk],
        "portal:survey-results": [over], "manage:survey": [over], "directory:organisation": [Organisation.objects.first().pk],
        "directory:person": [people_for(officer, localdate()).first().pk], "directory:expert": [Expert.objects.first().pk], "manage:article": [draft],
        "manage:article-edit": [draft], "manage:article-preview": [draft, 1], "manage:feedback": [Feedback.objects.first().pk],
        "manage:activity": [opened.first().pk], "manage:reception": [Visit.objects.first().pk], "manage:guide-edit": [Guide.objects.first().pk],
        "access:account": [Account.objects.get(login="demo.citizen").pk],
        "manage:article review": [Article.objects.filter(stage="review").first().pk],
    }  # fmt: skip


def place(asked, known):
    name, _, rest = asked.partition(" ")
    if name == "home":
        return f"/{rest}/" if rest else "/"
    if name == "nowhere":
        return "/nothing/stands/here/"
    path = reverse(name, args=known.get(asked, [rest] if rest else []))
    if name == "portal:search":
        return f"{path}?q=创新券"
    return f"{path}?day={localdate() + timedelta(days=20)}" if name == "portal:hall-book" else path


def faults(page, asked, path):
    """What is wrong with a page."""
    answer = page.goto(path)
    found = [] if answer.status in {200, 404 if asked == "nowhere" else 403} else [f"answered {answer.status}"]
    page.evaluate(AXE)
    found += page.evaluate(ASK)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in page.evaluate(ASK, ["color-contrast", "link-in-text-block"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SMALL)
    # Charts follow the window when the browser has time for it.
    with suppress(TooLong):
        page.wait_for_function("() => document.scrollingElement.scrollWidth <= innerWidth", timeout=3000)
    found += page.evaluate(WIDE)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.mark.parametrize("login", PAGES, ids=[one or "visitor" for one in PAGES])
def test_pages_can_be_used_by_everybody(open_window, site, login):
    known = site.ask(rows)
    page = open_window(login)
    found = {asked: faults(page, asked, place(asked, known)) for asked in PAGES[login]}
    assert [f"{asked}: {one}" for asked, wrong in found.items() for one in wrong] == []


def test_the_checks_see_what_is_planted(open_window):
    page = open_window()
    page.goto("/help/")
    page.evaluate(AXE)
    assert (page.evaluate(ASK), page.evaluate(WIDE)) == ([], [])
    page.evaluate("""() => {
      const pale = document.createElement("p"), bare = document.createElement("img");
      pale.textContent = "看不清";
      pale.style.color = "#fafafa";
      pale.style.width = "2000px";
      document.querySelector("main").append(pale, bare);
    }""")
    assert sorted(one.split()[0] for one in page.evaluate(ASK)) == ["color-contrast", "image-alt"]
    assert page.evaluate(WIDE)[-1] == "the page scrolls sideways"
