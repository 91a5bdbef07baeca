"""The public list of certificates: by year, without those that were revoked, for matters that name them to everybody alone."""

from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import now
from matters.contest_made_up import entry
from matters.made_up import flaws_of, small
from matters.test_pages import text_of

from keheng.matters.actions.growing import write
from keheng.matters.models import Output
from keheng.matters.queries.granted import granted, years_granted
from keheng.matters.service import Begun, Step, grow, in_force

CONTEST = "yl.youth-contest"
LISTED = ("\ntests:", "\noutputs: {paper: {title: 证, kind: certificate, series: zz, listed: true}}\ntests:")
GIVEN = ("std: 办结, end: granted}", "std: 办结, end: granted, outputs: [paper]}")


def awarded(year, score, work):
    """An entry that went to its end in a year; its certificate, or None."""
    steps = [
        Step("submit", "9", "apply"), Step("recommend", "8", "district"), Step("accept", "7", "window"),
        Step("close_review", "6", "office", 0, {"score": score, "listed": "yes"}), Step("publish", "5", "decide"), Step("award", "5", "decide"),
    ]  # fmt: skip
    made = grow(in_force(CONTEST, now().date()), Begun("9", date(year, 5, 4), entry(year, work=work, school="云岭演示第九中学")), steps)
    write([made])
    return Output.objects.filter(case=made.case).first()


@pytest.mark.django_db
def test_awards_are_listed_by_year_and_lead_to_their_check():
    old, first, third = awarded(2024, "91", "水质浮标"), awarded(2025, "95", "风向标"), awarded(2025, "70", "月相钟")
    assert years_granted(CONTEST) == [2025, 2024]
    assert [one.pk for one in granted(CONTEST).filter(issued_at__year=2025)] == [first.pk, third.pk]
    page = Client().get(f"/matters/of/{CONTEST}/granted/")
    said = text_of(page)
    assert [word in said for word in ("风向标", "一等奖证书", first.number, "月相钟", "水质浮标", "演示学生")] == [True] * 4 + [False] * 2
    assert f"/verify/{first.token}/" in page.content.decode()
    assert "水质浮标" in text_of(Client().get(f"/matters/of/{CONTEST}/granted/?year=2024"))
    assert Client().get(f"/matters/of/{CONTEST}/granted/?year=x").status_code == 200
    Output.objects.filter(pk=first.pk).update(revoked_at=now())
    assert "风向标" not in text_of(Client().get(f"/matters/of/{CONTEST}/granted/"))
    assert old.number in text_of(Client().get(f"/en/matters/of/{CONTEST}/granted/?year=2024"))


@pytest.mark.django_db
def test_other_matters_name_nobody():
    assert "还没有公布的名单" in text_of(Client().get(f"/matters/of/{CONTEST}/granted/"))
    assert "公布的名单" in text_of(Client().get(f"/matters/of/{CONTEST}/"))
    assert "公布的名单" not in text_of(Client().get("/matters/of/yl.it-project/"))
    assert [Client().get(f"/matters/of/{name}/granted/").status_code for name in ("yl.it-project", "yl.nothing")] == [404, 404]


def test_only_certificates_are_listed():
    assert flaws_of(small(LISTED, GIVEN)) == []
    assert flaws_of(small((LISTED[0], LISTED[1].replace("kind: certificate, ", "")), GIVEN)) == [("OUTPUT", "outputs.paper")]
