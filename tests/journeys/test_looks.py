"""Pages as they were chosen to look: large and dense, on paper; and while something is being sent."""

import pytest
from journeys.looking import ASK, AXE, SMALL, too_wide

from keheng.site.look import COOKIE

FOLDED = """document.querySelector("main").insertAdjacentHTML("beforeend", "<details><summary>一</summary><p id=folded>二</p></details>")"""
ON_PAPER = """() => [getComputedStyle(document.documentElement).getPropertyValue("--paper").trim(),
  document.getElementById("folded").checkVisibility({ contentVisibilityAuto: true }),
  document.getElementById("folded").getBoundingClientRect().height > 0]"""
# Twice, and back from the next page, for which the browser kept this one.
PRESSED = """() => {
  const button = document.querySelector("main form button"), told = [];
  for (const turn of [1, 2]) {
    button.click();
    told.push(button.getAttribute("aria-busy"));
  }
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  return [...told, button.getAttribute("aria-busy")];
}"""
# Pages of every kind: front page, list, form, record, charts, calendar.
LARGE = {
    "": ("/", "/services/", "/policies/", "/feedback/", "/disclosure/", "/halls/kechuang/", "/style/"),
    "demo.case.officer": ("/desk/", "/manage/cases/", "/organisations/"),
}


def look(page, words):
    page.context.add_cookies([{"name": COOKIE, "value": words, "url": page.url}])


@pytest.mark.parametrize("login", LARGE, ids=["a visitor", "an officer"])
def test_large_and_dense_pages_can_be_used_by_everybody(open_window, login):
    page, wrong = open_window(login), []
    page.goto("/")
    look(page, "auto.compact.elder")
    for path in LARGE[login]:
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.goto(path).status == 200
        assert {"k-compact", "k-elder"} <= set(page.locator("html").get_attribute("class").split())
        page.evaluate(AXE)
        wrong += [f"{path}: {one}" for one in page.evaluate(ASK) + too_wide(page)]
        page.set_viewport_size(SMALL)
        wrong += [f"{path}, narrow: {one}" for one in too_wide(page) + page.evaluate(ASK, ["target-size", "scrollable-region-focusable"])]
    assert wrong == [], chr(10).join(wrong)


def test_paper_is_white_and_folds_nothing(open_window):
    page = open_window()
    page.emulate_media(color_scheme="dark")
    page.goto("/style/")
    page.evaluate(FOLDED)
    ground, seen, _ = page.evaluate(ON_PAPER)
    assert seen is False
    for theme in ("auto", "dark"):
        look(page, theme)
        page.emulate_media(media="screen", color_scheme="dark")
        page.reload()
        page.evaluate(FOLDED)
        page.emulate_media(media="print", color_scheme="dark")
        paper, *shown = page.evaluate(ON_PAPER)
        assert (paper != ground, shown) == (True, [True, True]), theme


def test_what_is_being_sent_says_so_and_is_sent_once(open_window):
    page, sent = open_window(), []
    page.goto("/look/")
    page.on("request", lambda one: sent.append(one.method))
    with page.expect_navigation():
        assert page.evaluate(PRESSED) == ["true", "true", None]
    assert sent.count("POST") == 1
