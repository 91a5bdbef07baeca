"""The demo's projects, talents and societies stand in every stage, by the real acts."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.utils.timezone import localdate

from keheng.kernel.trail.heads import problems
from keheng.matters.models import Case, Funding, Instalment, Output
from keheng.review.models import Entry
from keheng.site.demo_last_year import spread


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
    assert Counter(earlier.values_list("state", flat=True)) == {"granted": 4, "unlisted": 4}
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


def test_as_many_of_last_year_are_granted_as_were_published():
    assert (sum(spread(1_131, 182)), sum(spread(8, 4)), spread(8, 4)[0]) == (182, 4, False)
    gaps = [number for number, chosen in enumerate(spread(1_131, 182)) if chosen]
    assert {later - one for one, later in pairwise(gaps)} == {6, 7}
