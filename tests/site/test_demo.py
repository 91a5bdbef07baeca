"""The demo city comes up, tells how to sign in, stops on a signal, and comes up again without loading."""

import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.db import connection
from people import make_unit
from ports import free_port
from processes import started

from keheng.access import demo as access_demo
from keheng.directory.models import Organisation
from keheng.site import demo_city
from keheng.site.demo_faults import KINDS
from keheng.site.doctor import examine
from keheng.site.installation import SetupError, demo_mark

PLACE = {"COLUMNS": "160", "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def first_page(port, process, said, within=240):
    begin = time.monotonic()
    while time.monotonic() - begin < within:
        assert process.poll() is None, said.read_text()
        try:
            return requests.get(f"http://127.0.0.1:{port}/", timeout=2)
        except requests.RequestException:
            time.sleep(0.05)
    raise TimeoutError


@pytest.mark.one_database
def test_the_loaded_city_comes_up_tells_its_accounts_and_stops_cleanly(in_city, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "keheng.cli", "demo", "--scale", "small", "--port", str(port)]
    said = tmp_path / "said"
    # The city was sealed with the key of this process.
    home = os.environ | PLACE | {"KEHENG_PERSONAL_KEY": settings.PERSONAL_KEY}
    with said.open("w") as told, started(command, cwd=tmp_path, stdout=told, stderr=told, env=home) as process:
        assert first_page(port, process, said).status_code == 200
        assert "demo.case.officer" in requests.get(f"http://127.0.0.1:{port}/account/login/", timeout=5).text
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    text = said.read_text()
    assert [role in text for role in ("系统管理员", "经办人", "单位管理员", "个人用户")] == [True] * 4
    assert (access_demo.PASSWORD in text, "单位:" in text) == (True, False)
    assert Organisation.objects.count() > 300


@pytest.mark.one_database
def test_what_an_interrupted_load_left_is_thrown_away_and_a_loaded_city_stays(fresh):
    filled = []

    def fill(scale, show):
        filled.append((scale, Organisation.objects.count()))
        make_unit()
        show("单位", 1, 1)

    make_unit()
    assert [demo_city.load("small", fill), demo_city.load("small", fill)] == [True, False]
    assert filled == [("small", 0)]
    assert (json.loads(demo_mark().read_text())["scale"], Organisation.objects.count()) == ("small", 1)


def test_the_demo_refuses_a_database_in_use(fresh):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite the demo has a file of its own")
    make_unit()
    with pytest.raises(SetupError):
        demo_city.load("small")


def test_what_is_wrong_on_purpose_is_told_and_no_number_of_identity_with_it(fresh, client):
    assert client.get("/demo-faults/").status_code == 404
    assert "/demo-faults/" not in client.get("/help/").content.decode()
    demo_city.put_mark("small")
    kept = json.loads(demo_mark().read_text())["faults"]
    kinds = {one["kind"] for one in kept}
    assert (kinds, {one["good"] for one in kept if one["kind"] == "person_twice"}) == (set(KINDS), {""})
    page = client.get("/demo-faults/").content.decode()
    assert [words for words, _ in KINDS.values() if words not in page] == []
    assert next(one["record"] for one in kept if one["kind"] == "moved") in page
    links = re.findall(r'<a href="(/(?:organisations|people)/[?]q=[^"]+)"', page)
    assert len(links) == sum(
        min(20, sum(one["kind"] == kind for one in kept)) for kind in ("spelt_otherwise", "code_slip", "moved", "person_twice")
    )
    assert '<a href="/demo-faults/"' in client.get("/help/").content.decode()


def test_the_demo_must_not_be_served_to_others(fresh, monkeypatch):
    demo_mark().write_text("{}")
    monkeypatch.setenv("KEHENG_HTTPS", "1")
    assert [one.serious for one in examine() if one.what == "demo"] == [True]
