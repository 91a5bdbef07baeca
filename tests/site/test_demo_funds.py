"""The demo's projects, talents and societies stand in every stage, by the real acts."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.utils.timezone import localdate

from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.kernel.trail.heads import problems
from keheng.matters.models import Case, Funding, Instalment, Output
from keheng.review.models import Entry
from keheng.site.demo_last_year import old_projects, spread
from keheng.site.demo_rounds import Firm, Office


@pytest.mark.one_database
def test_the_demo_has_thirty_projects_in_every_stage(in_city, tmp_path):
    of_this_year = Case.objects.filter(matter="yl.zhangjiang", opened_at__date__gte=date(localdate().year, 1, 1))
    stages = Counter(of_this_year.values_list("state", flat=True))
    assert stages.total() == 30
    assert set(stages) == {
        "draft", "unit_check", "rework", "formal", "fix", "network", "unlisted", "publicity", "granted",
    }  # fmt: skip
    others = set(Case.objects.filter(parent=None).values_list("matter", flat=True))
    assert others >= {"yl.talent", "yl.title", "yl.workstation", "yl.star-society"}
    intakes = Case.objects.filter(matter="yl.talent-intake").values_list("state", flat=True)
    assert sorted(intakes) == ["formal", "nomination", "reported", "selected"]
    # Last year's are all over, and went to the network review, the panel and the grant.
    earlier = Case.objects.filter(matter="yl.zhangjiang").exclude(pk__in=of_this_year)
    last, old = (earlier.filter(opened_at__year=localdate().year - back).values_list("state", flat=True) for back in (1, 3))
    assert (Counter(last), Counter(old), earlier.count()) == ({"granted": 4, "unlisted": 4}, {"granted": 4}, 12)
    assert Case.objects.filter(end="", submitted_at__year=localdate().year - 1).count() == 0
    follow = Case.objects.filter(matter__startswith="yl.zhangjiang-")
    assert set(follow.values_list("state", flat=True)) == {
        "unit_check", "signed", "examine", "paid", "experts", "check", "passed",
    }  # fmt: skip
    assert Funding.objects.filter(root__matter="yl.zhangjiang").count() == 2
    assert Instalment.objects.filter(paid_fen__gt=0, funding__root__matter="yl.zhangjiang").count() == 2
    assert {"approval", "regret", "contract", "notice"} <= set(Output.objects.values_list("code", flat=True))
    assert list(problems(tmp_path / "heads")) == []


@pytest.mark.one_database
def test_the_demo_has_an_it_project_whose_panel_is_finished(in_city):
    case = Case.objects.get(matter="yl.it-project", parent=None, state="examine", answers__total__gte=100_000_000)
    entry = Entry.objects.select_related("round").get(reference=f"case:{case.pk}")
    assert (entry.round.state, entry.seats.filter(state="submitted").count()) == ("combined", 5)
    assert entry.evidence.count() == 4


@pytest.mark.one_database
def test_what_was_accepted_last_year_goes_back_to_contract_and_project(in_city):
    last, scope = Period.year(localdate().year - 1), {"matter": "yl.zhangjiang-acceptance"}
    accepted = Case.objects.filter(matter="yl.zhangjiang-acceptance", state="passed").select_related("parent__parent")
    for one in accepted:
        above = [one.parent, one.parent.parent]
        assert [(case.matter, case.state) for case in above] == [("yl.zhangjiang-contract", "signed"), ("yl.zhangjiang", "granted")]
        assert len({(case.unit_id, case.answers["name"], case.answers["grant"]) for case in [one, *above]}) == 1
        assert one.opened_at.year - above[0].opened_at.year == 2
    assert read("matters.completed", last, scope).value.value == accepted.count() == 4
    assert read("matters.completed_amount", last, scope | {"of": "grant"}).value.value == 2_500_000


def test_the_full_city_accepts_as_many_as_were_published():
    one = Principal("11", unit="3")
    old = list(old_projects(Office(one, one, one), [Firm(one, one, "云岭演示单位", "")], "full"))
    grants = [grown.at.answers["grant"] for _firm, grown in old]
    assert (len(grants), sum(grants), len(set(grants)) > 5) == (101, 6_650_000_000, True)
    assert {grown.case.end for _firm, grown in old} == {"granted"}


def test_as_many_of_last_year_are_granted_as_were_published():
    assert (sum(spread(1_131, 182)), sum(spread(8, 4)), spread(8, 4)[0]) == (182, 4, False)
    gaps = [number for number, chosen in enumerate(spread(1_131, 182)) if chosen]
    assert {later - one for one, later in pairwise(gaps)} == {6, 7}
