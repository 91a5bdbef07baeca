"""What visitors see: in four languages, without a session, with a constant number of queries."""

import re
from datetime import date

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from lxml import html
from PIL import Image
from portal.made_up import ISSUER, article, column, published

from keheng.kernel.errors import Refused
from keheng.portal.actions.columns import add_redirect, remove_redirect
from keheng.portal.actions.steps import withdraw_article
from keheng.portal.enums.content import definition
from keheng.portal.models import Redirect
from keheng.portal.queries import open_now
from keheng.portal.queries.figures import figures

pytestmark = pytest.mark.django_db
PAGES = (
    "services",
    "policies",
    "disclosure",
    "help",
    "about",
    "accessibility",
    "search",
    "feedback",
    "feedback-answers",
    "feedback-query",
    "subscribe",
    "site-map",
)


def page(path, status=200, **headers):
    answer = Client(**headers).get(path)
    assert answer.status_code == status, path
    return answer


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_four_languages_and_says_which(name):
    path = reverse(f"portal:{name}")
    for language, prefix in (("zh-hans", ""), ("en", "/en"), ("ja", "/ja"), ("ko", "/ko")):
        text = page(f"{prefix}{path}").content.decode()
        assert f'<html lang="{language}"' in text
        assert len(re.findall(r"<h1[ >]", text)) == 1
        assert "style=" not in text.replace("stylesheet", "")


@pytest.mark.parametrize("name", [one for one in PAGES if one not in {"feedback", "feedback-query", "subscribe"}])
def test_pages_without_a_form_set_no_cookie_and_open_no_session(name):
    answer = page(reverse(f"portal:{name}"))
    assert answer.cookies == {}
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_front_page_shows_what_is_new_and_open(monkeypatch):
    monkeypatch.setattr(open_now, "_sources", [lambda: [open_now.OpenNow("云岭路演", "/activities/1/", now(), "活动")]])
    published("开放新一批仪器", where=column("news", "news"))
    published(
        "科技政策十条", where=column("policies", "policies"), kind="policy", issuing_body="云岭市科学技术委员会", issued_on=date(2026, 1, 5)
    )
    text = page("/en/").content.decode()
    assert [word in text for word in ("开放新一批仪器", "科技政策十条", "云岭路演", "0990-12345678")] == [True] * 4
    assert text.index("Firms") < text.index("Citizens")


def test_a_source_that_fails_is_left_out(monkeypatch, caplog):
    monkeypatch.setattr(open_now, "_sources", [lambda: 1 / 0, lambda: [open_now.OpenNow("好的", "/", None, "活动")]])
    assert [one.title for one in open_now.open_now()] == ["好的"]
    assert "failed" in caplog.text


def test_an_article_is_read_in_the_visitors_language_or_in_chinese_with_a_note():
    row = published()
    english = published("How to share instruments", language="en", original=row, body="<p>Book them online.</p>")
    assert "How to share instruments" in page(f"/en/articles/{row.pk}/").content.decode()
    # A translation's own number leads to the same family.
    assert "仪器共享平台使用说明" in page(f"/articles/{english.pk}/").content.decode()
    japanese = page(f"/ja/articles/{row.pk}/").content.decode()
    assert ["仪器共享平台使用说明" in japanese, '<article lang="zh-hans">' in japanese, "k-note" in japanese] == [True] * 3
    assert re.findall(r'hreflang="(\w[\w-]*)" href="http', japanese) == ["zh-hans", "en"]


def test_what_is_not_public_is_not_found():
    draft = article()
    page(f"/articles/{draft.pk}/", 404)
    page("/articles/999999/", 404)
    row = published()
    withdraw_article(actor=ISSUER, article=row.pk, reason="有误")
    page(f"/articles/{row.pk}/", 404)


def test_lists_ask_the_same_number_of_queries_for_one_and_three():
    where = column()
    counts = []
    for _ in range(2):
        for number in range(1 if not counts else 2):
            published(f"通知标题第 {number} 号 {len(counts)}", where=where, topics=("tax",))
        for path in ("/en/columns/notices/", "/en/policies/", "/en/", "/en/columns/notices/feed/", "/sitemap.xml"):
            page(path)
            with CaptureQueriesContext(connection) as asked:
                page(path)
            counts.append((path, len(asked)))
    assert counts[:5] == counts[5:]


def test_policies_are_filtered_by_topic_year_and_body():
    where = column("policies", "policies")
    for title, topic, year, body in (
        ("政策甲的全称", "tax", 2025, "云岭市财政局"),
        ("政策乙的全称", "talent", 2026, "云岭市科学技术委员会"),
    ):
        published(title, where=where, kind="policy", topics=(topic,), issued_on=date(year, 1, 2), issuing_body=body)
    shown = {
        query: [title for title in ("政策甲的全称", "政策乙的全称") if title in page(f"/policies/?{query}").content.decode()]
        for query in ("", "topic=tax", "year=2026", "body=云岭市财政局", "topic=tax&year=2026", "year=x&topic=none")
    }
    assert shown == {
        "": ["政策甲的全称", "政策乙的全称"], "topic=tax": ["政策甲的全称"], "year=2026": ["政策乙的全称"], "body=云岭市财政局": ["政策甲的全称"],
        "topic=tax&year=2026": [], "year=x&topic=none": ["政策甲的全称", "政策乙的全称"],
    }  # fmt: skip


