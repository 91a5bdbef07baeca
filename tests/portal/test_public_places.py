"""What is open now, what there is, and what machines and people find of it: every part is told by whoever has it."""

import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override
from lxml import html
from portal.halls_made_up import a_guide, a_hall
from portal.made_up import column, published
from portal.outreach_made_up import ORGANISER, opened
from portal.test_media import entered
from portal.test_surveys import running

from keheng.kernel.search.models import Shelf
from keheng.matters.queries.guides import open_calls
from keheng.portal.actions.halls import close_hall
from keheng.portal.actions.surveys import close_survey
from keheng.portal.models import Hall, Survey
from keheng.portal.queries.open_now import OpenNow, open_now
from keheng.portal.queries.own_open import halls_with_room, open_surveys
from keheng.portal.queries.resources import Resource, ResourceGroup, _groups, register_resources, resource_groups
from keheng.portal.urls import public
from keheng.portal.views.searching import _labels
from keheng.site.public_places import calls_open_now

pytestmark = pytest.mark.django_db
HEADS = ("og:title", "og:description", "og:url", "og:site_name", "og:locale", "og:type")


def page(path):
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def all_kinds():
    """One of each public record, by its address."""
    activity, survey, over, hall = opened().activity, running(), running(), a_hall()
    a_guide(languages=["zh-hans", "en"])
    close_survey(actor=ORGANISER, survey=over.pk)
    return {
        "activity": f"/events/{activity.pk}/", "survey": f"/surveys/{survey.pk}/", "results": f"/surveys/{over.pk}/results/",
        "hall": f"/halls/{hall.code}/",
    }  # fmt: skip


def test_everything_that_is_open_stands_on_the_front_page_what_closes_first_first(all_kinds):
    found = open_now()
    ends = [one.ends_at for one in found]
    assert ends == sorted(ends, key=lambda one: (one is None, one or now()))
    assert [one.url for one in found if one.url in all_kinds.values() and one.ends_at is None] == [all_kinds["hall"]]
    shown = html.fromstring(page("/en/")).xpath("//section[@aria-labelledby='open']//a")
    links, kinds = [one.get("href") for one in shown], {one.xpath("./span")[0].text for one in shown}
    assert [f"/en{all_kinds[one]}" in links for one in ("activity", "survey", "hall", "results")] == [True, True, True, False]
    assert kinds == {"Event registration", "Surveys", "Hall visits", "Open for applications"}


def test_what_is_open_takes_no_more_queries_for_more_of_it(all_kinds):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            open_now()
        counts.append(len(asked))
        for _ in range(2):
            running()
            opened()
        a_hall(code=f"hall-{len(counts)}")
    assert counts == [7, 7]


def test_a_hall_without_room_and_a_survey_for_some_are_not_open_to_all(all_kinds):
    assert [one.url for one in halls_with_room()] == [all_kinds["hall"]]
    with override("ja"):
        assert halls_with_room() == []  # Nobody guides in Japanese.
    today = now().date()
    hall = all_kinds["hall"].split("/")[2]
    close_hall(actor=ORGANISER, hall=Hall.objects.get(code=hall).pk, since=today, until=today + timedelta(days=80), reason="改造")
    assert halls_with_room() == []
    Survey.objects.filter(state="open").update(closes_at=now() - timedelta(minutes=1))
    assert open_surveys() == []


def test_calls_are_open_on_their_days_and_end_with_the_last_one():
    found = open_calls(date(2026, 11, 23))
    assert [one.until for one in found] == sorted(one.until for one in found)
    assert ("yl.youth-contest" in [one.matter for one in found], open_calls(date(2025, 6, 1))) == (True, [])
    with CaptureQueriesContext(connection) as asked:
        told = calls_open_now()
    assert (len(told), len(asked)) == (3, 0)
    assert all(isinstance(one, OpenNow) and one.ends_at.hour == 23 for one in told)


