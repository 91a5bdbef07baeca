"""The demo's projects, talents and societies stand in every stage, by the real acts."""

from collections import Counter

import pytest

from keheng.kernel.trail.heads import problems
from keheng.matters.models import Case, Funding, Instalment, Output


@pytest.mark.one_database
def test_the_demo_has_thirty_projects_in_every_stage(in_city, tmp_path):
    stages = Counter(Case.objects.filter(matter="yl.zhangjiang").values_list("state", flat=True))
    assert stages.total() == 30
    assert set(stages) == {
        "draft", "unit_check", "rework", "formal", "fix", "network", "unlisted", "publicity", "granted",
    }  # fmt: skip
    others = set(Case.objects.filter(parent=None).values_list("matter", flat=True))
    assert others >= {"yl.talent", "yl.title", "yl.workstation", "yl.star-society"}
    follow = Case.objects.filter(matter__startswith="yl.zhangjiang-")
    assert set(follow.values_list("state", flat=True)) == {"unit_check", "signed", "examine", "paid", "experts"}
    assert Funding.objects.count() == 2
    assert Instalment.objects.filter(paid_fen__gt=0).count() == 2
    assert {"approval", "regret", "contract", "notice"} <= set(Output.objects.values_list("code", flat=True))
    assert list(problems(tmp_path / "heads")) == []
