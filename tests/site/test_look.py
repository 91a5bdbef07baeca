"""How pages look: what somebody chose, the style page, the parts of others."""

import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from keheng.kernel.charts import Chart, Series, Shape
from keheng.site.look import Look, look_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("cookie", "look"),
    [
        ("", Look()),
        ("dark", Look("dark")),
        ("light.compact.elder", Look("light", "compact", "elder")),
        ("pink.compact", Look("auto", "compact")),
        ("dark.compact.elder.more", Look("dark", "compact", "elder")),
        ("auto.comfortable.standard.no-keys", Look(keys="no-keys")),
        ('"><script>.x', Look()),
    ],
)
def test_a_cookie_asks_for_a_look_and_for_nothing_else(cookie, look):
    assert look_of(cookie) == look
    assert look_of(look.text()) == look


@pytest.mark.django_db
def test_a_choice_is_kept_and_leads_back():
    client = Client()
    answer = client.post("/look/", {"theme": "dark", "reading": "elder", "next": "/style/?a=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/style/?a=1")
    assert client.cookies["keheng-look"].value == "dark.comfortable.elder.keys"
    page = client.get("/style/").content.decode()
    assert '<html lang="zh-hans" class="k-elder">' in page
    assert 'href="/static/keheng/dark.css" media="screen"' in page
    assert client.post("/look/", {"density": "compact", "next": "https://elsewhere.example/"}).headers["Location"] == "/"
    assert client.cookies["keheng-look"].value == "dark.compact.elder.keys"
    client.post("/look/", {"keys": "no-keys", "next": "/style/"})
    assert 'class="k-compact k-elder k-no-keys"' in client.get("/style/").content.decode()


@pytest.mark.django_db
def test_every_icon_and_style_sheet_of_the_style_page_is_there():
    page = Client().get("/style/").content.decode()
    sprite = Path(finders.find("vendor/icons.svg")).read_text(encoding="utf-8")
    used = set(re.findall(r"icons\.svg#([\w-]+)", page))
    assert used - set(re.findall(r'id="([\w-]+)"', sprite)) == set()
    assert set(re.findall(r'<span title="([\w-]+)"><svg', page)) == set(re.findall(r'id="([\w-]+)"', sprite))
    # The real list with all it can have, a draft that is back, a file, what is hidden.
    shown = (
        'data-table="style"',
        'aria-sort="ascending"',
        "常用筛选 1",
        "列和行数",
        "data-table-all",
        "data-table-picked",
        'name="export"',
        'rel="next"',
    )
    assert [one for one in (*shown, "放弃草稿", 'type="file"', "查看原文") if one not in page] == []
    linked = re.findall(r'(?:href|src)="/static/([^"#?]+)"', page)
    assert [one for one in linked if not finders.find(one)] == []
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_every_icon_a_template_names_is_in_the_sprite():
    sprite = set(re.findall(r'id="([\w-]+)"', Path(finders.find("vendor/icons.svg")).read_text(encoding="utf-8")))
    named = {
        (page.name, name)
        for page in (ROOT / "src").rglob("*.html")
        for name in re.findall(r'(?:{% icon |icon=)"([\w-]+)"', page.read_text(encoding="utf-8"))
    }
    assert {(page, name) for page, name in named if name not in sprite} == set()


def test_parts_of_others_are_what_was_written_down():
    entries = json.loads((ROOT / "src/keheng/site/static/vendor/vendor.json").read_text(encoding="utf-8"))
    assert {one["file"]: one["sha256"] for one in entries} == {
        one["file"]: hashlib.sha256((ROOT / one["file"]).read_bytes()).hexdigest() for one in entries
    }
    there = {path for folder in ("src/keheng/site/static/vendor", "tests/vendor") for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert {path.relative_to(ROOT).as_posix() for path in there} - {one["file"] for one in entries} == {
        "src/keheng/site/static/vendor/vendor.json"
    }


def test_a_chart_is_a_table_and_a_drawing_of_the_same_figures():
    chart = Chart("接待", ("一月", "二月"), [Series("批次", (3, None)), Series("人", (Decimal("10.5"), 0))], Shape.LINE, target=Decimal(4))
    assert chart.rows() == [("一月", [3, Decimal("10.5")]), ("二月", [None, 0])]
    assert chart.drawing()["series"] == [{"name": "批次", "values": [3, None]}, {"name": "人", "values": [10.5, 0]}]
    assert chart.drawing()["target"] == 4.0
    assert not chart.empty()
    assert Chart("", ("一",), [Series("", (None,))]).empty()
    with pytest.raises(ValueError, match="批次 has 1 figures for 2 categories"):
        Chart("接待", ("一月", "二月"), [Series("批次", (3,))])


@pytest.mark.django_db
def test_what_no_database_keeps_does_not_arrive():
    client = Client()
    assert client.get("/search/?q=%00%E4%BA%91%00").status_code == 200
    assert client.get("/files/%00/a.pdf").status_code == 404
    answer = client.post("/look/", {"theme": "da\0rk", "next": "/style/\0"})
    assert (answer.headers["Location"], client.cookies["keheng-look"].value) == ("/style/", "dark.comfortable.standard.keys")
