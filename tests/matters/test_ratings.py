"""好差评: five levels with aspects, once, never changed; bad ones are looked into by somebody else, in time, and answered."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils.timezone import localdate, now
from matters.made_up import small
from matters.test_analysis import analysis
from matters.test_cases import CUT, codes, do, submitted
from matters.test_measures import YEAR
from matters.test_pages import client_of, text_of
from people import actor_for, make_account

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.measures import read
from keheng.matters.actions.follow_ups import follow_dues
from keheng.matters.enums import TurnState
from keheng.matters.models import CallBack, FollowUp, Rating, RatingAspect, Turn
from keheng.matters.queries.ratings import results_of
from keheng.matters.rules.ratings import follow_up_limits, rating_texts
from keheng.matters.service import call_back, close_follow_up, open_case, rate_case

pytestmark = pytest.mark.django_db
HEARD = {"reached": "phone", "heard": "嫌来回补件", "difficulty": "ordinary"}
ANSWER = {"finding": "valid", "done": "合并了两处补正", "answer": "已改进，谢谢您的意见。"}


@pytest.fixture
def agent(people):
    """Somebody who handles no case."""
    return actor_for(make_account("agent", "hotline_agent"))


def approved(people, on, day="2026-09-28"):
    case = do(people["clerk"], submitted(people, on, day), "accept")
    do(people["officer"], case, "propose", typed=CUT)
    do(people["leader"], case, "approve", signed=True)
    return case


def rated(people, on, stars=1, day="2026-09-28", **more):
    case = approved(people, on, day)
    rate_case(actor=people["firm"], case=case.pk, stars=stars, **more)
    return case


def test_texts_and_limits_are_dated_data():
    texts = rating_texts(now().date())
    assert [words["zh"] for words in texts.levels.values()] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    assert (texts.good_from, texts.bad_up_to) == (3, 2)
    by_place = {place: [one.words["zh"] for one in texts.aspects.values() if one.at == place] for place in ("online", "window")}
    assert by_place == {
        "online": ["整体满意度", "办事效率", "指南精确度", "便捷度", "平台操作性"],
        "window": ["窗口服务效率", "窗口服务水平", "窗口服务态度"],
    }
    limits = follow_up_limits(now().date())
    assert (limits.days, limits.usual) == ({"simple": 1, "ordinary": 5, "hard": 15}, "ordinary")


def test_a_rating_keeps_its_aspects_and_the_texts_it_was_asked_with(people, on):
    rated(people, on, 4, comment=" 不错 ", aspects={"speed": 5, "guide": 3})
    row = Rating.objects.get()
    assert (row.stars, row.comment, row.edition.isoformat(), FollowUp.objects.exists()) == (4, "不错", "2021-01-01", False)
    assert set(RatingAspect.objects.values_list("code", "stars")) == {("speed", 5), ("guide", 3)}
    for rows, change in ((Rating.objects, {"stars": 5}), (RatingAspect.objects, {"stars": 1})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_everything_wrong_with_a_rating_is_told_at_once(people, on, shelved):
    case = approved(people, on)
    wrong = {"stars": 6, "comment": "长" * 501, "aspects": {"speed": 0, "nothing": 5, "ease": 4}}
    assert codes(lambda: rate_case(actor=people["firm"], case=case.pk, **wrong)) == [
        "MATTER_STARS", "MATTER_RATE_ASPECT", "MATTER_RATE_ASPECT", "MATTER_RATE_LONG",
    ]  # fmt: skip
    assert codes(lambda: rate_case(actor=people["person"], case=case.pk, stars=5)) == ["MATTER_CASE_GONE"]
    shelved(small(("archive: 1y", "archive: 1y\nrate: false")))
    unrated = open_case(actor=people["person"], matter="yl.small")
    assert codes(lambda: rate_case(actor=people["person"], case=unrated.pk, stars=1)) == ["MATTER_CASE_GONE"]
    assert (Rating.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_the_page_keeps_what_was_typed_and_asks_of_the_window_who_was_there(people, on):
    case, firm = approved(people, on), client_of("firm")
    path = f"/matters/cases/{case.pk}/rating/"
    page = firm.post(path, {"comment": "等了很久", "aspect-ease": "2"})
    assert page.status_code == 422
    assert ("请选择一至五星" in text_of(page), "等了很久" in text_of(page), "窗口服务态度" in text_of(page)) == (True, True, False)
    assert '<option value="2" selected>不满意</option>' in page.content.decode()
    times = dict.fromkeys(("made_at", "queued_for", "arrived_at", "called_at", "ended_at"), now())
    Turn.objects.create(number="YY-1", window="people", day="2026-09-28", case=case, account=case.applicant, state=TurnState.DONE, **times)
    assert "窗口服务态度" in text_of(firm.get(f"/matters/cases/{case.pk}/"))
    assert firm.post(path, {"stars": "5", "aspect-ease": "", "aspect-window_manner": "4"}).status_code == 302
    assert list(RatingAspect.objects.values_list("code", "stars")) == [("window_manner", 4)]
    page = text_of(firm.get(f"/matters/cases/{case.pk}/"))
    assert [word for word in ("您的评价：非常满意", "窗口服务态度 满意") if word not in page] == []
    assert "Very satisfied" in text_of(firm.get(f"/en/matters/cases/{case.pk}/"))


@pytest.mark.parametrize("stars", [1, 2])
def test_a_bad_rating_is_followed_up(people, on, agent, stars):
    case = rated(people, on, stars, comment="慢")
    row, task = FollowUp.objects.get(), Task.objects.get(key__startswith="follow-up:")
    # Five working days after 2026-09-28: the week of October 1 is off, and October 10 (Saturday) is worked.
    assert (row.difficulty, row.days, row.due_on.isoformat()) == ("ordinary", 5, "2026-10-10")
    assert (task.permission, task.account, task.url) == ("matters.rating.follow", "", f"/manage/cases/ratings/{row.pk}/")
    call_back(actor=agent, follow_up=row.pk, **HEARD)
    close_follow_up(actor=agent, follow_up=row.pk, **ANSWER)
    row.refresh_from_db()
    assert (row.finding, row.closed_by, row.closed_on.isoformat()) == ("valid", agent.account, "2026-09-28")
    assert not Task.objects.filter(key__startswith="follow-up:").exists()
    told = Message.objects.get(account=case.applicant, key=f"follow-up:{row.pk}")
    assert (told.body, told.url) == (ANSWER["answer"], f"/matters/cases/{case.pk}/#rating")
    assert codes(lambda: close_follow_up(actor=agent, follow_up=row.pk, **ANSWER)) == ["MATTER_FOLLOW_UP_CLOSED"]
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(answer="")


def test_who_handled_a_case_does_not_judge_how_it_was_rated(people, on, agent):
    case = rated(people, on)
    row = FollowUp.objects.get()
    for name in ("officer", "leader"):
        assert codes(lambda name=name: call_back(actor=people[name], follow_up=row.pk, **HEARD)) == ["MATTER_FOLLOW_UP_OWN"]
    call_back(actor=agent, follow_up=row.pk, **HEARD)
    assert codes(lambda: close_follow_up(actor=people["officer"], follow_up=row.pk, **ANSWER)) == ["MATTER_FOLLOW_UP_OWN"]
    for name in ("clerk", "firm", "person"):
        assert codes(lambda name=name: close_follow_up(actor=people[name], follow_up=row.pk, **ANSWER)) == ["MATTER_FOLLOW_UP_GONE"]
    other = actor_for(make_account("other", "case_officer"))
    assert close_follow_up(actor=other, follow_up=row.pk, **ANSWER).closed_by == other.account
    assert case.events.filter(by=other.account).count() == 0


def test_what_is_missing_is_told_at_once_and_a_limit_is_not_moved_once_it_passed(people, on, agent):
    rated(people, on)
    row = FollowUp.objects.get()
    assert codes(lambda: close_follow_up(actor=agent, follow_up=row.pk, finding="", done=" ", answer="长" * 501)) == [
        "MATTER_FOLLOW_UP_CALL", "MATTER_FOLLOW_UP_CHOICE", "MATTER_FOLLOW_UP_TEXT", "MATTER_FOLLOW_UP_LONG",
    ]  # fmt: skip
    assert codes(lambda: call_back(actor=agent, follow_up=row.pk, reached="", heard="", difficulty="x")) == [
        "MATTER_FOLLOW_UP_CHOICE", "MATTER_FOLLOW_UP_TEXT", "MATTER_FOLLOW_UP_CHOICE",
    ]  # fmt: skip
    call_back(actor=agent, follow_up=row.pk, **HEARD | {"difficulty": "hard"})
    row.refresh_from_db()
    assert (row.days, row.due_on.isoformat()) == (15, "2026-10-23")
    on("2026-10-24")
    assert codes(lambda: call_back(actor=agent, follow_up=row.pk, **HEARD)) == ["MATTER_FOLLOW_UP_LATE"]
    call_back(actor=agent, follow_up=row.pk, **HEARD | {"difficulty": "hard", "reached": "nobody"})
    assert list(CallBack.objects.order_by("pk").values_list("reached", flat=True)) == ["phone", "nobody"]
    with pytest.raises(DatabaseError), transaction.atomic():
        CallBack.objects.update(heard="改")


def test_the_office_works_from_the_list_to_the_answer_and_the_rater_reads_it(people, on, agent):
    case = rated(people, on, comment="等了三周")
    row, desk = FollowUp.objects.get(), client_of("agent")
    path = f"/manage/cases/ratings/{row.pk}/"
    firm = text_of(client_of("firm").get(f"/matters/cases/{case.pk}/"))
    assert "2026-10-10 前在这里答复" in firm
    queue = text_of(desk.get("/manage/cases/ratings/"))
    assert [word for word in (case.number, "等了三周", "待核实", "2026-10-10") if word not in queue] == []
    page = text_of(client_of("officer").get(path))
    assert ("您办理过这一件" in page, "记下回访" in page) == (True, False)
    refused = desk.post(f"{path}call/", {"reached": "", "heard": "打了电话", "difficulty": "simple"})
    assert (refused.status_code, "打了电话" in text_of(refused)) == (422, True)
    assert desk.post(f"{path}call/", HEARD).status_code == 302
    refused = desk.post(f"{path}close/", {"finding": "valid", "done": "", "answer": "抱歉"})
    assert (refused.status_code, "“整改措施”没有填写" in text_of(refused), "抱歉" in text_of(refused)) == (422, True, True)
    assert desk.post(f"{path}close/", ANSWER).status_code == 302
    assert "没有待办的差评整改" in text_of(desk.get("/manage/cases/ratings/"))
    assert case.number in text_of(desk.get("/manage/cases/ratings/?progress=closed&finding=valid&matter=yl.it-project"))
    told = text_of(client_of("firm").get(f"/matters/cases/{case.pk}/"))
    assert (ANSWER["answer"] in told, ANSWER["done"] in told) == (True, False)
    office = client_of("officer").get(f"/manage/cases/{case.pk}/").content.decode()
    assert f'href="{path}"' in office
    assert f'href="/manage/cases/{case.pk}/"' in client_of("officer").get(path).content.decode()
    assert f'href="/manage/cases/{case.pk}/"' not in desk.get(path).content.decode()
    assert client_of("clerk").get(path).status_code == 403
    assert desk.post("/manage/cases/ratings/?progress=closed", {"export": "xlsx"}).status_code == 200


def test_late_ones_say_so(people, on, agent):
    rated(people, on)
    row, desk = FollowUp.objects.get(), client_of("agent")
    on("2026-10-10")
    assert "已逾期" not in text_of(desk.get(f"/manage/cases/ratings/{row.pk}/"))
    on("2026-10-11")
    assert "待核实，已逾期" in text_of(desk.get("/manage/cases/ratings/?progress=late"))
    call_back(actor=agent, follow_up=row.pk, **HEARD)
    close_follow_up(actor=agent, follow_up=row.pk, **ANSWER)
    assert "逾期办结" in text_of(desk.get(f"/manage/cases/ratings/{row.pk}/"))


def test_a_district_sees_its_own(people, on, agent):
    near, far = (
        actor_for(make_account(login, "district_officer", district=code)) for login, code in (("near", "990102"), ("far", "990103"))
    )
    case = rated(people, on)
    assert codes(lambda: call_back(actor=far, follow_up=FollowUp.objects.get().pk, **HEARD)) == ["MATTER_FOLLOW_UP_GONE"]
    type(case).objects.filter(pk=case.pk).update(district="990102")
    assert call_back(actor=near, follow_up=FollowUp.objects.get().pk, **HEARD).by == near.account


def test_results_are_public_with_their_number_and_without_names(people, on):
    cache.clear()
    assert results_of("yl.it-project") is None
    page = text_of(Client().get("/matters/of/yl.it-project/"))
    assert "办过的人怎么评价" not in page
    cache.clear()
    rated(people, on, 5, comment="私下的话", aspects={"ease": 4})
    rated(people, on, 3, aspects={"ease": 5})
    rated(people, on, 2)
    Rating.objects.create(case=approved(people, on), stars=5, by="x", at=datetime(2025, 9, 26, tzinfo=UTC))
    on("2026-09-29")
    cache.clear()
    found = results_of("yl.it-project")
    assert (found.count, str(found.good), found.levels, [(code, str(mean), n) for code, mean, n in found.aspects]) == (
        3, "66.7", [(5, 1), (4, 0), (3, 1), (2, 1), (1, 0)], [("ease", "4.5", 2)],
    )  # fmt: skip
    page = text_of(Client().get("/matters/of/yl.it-project/"))
    assert [word for word in ("好评率 66.7%", "近一年 3 次评价", "便捷度 4.5 (2)") if word not in page] == []
    assert "私下的话" not in page
    assert "Convenience 4.5" in text_of(Client().get("/en/matters/of/yl.it-project/"))


def test_bad_ratings_and_what_became_of_them_are_figures_with_their_cases(people, on, agent):
    kept, late, open_one = (rated(people, on, 2, day=day) for day in ("2026-09-28", "2026-09-28", "2026-10-26"))
    follow_ups = {row.rating.case_id: row.pk for row in FollowUp.objects.select_related("rating")}
    rated(people, on, 5, day="2026-09-28")
    for case, day in ((kept, "2026-10-10"), (late, "2026-10-12")):
        on(day)
        call_back(actor=agent, follow_up=follow_ups[case.pk], **HEARD)
        close_follow_up(actor=agent, follow_up=follow_ups[case.pk], **ANSWER)
    on("2026-10-27")
    found = [read(f"matters.{code}", YEAR, scope) for code in ("bad_ratings", "remedied") for scope in ({}, {"topic": "人才"})]
    assert [(one.value.value, one.rows) for one in found] == [(3, 3), (0, 0), (50, 2), (None, 0)]
    shown = analysis(people)
    assert (shown.figures.ratings.given, shown.figures.ratings.bad, shown.figures.ratings.rate) == (4, 3, 50)
    opened = {kind: set(shown.slice(kind, "", "").values_list("pk", flat=True)) for kind in ("bad", "remedied", "unremedied")}
    assert opened == {"bad": {kept.pk, late.pk, open_one.pk}, "remedied": {kept.pk}, "unremedied": {late.pk}}
    page = text_of(client_of("officer").get("/manage/cases/analysis/?since=2026-09-01&until=2026-10-31"))
    assert [word for word in ("差评整改率 50.0%", "差评（一星、二星） 3") if word not in page] == []
    on("2026-11-02")
    assert analysis(people).slice("unremedied", "", "").count() == 1
    assert read("matters.remedied", YEAR, {}).value.value == 50
    on("2026-11-03")
    assert read("matters.remedied", YEAR, {}).value.denominator == 3


def test_praise_in_bulk_from_one_network_is_pointed_at_by_a_mark_that_is_no_address(people, on):
    first = approved(people, on)
    rate_case(actor=people["firm"], case=first.pk, stars=5)
    row = Rating.objects.get()
    assert (len(row.network), people["firm"].address in row.network) == (32, False)
    on("2026-09-29")
    again = approved(people, on, "2026-09-29")
    rate_case(actor=people["firm"], case=again.pk, stars=5)
    assert Rating.objects.values("network").distinct().count() == 2
    crowd = [approved(people, on, "2026-09-29") for _ in range(10)]
    Rating.objects.bulk_create(
        Rating(case=one, stars=5 if number < 9 else 4, by="x", at=first.submitted_at, network=row.network)
        for number, one in enumerate(crowd)
    )
    assert analysis(people).figures.ratings.crowded == 0
    cache.clear()
    last = approved(people, on, "2026-09-29")
    Rating.objects.create(case=last, stars=5, by="x", at=first.submitted_at, network=row.network)
    shown = analysis(people)
    assert shown.figures.ratings.crowded == 11
    assert set(shown.slice("crowded", "", "").values_list("pk", flat=True)) == {first.pk, last.pk, *(one.pk for one in crowd[:9])}
    page = text_of(client_of("officer").get("/manage/cases/analysis/?since=2026-09-01&until=2026-10-31"))
    assert "11 件五星评价集中来自同一网络" in page


def test_last_days_follow_the_calendar_unless_they_have_passed(people, on):
    rated(people, on)
    day, today = date(2026, 10, 9), date(2026, 9, 28)
    FollowUp.objects.update(due_on=day)
    assert (follow_dues(today), follow_dues(today)) == (1, 0)
    assert FollowUp.objects.get().due_on == date(2026, 10, 10)
    assert localdate(Task.objects.get(key__startswith="follow-up:").due_at) == date(2026, 10, 10)
    FollowUp.objects.update(due_on=day)
    assert (follow_dues(date(2026, 10, 10)), FollowUp.objects.get().due_on) == (0, day)
