"""The site doctor: each rule fires and near misses do not; forecasts; score; pages rendered without a network."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now
from portal.made_up import EDITOR, VISITOR, article, column, published

from keheng.kernel.measures import read
from keheng.kernel.models import Job
from keheng.kernel.periods import Period
from keheng.portal.actions.checking import ask_check, keep_check
from keheng.portal.actions.feedback import Message, answer_feedback, publish_answer, receive_feedback
from keheng.portal.enums.content import definition
from keheng.portal.models import Article, Column, Feedback, Push, SiteCheck, VisitHour
from keheng.portal.queries.ages import ages
from keheng.portal.queries.crawl import Page, crawl, inside, rendered
from keheng.portal.queries.site_rules import Found, Site, all_rules
from keheng.portal.views.showing import identity

pytestmark = pytest.mark.django_db
TODAY = localdate()


def fired(code, site=None):
    limits, rule = all_rules()[code]
    return [one.text for one in rule(site or Site(), limits)]


@pytest.mark.parametrize(("days", "stale"), [(0, False), (14, False), (15, True), (40, True)])
def test_a_column_is_stale_the_day_after_its_greatest_age(days, stale):
    column("news", "news", greatest_age=14)
    published(where=column("news"))
    age = ages(TODAY + timedelta(days=days))[0]
    assert (age.stale(TODAY + timedelta(days=days)), age.stale_on) == (stale, TODAY + timedelta(days=15))
    assert len(fired("columns", Site(TODAY + timedelta(days=days)))) == int(stale)


def test_columns_that_need_not_move_and_days_before_are_not_counted():
    column("guides", "guides")
    column("news", "news", greatest_age=14)
    published(where=column("news"))
    assert [age.column.slug for age in ages()] == ["news"]
    yesterday = ages(TODAY - timedelta(days=1))[0]
    assert (yesterday.last, yesterday.stale(TODAY - timedelta(days=1))) == (None, True)


def test_a_column_of_a_million_articles_is_filled_by_its_first_one():
    column("empty", "news", greatest_age=14, order=2)
    published(where=column("news", "news", greatest_age=14))
    with CaptureQueriesContext(connection) as asked:
        assert {age.column.slug: age.filled for age in ages()} == {"news": True, "empty": False}
    (one,) = asked.captured_queries
    assert "COUNT(" not in one["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {one['sql']}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert re.search(r"(?i)using (index )?portal_article_(in_)?column", plan), plan


@pytest.mark.parametrize(("days", "count"), [(14, 0), (15, 1)])
def test_the_front_page_is_stale_after_two_weeks(days, count):
    published(where=column("news", "news", greatest_age=99))
    assert len(fired("home", Site(TODAY + timedelta(days=days)))) == count


def test_ten_stale_columns_are_a_veto():
    for number in range(10):
        published(f"旧闻第 {number} 条", where=column(f"c{number}", greatest_age=5))
    assert fired("moving", Site(TODAY + timedelta(days=6))) == ["10 个栏目应更新而未更新"]
    Column.objects.filter(slug="c1").update(greatest_age=50)
    assert fired("moving", Site(TODAY + timedelta(days=6))) == []


def test_empty_columns_are_those_without_articles_below():
    parent = column("parent")
    child = column("child", parent=parent)
    assert fired("empty") == ["栏目“栏目 parent”是空的", "栏目“栏目 child”是空的"]
    article(where=child)
    assert len(fired("empty")) == 2
    published("子栏目的文章", where=child)
    assert fired("empty") == []


def test_messages_without_an_answer_for_three_months_within_a_year():
    row, _ = receive_feedback(actor=VISITOR, message=Message("question", "问题", "一个很久的问题"))
    for days, count in ((89, 0), (91, 1), (364, 1), (366, 0)):
        Feedback.objects.update(received_at=now() - timedelta(days=days))
        assert len(fired("unanswered")) == count, days
    Feedback.objects.update(received_at=now() - timedelta(days=91))
    answer_feedback(actor=EDITOR, feedback=row.pk, answer="已经答复了。")
    assert fired("unanswered") == []


def test_policies_replies_and_statistics_have_their_terms():
    published("云岭市政策一则", where=column("p", "policies"))
    assert [len(fired("policies", Site(TODAY + timedelta(days=days)))) for days in (183, 184)] == [0, 1]
    assert len(fired("replies")) == 1
    row, _ = receive_feedback(actor=VISITOR, message=Message("question", "问题", "公开的问题"))
    answer_feedback(actor=EDITOR, feedback=row.pk, answer="公开的答复。")
    publish_answer(actor=EDITOR, feedback=row.pk, title="问题", public_question="公开的问题", public_answer="公开的答复。")
    assert [len(fired("replies", Site(TODAY + timedelta(days=days)))) for days in (60, 63)] == [0, 1]
    assert len(fired("statistics")) == 1
    VisitHour.objects.create(hour=now(), section="home", language="zh-hans", views=1)
    assert fired("statistics") == []


def test_a_policy_without_a_date_is_found():
    published("云岭市政策一则", where=column("p", "policies"), kind="policy", issuing_body="云岭市", issued_on=date(2026, 1, 1))
    assert fired("undated") == []
    bad = published("没有日期的政策", where=column("p"))
    Article.objects.filter(pk=bad.pk).update(kind="policy")
    assert fired("undated") == ["政策没有成文日期：没有日期的政策"]


def test_broken_links_pictures_and_titles_are_found_on_rendered_pages():
    good = published("好的文章标题", body='<p><a href="/policies/">政策</a></p>')
    bad = published(
        "坏链接的文章",
        body=f'<p><a href="/articles/99999/">不在</a> <a href="/articles/{good.pk}/">在</a> <a href="https://elsewhere.example/x">外站</a></p>',
    )
    site = Site()
    assert fired("links", site) == ["链接打不开：/articles/99999/（4 页）"]
    assert fired("alt", site) == fired("titles", site) == []
    assert {f"/articles/{good.pk}/", f"/articles/{bad.pk}/", "/feedback/", "/policies/"} <= {page.path for page in site.pages}
    assert fired("correction", site) == []
    site.pages = [Page("/x/", 200, "", ["/y/"], unnamed_pictures=2), Page("/z/", 200, "题")]
    assert (fired("alt", site), fired("titles", site), len(fired("correction", site))) == (["2 张图片没有文字说明"], ["页面没有标题"], 1)


@pytest.mark.parametrize(("page", "link", "path"), [
    ("/a/", "b/", "/a/b/"), ("/a/", "/c/?x=1#y", "/c/"), ("/a/", "https://other.example/", ""), ("/a/", "//other.example/", ""),
    ("/a/", "mailto:a@b.example", ""), ("/a/", "#top", "/a/"), ("/a/", "/static/x.css", ""),
])  # fmt: skip
def test_where_links_lead(page, link, path):
    assert inside(page, link) == path


def test_rendering_needs_no_session_and_leaves_signed_in_pages_alone():
    assert rendered("/policies/").status == 200
    assert rendered("/en/policies/").status == 200
    assert rendered("/manage/content/").links == []
    assert rendered("/nowhere/").status == 404
    assert len(list(crawl(["/policies/"], most=3))) == 3


def test_points_come_off_once_a_rule_and_a_veto_takes_all():
    check = keep_check(actor=VISITOR, found={"columns": [Found("一"), Found("二")], "links": [Found("三")]}, pages=7)
    assert (check.score, check.vetoes, check.deductions, check.pages) == (94, 0, 6, 7)
    assert [(one.rule, one.points) for one in check.findings.all()] == [("columns", 5), ("links", 1), ("columns", 0)]
    check = keep_check(actor=VISITOR, found={"columns": [Found(str(number)) for number in range(5)]}, pages=7)
    assert (check.score, check.vetoes, check.deductions) == (0, 1, 0)
    assert keep_check(actor=VISITOR, found={}, pages=7).score == 100


def test_every_rule_has_its_number_source_and_function():
    known = all_rules()
    assert sorted(int(limits["number"]) for limits, _ in known.values()) == list(range(1, 20))
    assert [code for code, (limits, _) in known.items() if not limits["source"] or not limits["zh"]] == []


def test_pages_that_fail_or_take_too_long_are_a_veto_from_five_per_cent_on():
    site = Site()
    for slow, failed, told in ((0, 0, []), (0, 1, ["最慢 0 秒"]), (1, 0, ["最慢 16 秒"])):
        bad = [Page("/s/", 200, seconds=15.6)] * slow + [Page("/f/", 500, seconds=0.2)] * failed
        site.pages = [*bad, *[Page("/p/", 200, seconds=15.0)] * (20 - len(bad))]
        assert [text.partition("，")[2] for text in fired("answering", site)] == told
        site.pages.append(Page("/p/", 404))
        assert fired("answering", site) == []
    assert all(page.seconds > 0 for page in crawl(["/policies/"], most=2))


def test_numbers_of_registration_are_filled_in_and_stand_at_the_foot(monkeypatch):
    assert fired("identity") == []
    assert '网站标识码 <span lang="zh-hans">9900000000' in Client().get("/").content.decode()
    assert 'Site ID <span lang="zh-hans">9900000000' in Client().get("/en/").content.decode()
    monkeypatch.setitem(definition("site")["identity"], "icp", {"words": {"zh-hans": "ICP 备案"}, "value": " "})
    assert fired("identity") == ["没有填写ICP 备案"]
    assert [name.code for name, _ in identity()] == ["site_id", "police"]


@pytest.mark.parametrize(("days", "count"), [(14, 0), (15, 1), (365, 1), (366, 0)])
def test_a_channel_that_was_used_this_year_is_stale_after_two_weeks(days, count):
    Push.objects.create(title="旧推送", channel="微信公众号", pushed_on=TODAY - timedelta(days=days), made_by="1", made_at=now())
    Push.objects.create(title="新推送", channel="微博", pushed_on=TODAY, made_by="1", made_at=now())
    assert len(fired("new_media")) == count


def test_what_no_machine_can_check_is_listed_for_people():
    known = definition("doctor_people")
    assert {"reachable", "ipv6"} <= set(known)
    assert [code for code, one in known.items() if not (one["zh"] and one["look"] and one["source"])] == []
    assert not set(known) & set(all_rules())


def test_the_measure_counts_stale_columns_with_their_evidence():
    column("news", "news", greatest_age=14)
    published(where=column("news"))
    column("never", greatest_age=30)
    reading = read("portal.stale_columns", Period.year(TODAY.year))
    assert (int(reading.value.value), reading.rows) == (1, 2)


def test_a_run_can_be_asked_for():
    ask_check(actor=EDITOR)
    assert list(Job.objects.values_list("kind", flat=True)) == ["portal.examine"]
    assert SiteCheck.objects.count() == 0
