"""A figure is one figure on every page: the rate as the form prints it, the total as the re-check left it."""

from decimal import Decimal

import pytest
from people import make_account, signed_in
from performance.performance_made_up import CHECKER, HEAD, MAKER, REVIEWER, YEAR, approved, figure, project, signed, spent, unit, whole

from keheng.kernel.desk.models import Message
from keheng.performance.actions.rechecks import Opinion, close_recheck, draw_sample, score_recheck, send_back
from keheng.performance.enums import Verdict
from keheng.performance.models import EvaluationRow, Project, Recheck
from keheng.performance.queries.digest import digests
from keheng.performance.queries.overview import peers
from keheng.performance.queries.standing import standing
from keheng.performance.rules.advice import Advice

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def rechecked(form, score):
    """The form drawn, its third row (30 points) scored again."""
    draw_sample(actor=CHECKER, year=YEAR, seed="会议 3 号")
    recheck = Recheck.objects.get()
    opinions = {one.place: Opinion(score=one.score) for one in EvaluationRow.objects.filter(evaluation=form)}
    opinions[3] = Opinion(score=Decimal(score), verdict=Verdict.EVIDENCE, note="制度没有附件")
    return score_recheck(actor=CHECKER, recheck=recheck.pk, opinions=opinions, verdicts={}, opinion="补充依据")


def pages(form):
    """Every page that says what the form came to."""
    leader, one = signed_in(make_account("leader", "leader")), form.project_id
    paths = ("", "cockpit/", "digest/", f"projects/{one}/", f"projects/{one}/evaluation/", f"projects/{one}/trend/")
    return {path: leader.get(f"/performance/{path}?year={YEAR}").content.decode() for path in paths}


@pytest.mark.django_db
def test_a_closed_recheck_counts_on_every_page():
    form = whole()
    own = form.total
    recheck = rechecked(form, 1)
    assert standing(form).rechecked is False
    assert Message.objects.count() == 0
    close_recheck(actor=CHECKER, recheck=recheck.pk)
    form.refresh_from_db()
    counts = standing(form)
    assert (counts.total, counts.own, form.total) == (own - 29, own, own)
    assert (counts.own_grade, counts.grade) == ("优", "中")
    for path, page in pages(form).items():
        assert (path, str(counts.total) in page, str(own) in page) == (path, True, True)
    [digest] = digests(Project.objects.all(), YEAR)
    assert (digest.mean, digest.entries[0].advised.advice) == (counts.total, Advice.IMPROVE)
    assert [one.mean for one in peers(Project.objects.all(), YEAR)] == [counts.total]
    told = Message.objects.all()
    assert {one.account for one in told} == {one.account for one in (MAKER, REVIEWER, HEAD)}
    assert all(str(counts.total) in one.body and "补充依据" in one.body for one in told)


@pytest.mark.django_db
def test_the_recheck_says_its_reason_its_clause_and_where_the_evidence_is():
    form = whole()
    close_recheck(actor=CHECKER, recheck=rechecked(form, 1).pk)
    page = signed_in(make_account("checker", "reviewer")).get(f"/performance/rechecks/{Recheck.objects.get().pk}/").content.decode()
    assert [words in page for words in (f"{Verdict.EVIDENCE.label}：制度没有附件", "计分依据：", "办公会纪要 12 号", "n = 320")] == [
        True
    ] * 4


@pytest.mark.django_db
def test_a_form_that_was_sent_back_counts_as_it_was_signed():
    form = whole()
    send_back(actor=CHECKER, recheck=rechecked(form, 1).pk, reason="依据不足")
    form.refresh_from_db()
    assert standing(form).rechecked is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("layout", "fen", "printed", "never"),
    [("mof", 97_316_66, "97.32", "97.31"), ("sh-2023", 97_316_66, "97.31", "97.32"), ("sh-2022", 97_312_34, "97.32", "97.31")],
)
def test_every_page_shows_the_rate_that_the_form_prints(layout, fen, printed, never):
    of = unit()
    row = project(of, layout=layout)
    figure(of, "visits", "11143566")
    figure(of, "items", "245")
    approved(row)
    spent(row, fen)
    for path, page in pages(signed(row)).items():
        if not path or path.endswith("trend/"):
            continue
        assert (path, printed in page, never in page) == (path, True, False)
