"""Cases go through real rounds as their files say: entered, judged, published, taken back; each page tells what its reader may know."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest
from directory.made_up import CLERK, organisation
from django.db import connection
from django.utils.timezone import localdate
from people import signed_in
from review import rounds_made_up as made
from review.office import cast_of

from keheng.directory.actions.people import add_affiliation
from keheng.kernel.errors import Refused, attempt
from keheng.kernel.trail.record import Actor
from keheng.matters.models import Case, Output
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.service import MoveWish, move_case
from keheng.review.enums import parameter
from keheng.review.models import Bar, Entry, Objection, Round, Seat
from keheng.review.service import close_round, combine_round, decide_objection, file_objection, publish_list
from keheng.site import demo_it
from keheng.site.demo_funds import _talent, project
from keheng.site.demo_rounds import begin, do, draw_judges, judge, read_entries, round_of


@pytest.fixture
def office(db, tmp_path, settings):
    return cast_of(tmp_path, settings)


def nominated(office, number=0):
    """A talent whose unit nominated them."""
    case = do(office["member"], begin(office["member"], "yl.talent", _talent(number, office["firm"])), "submit")
    return do(office["manager"], case, "nominate")


def talent(office, number=0):
    """A talent whose application was accepted, so that it waits in a round."""
    return do(office["clerk"], nominated(office, number), "accept")


def refused(actor, case, move, **typed):
    case.refresh_from_db()
    wish = MoveWish(move, case.version, typed, "意见", signed=True)
    return [one.code for one in attempt(lambda: move_case(actor=actor, case=case.pk, wish=wish))]


def chance(seed):
    return Random(seed)  # noqa: S311 -- readings of a test, the same every time


def objections_over(row):
    Round.objects.filter(pk=row.pk).update(objections_until=localdate() - timedelta(days=1))


def test_a_case_goes_through_the_round_of_its_file_to_the_end(office):
    made.experts(7)
    case = talent(office)
    row = round_of(case)
    assert (row.title, row.state, row.rubric["code"], row.combination) == (
        f"{localdate().year} 年度科技英才评审",
        "draft",
        "talent",
        "drop_one",
    )
    assert (row.seats, row.most, row.quota, row.line, row.publicity) == ({"专家": 5}, 20, 1, 70, 5)
    entry = Entry.objects.get(round=row)
    assert (entry.reference, entry.title, entry.unit_id) == (f"case:{case.pk}", "低温传感器方向", office["unit"].pk)
    assert [cells for table in entry.cited for cells, _ in table["lines"]][1] == ["业绩贡献", "40", "33", "第 2 部分"]
    # Judges read nothing that tells whose it is.
    assert not [word for word in ("演示英才", office["unit"].name, "1990003") if word in entry.document]
    assert refused(office["officer"], case, "close_review") == ["MATTER_GUARD", "MATTER_REQUIRED", "MATTER_REQUIRED"]

    draw_judges(office["officer"], row)
    for seat in Seat.objects.filter(entry=entry):
        made.submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points={"ability": 8, "record": 8, "promise": 8}, comment="好")
    combine_round(actor=office["officer"], pk=row.pk)
    # What is typed for a fact counts nothing.
    case = do(office["officer"], case, "close_review", score="99", listed="no")
    assert (case.state, case.answers["score"], case.answers["listed"]) == ("decision", "80.00", True)

    assert refused(office["officer"], case, "publish") == ["MATTER_MOVE_WHO"]
    case = do(office["leader"], case, "publish")
    row.refresh_from_db()
    assert (case.state, row.state, row.published_by) == ("publicity", "public", office["leader"].account)
    assert refused(office["leader"], case, "award") == ["MATTER_GUARD"]
    objections_over(row)
    assert do(office["leader"], case, "award").state == "selected"
    assert Output.objects.get(case=case).code == "certificate"
    assert close_round(actor=office["leader"], pk=row.pk).state == "closed"


def test_several_cases_share_a_round_and_whoever_comes_after_the_draw_opens_the_next(office):
    made.experts(7)
    cases = [talent(office, number) for number in range(4)]
    row = round_of(cases[0])
    assert [round_of(case).pk for case in cases] == [row.pk] * 4
    assert list(row.entries.order_by("pk").values_list("code", flat=True)) == ["E001", "E002", "E003", "E004"]
    # 30 % of four, rounded up.
    assert Round.objects.get(pk=row.pk).quota == 2
    draw_judges(office["officer"], row)
    late = talent(office, 4)
    assert round_of(late).pk != row.pk
    read_entries(row, chance(1))
    combine_round(actor=office["officer"], pk=row.pk)
    ended = [do(office["officer"], case, "close_review").state for case in cases]
    best = set(row.entries.order_by("-official").values_list("reference", flat=True)[:2])
    assert ended == ["decision" if f"case:{case.pk}" in best else "unlisted" for case in cases]
    listed = [case for case, state in zip(cases, ended, strict=True) if state == "decision"]
    published = [do(office["leader"], Case.objects.get(pk=case.pk), "publish") for case in listed]
    assert [case.state for case in published] == ["publicity"] * 2


def test_a_case_is_withdrawn_before_it_came_to_a_round(office):
    case = nominated(office)
    assert (do(office["member"], case, "withdraw").state, Round.objects.count()) == ("withdrawn", 0)


def test_a_case_is_withdrawn_while_its_round_runs(office):
    made.experts(7)
    first, second = talent(office, 0), talent(office, 1)
    row = draw_judges(office["officer"], round_of(first))
    seat = Seat.objects.filter(entry__reference=f"case:{first.pk}").first()
    do(office["member"], first, "withdraw")
    gone = row.entries.get(reference=f"case:{first.pk}")
    assert gone.withdrawn_at is not None
    assert set(gone.seats.values_list("state", flat=True)) == {"dropped"}
    with pytest.raises(Refused) as told:
        made.submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points={"ability": 8, "record": 8, "promise": 8}, comment="好")
    assert [one.code for one in told.value.problems] == ["REVIEW_LOCKED"]
    read_entries(row, chance(1))
    combine_round(actor=office["officer"], pk=row.pk)
    gone.refresh_from_db()
    assert (gone.official, gone.proposed) == (None, False)
    assert do(office["officer"], second, "close_review").state in {"decision", "unlisted"}


def test_a_draft_round_follows_what_is_taken_back(office):
    made.experts(7)
    cases = [talent(office, number) for number in range(4)]
    row = round_of(cases[0])
    do(office["member"], cases[0], "withdraw")
    row.refresh_from_db()
    assert (row.quota, row.entries.filter(withdrawn_at=None).count()) == (1, 3)
    draw_judges(office["officer"], row)
    assert Seat.objects.filter(entry__round=row).count() == 15


def test_an_upheld_objection_keeps_a_case_from_its_end(office):
    made.experts(7)
    case = talent(office)
    row = round_of(case)
    draw_judges(office["officer"], row)
    for seat in Seat.objects.filter(entry__round=row):
        made.submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points={"ability": 9, "record": 9, "promise": 9}, comment="好")
    combine_round(actor=office["officer"], pk=row.pk)
    case = do(office["leader"], do(office["officer"], case, "close_review"), "publish")
    entry = row.entries.get()
    file_objection(actor=Actor(""), entry=entry.pk, name="钱一人", phone="19900000001", body="与去年重复")
    objections_over(row)
    assert refused(office["leader"], case, "award") == ["MATTER_GUARD"]
    decide_objection(actor=office["leader"], objection=Objection.objects.get().pk, upheld=True, answer="属实")
    assert refused(office["leader"], case, "award") == ["MATTER_GUARD"]
    assert do(office["leader"], case, "drop").state == "refused"


def test_whoever_scored_too_low_is_not_listed_whatever_the_quota(office):
    made.experts(7)
    case = talent(office)
    row = draw_judges(office["officer"], round_of(case))
    for seat in Seat.objects.filter(entry__round=row):
        points = {"ability": "6.5", "record": 7, "promise": 7}
        made.submit_scores(
            actor=Actor(seat.panelist.account), seat=seat.pk, points={k: made.Decimal(v) for k, v in points.items()}, comment="可"
        )
    combine_round(actor=office["officer"], pk=row.pk)
    case = do(office["officer"], case, "close_review")
    assert (case.state, case.answers["score"]) == ("unlisted", "68.50")


def test_judges_of_the_applicants_unit_keep_away(office):
    experts = made.experts(7)
    add_affiliation(
        actor=CLERK, person=experts[0].person_id, organisation=office["unit"].pk, position="研究员", since=localdate() - timedelta(days=900)
    )
    case = talent(office)
    row = draw_judges(office["officer"], round_of(case))
    barred = Bar.objects.get(entry__round=row)
    assert barred.panelist.expert_id == experts[0].pk
    assert not Seat.objects.filter(panelist=barred.panelist).exists()


def fund(office, number=0):
    case = do(office["member"], begin(office["member"], "yl.zhangjiang", project(number, office["firm"], localdate())), "submit")
    return do(office["clerk"], do(office["manager"], case, "confirm"), "accept")


def test_whom_the_applicant_named_in_the_form_keeps_away_with_the_reason(office):
    experts = made.experts(18)
    unit = organisation("云岭检测中心", 9)
    add_affiliation(actor=CLERK, person=experts[4].person_id, organisation=unit.pk, position="研究员", since=made.LONG_AGO)
    typed = project(0, office["firm"], localdate()) | {"unwanted": [{"where": "云岭检测中心", "who": "专家04", "why": "正在争议中"}]}
    case = do(office["member"], begin(office["member"], "yl.zhangjiang", typed), "submit")
    case = do(office["clerk"], do(office["manager"], case, "confirm"), "accept")
    row = round_of(case)
    assert row.entries.get().unwanted == [["专家04", "云岭检测中心", "正在争议中"]]
    assert "争议" not in row.entries.get().document
    row = draw_judges(office["officer"], row)
    assert [(one.panelist.expert_id, one.reason) for one in Bar.objects.filter(entry__round=row)] == [
        (experts[4].pk, "申报方申请回避：正在争议中")
    ]
    page = signed_in(office["accounts"]["officer"]).get(f"/review/{row.pk}/draw/").content.decode()
    assert "申报方申请回避：正在争议中" in page


def test_files_let_applicants_name_as_many_as_the_parameter_says():
    bounds = {
        (name, code): next(field.max for field in read.matter.fields if field.id == terms.excludes.table)
        for name, versions in shelf().items()
        for read in versions
        for code, terms in read.matter.review.items()
        if terms.excludes is not None
    }
    assert bounds == dict.fromkeys([("yl.zhangjiang", "network"), ("yl.zhangjiang", "panel")], parameter("exclusions_most"))


def test_a_file_may_ask_that_judges_of_the_last_rounds_rest(office):
    assert {name: terms.rests for name, terms in shelf()["yl.title"][-1].matter.review.items()} == {"experts": 2}
    assert round_of(talent(office)).rests == 0


def test_one_matter_has_two_reviews_after_another(office):
    made.experts(18)
    case = fund(office)
    first = judge(office["officer"], round_of(case), chance(3))
    case = do(office["officer"], case, "close_network")
    second = round_of(case)
    assert (case.state, first.kind, second.kind) == ("panel", "yl.zhangjiang/network", "yl.zhangjiang/panel")
    assert second.pk != first.pk
    assert refused(office["officer"], case, "close_panel") != []
    judge(office["officer"], second, chance(3))
    case = do(office["officer"], case, "close_panel")
    assert (case.state, case.answers["panel_score"]) == ("proposal", str(Entry.objects.get(round=second).official))


def test_a_review_in_between_is_closed_without_a_published_list(office):
    made.experts(11)
    case = fund(office)
    row = judge(office["officer"], round_of(case), chance(3))
    assert (row.stays_inside, row.state_said) == (True, "待结束")
    client = signed_in(office["accounts"]["leader"])
    assert "结束评审" in text_of(client, f"/review/{row.pk}/")
    assert [one.code for one in attempt(lambda: publish_list(actor=office["leader"], pk=row.pk))] == ["REVIEW_STAYS_INSIDE"]
    case = do(office["officer"], case, "close_network")
    row = close_round(actor=office["leader"], pk=row.pk)
    assert row.panel.filter(fee__fen__gt=0).count() == 5
    assert client.get(f"/reviews/{row.pk}/").status_code == 404
    assert case.state == "panel"


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_pages_tell_what_their_readers_may_know(office):
    made.experts(7)
    case, accounts = talent(office), office["accounts"]
    row = round_of(case)
    officer, clerk, member = (signed_in(accounts[name]) for name in ("officer", "clerk", "member"))
    assert "还没有抽取专家" in text_of(officer, f"/manage/cases/{case.pk}/")
    draw_judges(office["officer"], row)
    assert "已提交 0 / 5" in text_of(officer, f"/manage/cases/{case.pk}/")
    assert "正在专家评审" in text_of(member, f"/matters/cases/{case.pk}/")
    read_entries(row, chance(5))
    combine_round(actor=office["officer"], pk=row.pk)
    official = str(Entry.objects.get(round=row).official)
    page = text_of(officer, f"/manage/cases/{case.pk}/")
    assert f"<strong>{official}</strong> 分" in page
    assert f'href="/review/{row.pk}/"' in page
    assert "自评得分</dt><dd>82" in page
    assert f'href="/manage/cases/{case.pk}/"' in text_of(officer, f"/review/{row.pk}/")
    # The window reads no scores, nor does the applicant.
    assert official not in text_of(clerk, f"/manage/cases/{case.pk}/")
    own = text_of(member, f"/matters/cases/{case.pk}/")
    assert "专家评审已完成" in own
    assert official not in own
    listed = do(office["officer"], case, "close_review")
    do(office["leader"], listed, "publish")
    until = Round.objects.get(pk=row.pk).objections_until
    assert f"公示到 {until}" in text_of(member, f"/matters/cases/{case.pk}/")


def test_two_cases_that_begin_their_review_at_once_share_a_round(fresh, tmp_path, settings):
    office = cast_of(tmp_path, settings)
    cases = [nominated(office, number) for number in range(3)]
    together = Barrier(3)

    def accept(case):
        together.wait()
        try:
            do(office["clerk"], case, "accept")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(accept, cases))
    row = Round.objects.get()
    assert (row.quota, sorted(row.entries.values_list("code", flat=True))) == (1, ["E001", "E002", "E003"])


@pytest.mark.parametrize("price", [20_000, 19_999])
def test_it_projects_from_a_million_on_are_judged_and_go_on(office, price):
    made.experts(7)
    typed = demo_it.project(office["firm"], localdate())
    typed["budget"] = [{**typed["budget"][0], "price": str(price)}]
    case = do(office["member"], begin(office["member"], demo_it.MATTER, typed), "submit")
    case = do(office["clerk"], case, "accept")
    if price < 20_000:
        assert (case.state, Round.objects.count()) == ("consult", 0)
        return
    assert (case.state, refused(office["officer"], case, "close_review")) == ("panel", ["MATTER_GUARD"])
    row = judge(office["officer"], round_of(case), chance(3))
    assert "建设内容" in row.entries.get().document
    assert office["unit"].name not in row.entries.get().document
    assert do(office["officer"], case, "close_review").state == "examine"


def test_an_it_project_taken_back_leaves_its_round(office):
    case = do(office["member"], begin(office["member"], demo_it.MATTER, demo_it.project(office["firm"], localdate())), "submit")
    row = round_of(do(office["clerk"], case, "accept"))
    case.refresh_from_db()
    do(office["member"], case, "withdraw")
    assert row.entries.get().withdrawn_at is not None
