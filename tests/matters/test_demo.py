"""The demo's cases stand in every stage, by the real acts."""

import pytest
from people import make_account, make_unit

from keheng.kernel.trail.heads import problems
from keheng.matters.demo import COUNTS, load, permits
from keheng.matters.models import Bulletin, Case, Output, Rating, Turn
from keheng.matters.queries.bulletins import changed_since, drawn
from keheng.matters.rules.bulletins import templates

# A draft, one of each matter, two by video, one of another class, one to be completed, one granted.
LIVE_PERMITS = 16


@pytest.mark.django_db
def test_the_demo_has_cases_in_every_stage(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    make_account("demo.unit.manager", "unit_manager", unit=make_unit())
    for login, role in (("demo.window.clerk", "window_clerk"), ("demo.case.officer", "case_officer"), ("demo.leader", "leader")):
        make_account(login, role)
    load(scale="small", progress=lambda *_: None)
    assert Case.objects.count() == COUNTS["small"] + permits.COUNTS["small"] + LIVE_PERMITS
    assert Bulletin.objects.count() == 12
    assert [one.month for one in Bulletin.objects.all() if changed_since(one, drawn(templates()[one.code], one.month))] == []
    assert set(Case.objects.filter(state="precheck", ticks__isnull=False).values_list("title", flat=True)) == {"外国人工作许可新办（境内）"}
    assert set(Turn.objects.values_list("state", flat=True)) == {"booked", "waiting", "called", "done", "missed"}
    assert set(Case.objects.values_list("state", flat=True)) >= {
        "draft",
        "precheck",
        "fix",
        "examine",
        "refused",
        "closed",
        "verifying",
        "issued",
        "head",
        "sign",
    }
    assert {"permit", "opinion", "refusal", "paper", "more"} <= set(Output.objects.values_list("code", flat=True))
    assert Rating.objects.exists()
    assert list(problems(tmp_path / "heads")) == []
