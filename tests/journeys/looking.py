"""A page as axe and a narrow window find it: at a desk in light and dark, and at 400 %, which is how a phone has it too."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import TimeoutError as TooLong

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


def faults_of(page):
    """What is wrong with the page that a window shows; serious and critical findings alone."""
    shown = page.viewport_size
    page.evaluate(AXE)
    found = page.evaluate(ASK)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in page.evaluate(ASK, ["color-contrast", "link-in-text-block"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SMALL)
    # Charts follow the window when the browser has time for it.
    with suppress(TooLong):
        page.wait_for_function("() => document.scrollingElement.scrollWidth <= innerWidth", timeout=3000)
    found += page.evaluate(WIDE)
    found += [f"narrow: {one}" for one in page.evaluate(ASK)]
    page.set_viewport_size(shown)
    return found