def test_search_finds_pages_that_are_no_articles_by_the_words_that_people_use():
    for prefix, words, path in (
        ("", "忘记密码", "/account/password/reset/"), ("", "我忘记密码了怎么办", "/account/password/reset/"), ("", "满意度调查", "/surveys/"),
        ("", "网站纠错", "/feedback/"), ("", "大字", "/accessibility/"), ("/en", "Password", "/en/account/password/reset/"), ("/en", "survey", "/en/surveys/"),
    ):  # fmt: skip
        text = page(f"{prefix}/search/?q={words}").content.decode()
        assert (f'k-link-card" href="{path}"' in text, "没有找到" in text) == (True, False), words
    assert 'k-link-card" href' not in page("/search/?q=x").content.decode()


def test_a_page_that_is_shared_brings_a_picture_of_the_site():
    found = re.search(r'<meta property="og:image" content="http://testserver(/static/[^"]+)"', page("/").content.decode())
    with Image.open(finders.find(found[1].removeprefix("/static/"))) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_search_finds_marks_narrows_and_tells_other_names():
    policy = published(
        "研发费用加计扣除办法", where=column("policies", "policies"), kind="policy", issuing_body="云岭市税务局", issued_on=date(2026, 1, 2)
    )
    published("研发费用问答")
    text = page("/search/?q=研发费用").content.decode()
    assert ["<mark>研发费用</mark>加计扣除办法" in text, "找到 2 条" in text] == [True, True]
    narrowed = page("/search/?q=研发费用&kind=policy").content.decode()
    assert re.findall(r'<a href="(/articles/\d+/)">', narrowed) == [f"/articles/{policy.pk}/"]
    assert "没有找到" in page("/search/?q=不存在的词语").content.decode()
    told = Client().get("/search/suggest", {"q": "研发"})
    assert sorted(told.json()["suggestions"]) == ["研发费用加计扣除办法", "研发费用问答"]
    assert Client().get("/search/suggest").json() == {"suggestions": []}


@pytest.mark.parametrize("query", ["q=%00", "q=" + "长" * 500, "q=a&page=0", "q=a&page=99999", "q=a&kind=<script>", "q='\"<b>"])
def test_any_question_is_answered(query):
    text = page(f"/search/?{query}").content.decode()
    assert "<b>" not in text
    assert "<script>" not in text


def test_feeds_and_site_map_list_what_is_public():
    row = published()
    article("还没发布的草稿")
    english = published("Shared instruments", language="en", original=row)
    feed = page("/columns/notices/feed/").content.decode()
    assert [feed.count("<entry>"), "仪器共享平台使用说明" in feed] == [1, True]
    assert "Shared instruments" in page("/en/columns/notices/feed/").content.decode()
    site_map = page("/sitemap.xml").content.decode()
    assert [
        f"/articles/{row.pk}/</loc>" in site_map,
        f"/en/articles/{row.pk}/</loc>" in site_map,
        str(english.pk) in re.findall(r"articles/(\d+)/", site_map),
    ] == [True, True, False]
    closed = page("/robots.txt").content.decode().splitlines()
    assert {f"Disallow: {path}" for path in ("/manage/", "/search/", "/en/search/", "/ja/account/", "/ko/search/")} <= set(closed)


def test_old_addresses_lead_on_and_never_in_circles():
    add_redirect(actor=ISSUER, old="/kjdt/t1.html", new="/articles/1/")
    answer = Client().get("/kjdt/t1.html")
    assert (answer.status_code, answer.headers.get("Location")) == (301, "/articles/1/")
    add_redirect(actor=ISSUER, old="/articles/1/", new="/policies/")
    assert Client().get("/kjdt/t1.html").headers["Location"] == "/policies/"
    for old, new in (("/policies/", "/kjdt/t1.html"), ("/a/", "/a/")):
        with pytest.raises(Refused) as refused:
            add_redirect(actor=ISSUER, old=old, new=new)
        assert [one.code for one in refused.value.problems] == ["PORTAL_REDIRECT_LOOP"]
    for new in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere"):
        with pytest.raises(Refused) as refused:
            add_redirect(actor=ISSUER, old="/b/", new=new)
        assert [one.code for one in refused.value.problems] == ["PORTAL_ADDRESS"]
    remove_redirect(actor=ISSUER, redirect=Redirect.objects.get(old="/kjdt/t1.html").pk)
    page("/kjdt/t1.html", 404)


def test_a_page_that_is_not_there_helps():
    published("创新券申领通知")
    text = page("/innovation-voucher/42/", 404).content.decode()
    assert ['value="innovation voucher"' in text, "/feedback/?kind=correction" in text] == [True, True]


def test_every_public_page_ends_with_the_hotline_and_ways_on():
    foot = html.fromstring(page("/policies/").content.decode()).xpath("//footer")[0]
    line = definition("site")["hotline"]
    assert foot.xpath(".//*[@class='k-foot__hotline']")[0].text_content() == line["number"]
    assert line["hours"]["zh-hans"] in foot.text_content()
    assert [page(link.get("href")).status_code for link in foot.xpath(".//a")] == [200] * 14
    english = html.fromstring(page("/en/policies/").content.decode()).xpath("//footer")[0]
    assert line["hours"]["en"] in english.text_content()


def test_lists_outside_the_front_page_lead_back_to_it():
    for path in ("/events/", "/halls/", "/surveys/", "/policies/"):
        crumbs = html.fromstring(page(path).content.decode()).xpath("//nav[@class='k-crumbs']/a")
        assert [one.get("href") for one in crumbs] == ["/"], path


def test_figures_of_the_year_say_their_units():
    published()
    found = figures()
    assert [unit for _title, _value, unit in found["stats"]] == ["次", "次", "条"]
    assert found["stats"][2][1] == "1"


def test_a_column_names_its_languages():
    assert column(languages="zh-hans,ja").language_names == "中文、日本語"
