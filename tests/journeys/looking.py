"""A page as axe, a narrow and a wide window find it: at a desk in light and dark, at 400 %, which is how a phone has it too, on a big screen."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import TimeoutError as TooLong

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# What follows the window (tables that begin to scroll) has done so when the page was drawn twice.
ASK = """async (rules) => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
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
# A big screen, and one on a wall; no line of what is read there is longer than so many signs.
BIG, WALL = {"width": 1920, "height": 1080}, {"width": 2560, "height": 1440}
LONG = """() => {
  const found = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (texts.nextNode()) {
    const here = texts.currentNode, size = parseFloat(getComputedStyle(here.parentElement).fontSize);
    if (here.data.trim().length < 62 || here.parentElement.closest("script, style, svg, pre, textarea, select")) continue;
    range.selectNodeContents(here);
    if ([...range.getClientRects()].some((line) => line.width > 62 * size)) found.add(`a long line: ${here.data.trim().slice(0, 60)}`);
  }
  return [...found];
}"""


def too_wide(page):
    """What stands beside the window, once charts have followed it, which they do in their own time."""
    with suppress(TooLong):
        page.wait_for_function("() => document.scrollingElement.scrollWidth <= innerWidth", timeout=5000)
    return page.evaluate(WIDE)


def faults_of(page):
    """What is wrong with the page that a window shows; serious and critical findings alone."""
    shown = page.viewport_size
    page.evaluate(AXE)
    found = page.evaluate(ASK)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in page.evaluate(ASK, ["color-contrast", "link-in-text-block"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SMALL)
    found += too_wide(page)
    found += [f"narrow: {one}" for one in page.evaluate(ASK)]
    page.set_viewport_size(WALL if page.locator(".k-wall").count() else BIG)
    found += [f"on a big screen: {one}" for one in too_wide(page) + page.evaluate(LONG)]
    page.set_viewport_size(shown)
    return found
