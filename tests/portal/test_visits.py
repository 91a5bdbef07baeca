"""Counting the log: by the rule, each line once, whatever breaks in between."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.urls import LocalePrefixPattern, get_resolver
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st
from portal.made_up import published

from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.portal.actions import visits
from keheng.portal.actions.visits import count_logs, forget_visitors
from keheng.portal.models import ArticleReads, VisitHour, VisitLog, VisitorDay, VisitorSeen
from keheng.portal.queries.visits import by_day, by_month, most_read
from keheng.portal.queries.visits import visitors as visitors_of
from keheng.portal.rules.sketch import REGISTERS, STANDARD_ERROR, added, hashed, joined, size
from keheng.portal.rules.visits import SECTIONS, Sort, line_of, place_of, sort_of

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
AT = datetime(2026, 3, 4, 2, 5, 30, tzinfo=UTC)


def line(at=AT, path="/policies/", visitor="aa", **changed):
    told = {
        "at": at.isoformat(), "path": path, "method": "GET", "status": 200, "type": "text/html; charset=utf-8", "agent": BROWSER, "address_hash": visitor,
        "internal": False, "probe": False, "prefetch": False, "lang": "zh-hans", "signed_in": False, "bytes": 900,
    }  # fmt: skip
    return json.dumps({**told, **changed})


def write(folder, name, *lines, end="\n"):
    folder.mkdir(exist_ok=True)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + end)


@pytest.mark.parametrize(("changed", "sort"), [
    ({}, "view"), ({"status": 404}, "nothing"), ({"status": 304}, "nothing"), ({"method": "POST"}, "nothing"), ({"method": "HEAD"}, "nothing"),
    ({"type": "application/json"}, "nothing"), ({"type": ""}, "nothing"), ({"probe": True}, "own"), ({"internal": True}, "own"),
    ({"prefetch": True}, "own"), ({"path": "/healthz"}, "own"), ({"agent": ""}, "bot"), ({"agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, "bot"),
    ({"agent": "python-requests/2.32"}, "bot"), ({"agent": "Mozilla/5.0 HeadlessChrome/126"}, "bot"), ({"signed_in": True}, "view"),
])  # fmt: skip
def test_what_counts(changed, sort):
    assert sort_of(line_of(line(**changed))) == Sort(sort)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"at": "2026-03-04T02:05:30+00:00"}', line(at=AT.replace(tzinfo=None)), '"x"', line(status="many")]
)
def test_a_spoilt_line_is_none(text):
    assert line_of(text) is None


@pytest.mark.parametrize(("path", "place"), [
    ("/", ("home", "zh-hans", None)), ("/en/", ("home", "en", None)), ("/en", ("home", "en", None)), ("/articles/12/", ("articles", "zh-hans", 12)),
    ("/ko/articles/7/", ("articles", "ko", 7)), ("/enterprise/", ("other", "zh-hans", None)), ("/articles/12/x/", ("articles", "zh-hans", None)),
    ("/ja/policies/", ("policies", "ja", None)), ("/en/events/3/", ("events", "en", None)), ("/halls/science/", ("halls", "zh-hans", None)),
])  # fmt: skip
def test_where_a_page_stands(path, place):
    found = place_of(path)
    assert (found.section, found.language, found.article) == place


def test_every_public_address_has_a_section_of_its_own():
    public = next(one for one in get_resolver().url_patterns if isinstance(one.pattern, LocalePrefixPattern))
    firsts = {address.split("/", 1)[0] for group in public.url_patterns for address in addresses(group)}
    # A switch of the look, files, and pages for one person by a link of their own: nobody reads about these.
    assert sorted(firsts - set(SECTIONS) - {"", "look", "attachments", "approve", "robots.txt", "sitemap.xml"}) == []
    assert sorted(set(SECTIONS) - firsts) == ["api", "home", "organisations", "other"]


def addresses(group, before=""):
    here = before + str(group.pattern)
    return [path for one in group.url_patterns for path in addresses(one, here)] if hasattr(group, "url_patterns") else [here]


@pytest.mark.django_db
def test_lines_become_hours_visits_visitors_and_reads(tmp_path):
    article = published()
    write(
        tmp_path, "20260304-02-1.log",
        line(), line(at=AT + timedelta(minutes=29), path="/"), line(at=AT + timedelta(minutes=60), path=f"/articles/{article.pk}/"),
        line(visitor="bb"), line(agent="Googlebot/2.1"), line(probe=True), line(status=500), "spoilt", line(path="/articles/999999/", visitor="cc"),
    )  # fmt: skip
    assert count_logs(tmp_path) == 9
    rows = sorted(VisitHour.objects.values_list("hour__hour", "section", "views", "visits", "bots", "own"))
    assert rows == [(10, "articles", 1, 1, 0, 0), (10, "home", 1, 0, 0, 0), (10, "policies", 2, 2, 1, 1), (11, "articles", 1, 1, 0, 0)]
    assert list(ArticleReads.objects.values_list("article", "views")) == [(article.pk, 1)]
    assert [(str(day), count) for day, count in visitors_of(AT.date(), AT.date() + timedelta(days=1))] == [("2026-03-04", 3)]
    assert VisitLog.objects.get().spoilt == 1
    assert most_read(AT.date(), 5) == [article]


@pytest.mark.django_db
def test_a_line_still_being_written_waits_and_no_line_counts_twice(tmp_path):
    whole = line()
    write(tmp_path, "a.log", whole, whole[:40], end="")
    assert count_logs(tmp_path) == 1
    assert count_logs(tmp_path) == 0
    write(tmp_path, "a.log", whole[40:])
    assert count_logs(tmp_path) == 1
    assert VisitHour.objects.get().views == 2


@pytest.mark.django_db(transaction=False)
def test_a_crash_between_reading_and_saving_loses_and_doubles_nothing(tmp_path, monkeypatch):
    write(tmp_path, "a.log", *[line(visitor=str(number)) for number in range(20)])
    good = visits._write

    def crash(counted):
        good(counted)
        raise OSError("the power failed")

    monkeypatch.setattr(visits, "_write", crash)
    with pytest.raises(OSError, match="power"):
        count_logs(tmp_path)
    assert (VisitHour.objects.count(), VisitLog.objects.get().counted) == (0, 0)
    monkeypatch.setattr(visits, "_write", good)
    assert count_logs(tmp_path) == 20
    assert VisitHour.objects.get().views == 20


def test_two_workers_count_each_line_once(fresh, tmp_path):
    folder = tmp_path / "visits"
    for file in range(4):
        write(folder, f"{file}.log", *[line(visitor=f"{file}-{number}") for number in range(50)])

    def count():
        try:
            return count_logs(folder)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(one.result() for one in [pool.submit(count) for _ in range(3)]) == 200
    assert sum(VisitHour.objects.values_list("views", flat=True)) == 200
    assert size(bytes(VisitorDay.objects.get().sketch)) == pytest.approx(200, rel=0.1)


@pytest.mark.django_db
def test_parts_of_a_file_and_the_whole_come_to_the_same(tmp_path, monkeypatch):
    random = Random(20260304)  # noqa: S311 -- a test wants the same numbers every time
    lines = [line(at=AT + timedelta(seconds=random.randrange(7200)), visitor=str(random.randrange(9))) for _ in range(120)]
    write(tmp_path / "one", "a.log", *lines)
    count_logs(tmp_path / "one")
    whole = sum(VisitHour.objects.values_list("views", flat=True))
    VisitHour.objects.all().delete()
    VisitorSeen.objects.all().delete()
    monkeypatch.setattr(visits, "_PART", 1_000)
    write(tmp_path / "two", "b.log", *lines)
    assert count_logs(tmp_path / "two") == 120
    assert sum(VisitHour.objects.values_list("views", flat=True)) == whole == 120


@pytest.mark.django_db
def test_days_and_months_are_those_of_the_city(tmp_path):
    # 17:30 UTC on the last of March is April here.
    write(tmp_path, "a.log", line(at=datetime(2026, 3, 31, 17, 30, tzinfo=UTC)), line(at=datetime(2026, 3, 31, 15, 30, tzinfo=UTC)))
    count_logs(tmp_path)
    year = (datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2027, 1, 1, tzinfo=UTC).date())
    assert [(str(row.label), row.views) for row in by_month(*year)] == [("2026-03-01", 1), ("2026-04-01", 1)]
    assert [str(row.label) for row in by_day(*year)] == ["2026-03-31", "2026-04-01"]
    assert [int(read("portal.page_views", Period.month(2026, month)).value.value) for month in (3, 4)] == [1, 1]
    assert read("portal.page_views", Period.month(2026, 5)).value.value is None
    assert int(read("portal.visits", Period.year(2026)).value.value) == 2
    assert int(read("portal.visitors", Period.year(2026)).value.value) == 2


@pytest.mark.django_db
def test_when_visitors_were_seen_is_forgotten_after_a_day(tmp_path):
    write(tmp_path, "a.log", line(at=now() - timedelta(hours=25)), line(at=now(), visitor="bb"))
    count_logs(tmp_path)
    assert (forget_visitors(), VisitorSeen.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_files_that_were_counted_whole_go_after_eight_days(tmp_path):
    write(tmp_path, "a.log", line())
    count_logs(tmp_path)
    assert len(list(tmp_path.glob("*.log"))) == 1
    VisitLog.objects.update(counted_at=now() - timedelta(days=9))
    count_logs(tmp_path)
    assert (list(tmp_path.glob("*.log")), VisitLog.objects.count(), VisitHour.objects.get().views) == ([], 0, 1)


@pytest.mark.parametrize("count", [0, 1, 7, 100, 3_000, 20_000])
def test_a_sketch_is_right_within_its_known_error(count):
    wrong = [size(added(b"", (hashed(f"{run}-{number}") for number in range(count)))) - count for run in range(6)]
    spread = math.sqrt(sum(one**2 for one in wrong) / len(wrong))
    assert spread <= max(1.0, 2 * STANDARD_ERROR * count)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=60), st.lists(st.integers(0, 2**64 - 1), max_size=60))
def test_joining_sketches_is_adding_both_in_any_order(one, other):
    both = added(added(b"", one), other)
    assert joined(added(b"", one), added(b"", other)) == added(b"", [*other, *one, *one]) == both
    assert len(both) == REGISTERS