def test_machines_find_every_list_and_every_open_record(all_kinds):
    found = re.findall(r"<loc>http://testserver([^<]+)</loc>", page("/sitemap.xml"))
    assert len(found) == len(set(found))
    lists = {"/events/", "/halls/", "/surveys/", "/media/", "/resources/", "/matters/", "/matters/policies/", "/reviews/"}
    assert (lists | set(all_kinds.values())) - set(found) == set()
    assert any(one.startswith("/matters/of/") for one in found)
    for path in found:
        if not path.startswith(("/columns/", "/articles/")):
            assert Client().get(path).status_code == 200, path


def test_the_site_map_leads_to_every_list():
    links = set(html.fromstring(page("/sitemap/")).xpath("//main//a/@href"))
    plain = {reverse(f"portal:{one.name}") for one in public if "<" not in str(one.pattern)}
    # Files of machines, pages that one comes to by what one has, the search that stands on every page, and the page itself.
    assert (
        plain - links - {"/", "/search/", "/search/suggest", "/sitemap.xml", "/robots.txt", "/sitemap/", "/events/my/", "/halls/my/"}
        == set()
    )


def test_pages_that_are_shared_bring_a_whole_card(all_kinds):
    for path in [*all_kinds.values(), "/events/", "/halls/", "/surveys/", "/media/", "/resources/"]:
        head = html.fromstring(page(f"/en{path}")).find("head")
        card = {one.get("property"): one.get("content") for one in head.iter("meta") if one.get("property")}
        assert [name for name in HEADS if not card.get(name)] == [], path
        assert (card["og:url"], card["og:locale"]) == (f"http://testserver/en{path}", "en")
        assert [one.get("content") for one in head.iter("meta") if one.get("name") == "twitter:card"] == ["summary"]


def test_resources_are_what_is_there_in_registered_groups(all_kinds, monkeypatch, caplog):
    published(
        "科技政策十条",
        where=column("policies", "policies"),
        kind="policy",
        topics=("tax",),
        issued_on=date(2026, 1, 5),
        issuing_body="科委",
    )
    entered()
    monkeypatch.setattr("keheng.portal.queries.resources._groups", dict(_groups))
    register_resources(ResourceGroup("instruments", "仪器", "共享", "microscope", 1, lambda: [Resource("电子显微镜", "/instruments/1/")]))
    register_resources(ResourceGroup("broken", "坏的", "", "microscope", 2, lambda: 1 / 0))
    register_resources(ResourceGroup("none", "没有", "", "microscope", 3, list))
    with pytest.raises(ValueError, match="twice"):
        register_resources(ResourceGroup("none", "另一个", "", "microscope", 3, list))
    assert [one.group.code for one in resource_groups()] == ["instruments", "halls", "policies", "benefits", "results", "media", "data"]
    assert "broken" in caplog.text
    for prefix, word in (("", "资源"), ("/en", "Resources"), ("/ja", "資源"), ("/ko", "자원")):
        text = page(f"{prefix}/resources/")
        assert html.fromstring(text).xpath("//main//h1")[0].text == word
        links = html.fromstring(text).xpath("//main//a/@href")
        wanted = (
            f"{prefix}{all_kinds['hall']}",
            f"{prefix}{all_kinds['results']}",
            f"{prefix}/policies/?topic=tax",
            "/api/",
            "/instruments/1/",
        )
        assert [one for one in wanted if one not in links] == []
        assert html.fromstring(text).xpath("//nav[contains(@class, 'k-nav')]//a[@aria-current]/@href") == [f"{prefix}/resources/"]


def test_the_search_finds_reports_and_its_kinds_have_names(all_kinds):
    item = entered()
    text = page(f"/search/?q={item.title}")
    assert (item.title in re.sub("</?mark>", "", text), ">媒体报道</a>" in text) == (True, True)
    (link,) = html.fromstring(text).xpath("//main//ol//a/@href")
    assert html.fromstring(page(link)).xpath(f"//main//a[@href='{item.url}']")
    assert html.fromstring(page(f"/search/?q={item.title}&kind=media")).xpath("//main//ol//a/@href") == [link]
    assert html.fromstring(page(f"/search/?q={item.title}&kind=hall")).xpath("//main//ol//a/@href") == []
    kinds = {kind for one in Shelf.objects.all() for kind in json.loads(one.facets).get("kind", [])}
    assert (kinds, kinds - set(_labels("kind"))) == ({"activity", "hall", "survey", "media"}, set())
