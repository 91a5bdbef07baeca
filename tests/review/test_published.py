"""The published lists as citizens look for them: open ones first, by words, in few queries, and nothing that is not public."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate
from review import rounds_made_up as made

from keheng.review.models import Round

pytestmark = pytest.mark.django_db
LISTS = "/reviews/"


def published(title, *, over=False):
    row = made.opened(made.subjects(2), [], title=title)
    row.entries.update(proposed=True)
    until = localdate() + timedelta(days=-1 if over else 3)
    begin = row.opened_at - timedelta(days=10 if over else 0)
    Round.objects.filter(pk=row.pk).update(state="public", published_at=begin, published_by="502", objections_until=until)
    return row


def shown(**asked):
    page = Client().get(LISTS, asked).content.decode()
    return re.findall(r'<a href="/reviews/\d+/">([^<]+)</a>', page), page


def test_open_lists_stand_first_and_inner_ones_nowhere():
    made.opened(made.subjects(1), [], title="还在评审")
    inside = made.opened(made.subjects(1), [], title="不公示的中间评审", publicity=0)
    Round.objects.filter(pk=inside.pk).update(state="closed")
    published("去年的评审", over=True)
    open_one = published("今年的评审")
    titles, page = shown()
    assert titles == ["今年的评审", "去年的评审"]
    assert re.findall("公示中|已结束", page.split("<tbody>")[1]) == ["公示中", "已结束"]
    assert re.findall(r'data-label="列入名单">(\d+)<', page) == ["2", "2"]
    over = Round.objects.get(title="去年的评审")
    assert [Round.objects.get(pk=one.pk).state_said for one in (open_one, over)] == ["公示中", "公示期满"]
    # Once the days of objections have ended, the page of the list no longer offers what would be refused.
    assert ["提出异议" in Client().get(f"{LISTS}{one.pk}/").content.decode() for one in (open_one, over)] == [True, False]


def test_lists_are_found_by_words_and_in_four_languages():
    published("星级学会评估")
    published("科技英才评审")
    assert shown(q="学会")[0] == ["星级学会评估"]
    titles, page = shown(q="没有的")
    assert (titles, "没有这样的公示" in page) == ([], True)
    assert "还没有公示的名单" not in page
    for language in ("en", "ja", "ko"):
        page = Client().get(f"/{language}{LISTS}").content.decode()
        assert '<span lang="zh-hans">星级学会评估</span>' in page
        assert "评审公示" not in page


def test_nothing_was_published_yet():
    titles, page = shown()
    assert (titles, "还没有公示的名单" in page) == ([], True)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_are_read_in_few_queries(django_assert_num_queries, count):
    for number in range(count):
        published(f"第{number}次评审")
    client = Client()
    with django_assert_num_queries(2):
        client.get(LISTS)
