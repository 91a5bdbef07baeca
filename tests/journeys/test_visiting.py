"""A visitor searches and reads an article, in each of the four languages."""

import re

import pytest
from playwright.sync_api import expect

# The language, where its pages begin, a word to search, and what stands in the article that is found.
LANGUAGES = (
    ("zh-hans", "", "创新券", "创新券"),
    ("en", "/en", "Yunling", "answered within five working days"),
    ("ja", "/ja", "雲嶺市", "市科学技術委員会からのお知らせです"),
    ("ko", "/ko", "윈링시", "시 과학기술위원회의 안내입니다"),
)


@pytest.mark.parametrize(("language", "begins", "word", "says"), LANGUAGES)
def test_a_visitor_searches_and_reads(window, language, begins, word, says):
    page = window()
    page.goto("/")
    if begins:
        page.locator("header details summary").click()
        page.locator(f"header a[hreflang={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("#q").fill(word)
    page.locator("#q").press("Enter")
    page.wait_for_url(re.compile(rf"localhost:\d+{begins}/search/\?q="))
    expect(page.locator("html")).to_have_attribute("lang", language)
    hit = page.locator(f"main ol a[href^='{begins}/articles/']").first
    title = hit.inner_text()
    hit.click()
    page.wait_for_url(re.compile(rf"localhost:\d+{begins}/articles/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main article")).to_contain_text(says)
    expect(page.locator("main article")).to_have_attribute("lang", language)
