"""The demo's cases stand in every stage, by the real acts, and a year of them by the engine that the acts use."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from people import actor_for, make_account, make_unit

from keheng.access.models import Account
from keheng.kernel.desk.models import Task
from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.kernel.trail.heads import problems
from keheng.matters.demo import COUNTS, load, permits
from keheng.matters.demo.flows import YEARLY
from keheng.matters.models import Bulletin, Case, FollowUp, Material, Output, Rating, Turn
from keheng.matters.queries.bulletins import changed_since, drawn
from keheng.matters.queries.cases import loaded
from keheng.matters.queries.follow_ups import stage_of
from keheng.matters.queries.ledgers import ledger_of, years_of
from keheng.matters.rules.bulletins import templates
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.form.answers import form_problems

# A draft, one of each matter, two by video, one of another class, one to be completed, one granted.
LIVE_PERMITS = 16


@pytest.fixture
def city(db, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    make_account("demo.unit.manager", "unit_manager", unit=make_unit())
    for role in ("window_clerk", "case_officer", "leader", "finance", "hotline_agent"):
        make_account(f"demo.{role.replace('_', '.')}", role)
    load(scale="small", progress=lambda *_: None)
    return tmp_path


@pytest.mark.one_database
def test_the_demo_has_cases_in_every_stage_and_a_year_that_was_cut_by_a_quarter(city):
    states = set(Case.objects.values_list("state", flat=True))
    assert {"draft", "precheck", "fix", "examine", "refused", "closed", "verifying", "issued", "head", "sign"} - states == set()
    assert {"opinion", "refusal", "slip", "paper"} - set(Output.objects.values_list("code", flat=True)) == set()
    assert Rating.objects.exists()
    assert list(problems(city / "heads")) == []
    office = Case.objects.filter(matter__in=["yl.leave", "yl.seal", "yl.purchase", "yl.document"])
    last = Period.year(localdate().year - 1)
    of_last_year = int(read("matters.cases", last, {"topic": "内部事务"}).value.value)
    lately = office.filter(opened_at__date__gt=localdate() - timedelta(days=365))
    assert (of_last_year, lately.count(), office.values("matter").distinct().count()) == (
        YEARLY["small"], COUNTS["small"] // 3 + YEARLY["small"], 4,
    )  # fmt: skip
    leader = actor_for(Account.objects.get(login="demo.leader"))
    project = shelf()["yl.it-project"][-1].matter
    year = ledger_of(leader, project, years_of(leader, "yl.it-project")[0])
    assert year.total.cases + year.refused >= 350
    assert 22 < year.total.rate < 30
    # What was walked is as sound as what was done: forms are complete, and who must act has a task.
    for case in Case.objects.exclude(submitted_at=None).select_related("edition"):
        one = loaded(case)
        assert form_problems(one.matter, one.at.answers, localdate(case.opened_at)) == []
        assert bool(case.end) or Task.objects.filter(key__startswith=f"case:{case.pk}:").exists()
    # A handful of different files stands for the materials of all that was walked.
    shared = Counter(Material.objects.filter(case__matter="yl.it-project").values_list("file", flat=True))
    assert len([file for file, times in shared.items() if times > 20]) == 5


@pytest.mark.one_database
def test_bad_ratings_stand_at_every_stage_and_change_no_published_share(city):
    stages = {stage_of(row).title for row in FollowUp.objects.all()}
    assert stages == {"待核实", "整改中", "待核实，已逾期", "已办结", "逾期办结"}
    assert set(FollowUp.objects.values_list("difficulty", flat=True)) == {"ordinary", "hard"}
    assert Rating.objects.filter(stars__lte=2).count() == FollowUp.objects.count() == 7
    assert not FollowUp.objects.filter(rating__case__matter__in=_permits()).exists()
    assert "（演示" in FollowUp.objects.first().rating.comment


@pytest.mark.one_database
def test_permits_have_a_year_windows_and_bulletins(city):
    written = len(permits.years_of_plans(permits.COUNTS["small"]))
    assert Case.objects.filter(matter__in=_permits()).count() == written + LIVE_PERMITS + COUNTS["small"] // 3
    last = Period.year(localdate().year - 1)
    assert read("matters.cases", last, {"topic": "外国人来华工作"}).value.value == permits.COUNTS["small"]
    assert Bulletin.objects.count() == 12 + localdate().month - 1
    assert [one.month for one in Bulletin.objects.all() if changed_since(one, drawn(templates()[one.code], one.month))] == []
    assert set(Case.objects.filter(state="precheck", ticks__isnull=False).values_list("title", flat=True)) == {"外国人工作许可新办（境内）"}
    assert set(Turn.objects.values_list("state", flat=True)) == {"booked", "waiting", "called", "done", "missed"}


def _permits():
    return [name for name, versions in shelf().items() if "外国人来华工作" in versions[-1].matter.topics]
