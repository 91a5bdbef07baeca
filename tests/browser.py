"""The browser of the tests: Chromium without its window where that is installed, which works half as much, else the whole."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
IN_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def launched(playwright):
    """The browser, started."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
