"""The demo's cases stand in every stage, by the real acts."""

import pytest
from people import make_account, make_unit

from keheng.kernel.trail.heads import problems
from keheng.matters.demo import COUNTS, load
from keheng.matters.models import Case, Output, Rating


@pytest.mark.django_db
def test_the_demo_has_cases_in_every_stage(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    make_account("demo.unit.manager", "unit_manager", unit=make_unit())
    for login, role in (("demo.window.clerk", "window_clerk"), ("demo.case.officer", "case_officer"), ("demo.leader", "leader")):
        make_account(login, role)
    load(scale="small", progress=lambda *_: None)
    assert Case.objects.count() == COUNTS["small"]
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
    assert {"permit", "opinion", "refusal"} <= set(Output.objects.values_list("code", flat=True))
    assert Rating.objects.exists()
    assert list(problems(tmp_path / "heads")) == []
