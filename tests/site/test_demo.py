"""The demo city comes up, tells how to sign in, stops on a signal, and comes up again without loading."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from django.db import connection
from people import make_unit
from ports import free_port

from keheng.access import demo as access_demo
from keheng.directory.models import Organisation
from keheng.site import demo_city
from keheng.site.doctor import examine
from keheng.site.installation import SetupError

PLACE = {"COLUMNS": "160", "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def first_page(port, process, within):
    begin = time.monotonic()
    while time.monotonic() - begin < within:
        assert process.poll() is None, process.communicate()
        try:
            return requests.get(f"http://127.0.0.1:{port}/", timeout=2)
        except requests.RequestException:
            time.sleep(0.05)
    raise TimeoutError


@pytest.mark.one_database
def test_the_demo_city_comes_up_twice_and_stops_cleanly(fresh, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "keheng.cli", "demo", "--scale", "small", "--port", str(port)]
    loaded = []
    for _ in range(2):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | PLACE)
        try:
            assert first_page(port, process, 240).status_code == 200
            assert "demo.case.officer" in requests.get(f"http://127.0.0.1:{port}/account/login/", timeout=5).text
        finally:
            process.send_signal(signal.SIGINT)
        said, log = process.communicate(timeout=30)
        assert process.returncode == 0
        assert [role in said for role in ("系统管理员", "经办人", "单位管理员", "个人用户")] == [True] * 4
        assert access_demo.PASSWORD in said
        loaded.append("单位" in log)
    assert loaded == [True, False]
    # The file is another one than the fixture made.
    connection.close()
    assert Organisation.objects.count() > 300


def test_the_demo_refuses_a_database_in_use(fresh):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite the demo has a file of its own")
    make_unit()
    with pytest.raises(SetupError):
        demo_city.load("small")


def test_the_demo_must_not_be_served_to_others(fresh, monkeypatch):
    demo_city.mark().write_text("{}")
    monkeypatch.setenv("KEHENG_HTTPS", "1")
    assert [one.serious for one in examine() if one.what == "demo"] == [True]
