"""Calendar, palette, composite pages, back office: each shows what its viewer may see, and stands when a part fails."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from directory.made_up import organisation
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import get_current_timezone, now
from people import give_role, make_account, make_person, make_unit, signed_in

from keheng.access.models import Account, Grant
from keheng.kernel.desk import calendar, office, palette
from keheng.kernel.desk.calendar import Item, feed, items_of, month_of, register_calendar
from keheng.kernel.desk.drafts import save_draft, typed_from
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.models import CalendarFeed
from keheng.kernel.desk.office import Card, cards_for, register_card
from keheng.kernel.desk.palette import Entry, fitting, found, register_source
from keheng.kernel.desk.tasks import open_task
from keheng.kernel.powers import Principal
from keheng.kernel.search.documents import Document
from keheng.kernel.search.indexing import index

ZONE = get_current_timezone()
SOMEBODY = Principal("7")


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def at(day, hour=9, month=2):
    return datetime(2026, month, day, hour, tzinfo=ZONE)


@pytest.mark.django_db
def test_a_month_shows_whole_weeks_holidays_and_what_lasts_over_days(monkeypatch):
    lasting = Item(at(27, month=2), at(2, 12, month=3), "展会", "/x/", "fair")
    midnight = Item(at(10), at(11, 0), "到零点为止", "", "midnight")
    monkeypatch.setattr(calendar, "_sources", [lambda *_: [lasting, midnight], lambda *_: 1 / 0])
    weeks = month_of(SOMEBODY, datetime(2026, 2, 1, tzinfo=ZONE).date())
    days = {day.day.isoformat(): day for week in weeks for day in week}
    assert ([len(week) for week in weeks], weeks[0][0].day.isoformat(), weeks[-1][-1].day.isoformat()) == (
        [7] * 5,
        "2026-01-26",
        "2026-03-01",
    )
    assert [days[f"2026-02-{day}"].mark for day in (13, 14, 16, 21, 28)] == ["", "班", "休", "", "班"]
    assert [key for key, day in days.items() if lasting in day.items] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert [key for key, day in days.items() if midnight in day.items] == ["2026-02-10"]
    assert [day.within for week in weeks for day in week].count(True) == 28


@pytest.mark.django_db
def test_items_touch_the_span_they_are_asked_for(monkeypatch):
    monkeypatch.setattr(calendar, "_sources", [])
    register_calendar(lambda *_: [Item(at(3), at(5), "a", "", "1"), Item(at(5), None, "b", "", "2"), Item(at(7), None, "c", "", "3")])
    assert [item.title for item in items_of(SOMEBODY, at(5), at(7))] == ["a", "b"]


@pytest.mark.django_db
def test_a_private_address_tells_the_calendar_until_it_is_renewed_or_the_account_stopped():
    account = make_account("clerk")
    client, stranger = signed_in(account), Client()
    due = now() + timedelta(days=3)
    open_task("a", kind="k", title="年报，审核", url="/x/", account=str(account.pk), due_at=due)
    page = text(client.post("/desk/calendar/address/", follow=True))
    address = page.split("http://testserver")[1].split("<")[0]
    answer = stranger.get(address)
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt, str(event["url"])) == (
        "到期：年报，审核",
        due.astimezone(UTC).replace(microsecond=0),
        "http://testserver/x/",
    )
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert address not in text(client.get("/desk/calendar/"))
    assert CalendarFeed.objects.get().token_digest not in address
    renewed = text(client.post("/desk/calendar/address/", follow=True)).split("http://testserver")[1].split("<")[0]
    assert (stranger.get(address).status_code, stranger.get(renewed).status_code) == (404, 200)
    Account.objects.update(is_active=False)
    assert stranger.get(renewed).status_code == 404
    Account.objects.update(is_active=True)
    client.post("/desk/calendar/address/", {"close": "1"})
    assert stranger.get(renewed).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("month", ["", "2026-13", "x", "0001-01", "9999-12", "2026-02", "1990-01", "2099-12"])
def test_any_month_that_is_asked_for_answers(month):
    assert "k-calendar" in text(signed_in(make_account("clerk")).get("/desk/calendar/", {"month": month}))


def test_a_feed_ends_what_ends_and_escapes_what_it_holds(monkeypatch):
    monkeypatch.setattr(calendar, "_sources", [lambda *_: [Item(now(), now() + timedelta(hours=2), "甲;乙,丙\n丁", "", "x")]])
    (event,) = icalendar.Calendar.from_ical(feed(SOMEBODY, str)).walk("VEVENT")
    assert (str(event["summary"]), event["dtend"].dt - event["dtstart"].dt) == ("甲;乙,丙\n丁", timedelta(hours=2))


PLACES = [
    Entry("单位", "/o/", "g", words="企业 机构"),
    Entry("审计记录", "/t/", "g"),
    Entry("单位成员", "/m/", "g"),
    Entry("Jobs", "/j/", "g"),
]


@pytest.mark.parametrize(("typed", "titles"), [
    ("", ["单位", "审计记录", "单位成员", "Jobs"]), ("成员", ["单位成员"]), ("审记", ["审计记录"]), ("机构", ["单位"]), ("jobs", ["Jobs"]), ("JO", ["Jobs"]),
    ("没有", []), ("、", []), ("单", ["单位", "单位成员"]),
])  # fmt: skip
def test_places_are_found_by_parts_of_what_they_are_called(typed, titles):
    assert [entry.title for entry in fitting(PLACES, typed)] == titles


@pytest.mark.django_db
def test_the_palette_shows_what_one_may_open_and_records_one_may_see(monkeypatch):
    monkeypatch.setattr(palette, "_sources", [])
    register_source(lambda actor, typed: fitting([PLACES[1]] if actor.may("site.trail.read") else [], typed))
    index(
        [
            Document("a", "1", "公开的《审计》办法 <b>", "", "/a/1/", "public"),
            Document("a", "2", "内部审计报告", "", "/a/2/", "site.trail.read"),
        ]
    )
    assert [(entry.title, entry.group) for entry in found(SOMEBODY, "审计")] == [("公开的《审计》办法 <b>", "记录")]
    auditor = signed_in(make_account("audit", "audit_admin"))
    told = auditor.get("/desk/palette/?q=审计", headers={"Accept": "application/json"}).json()["entries"]
    assert told[0] == {"title": "审计记录", "url": "/t/", "group": "g", "icon": ""}
    assert {entry["title"] for entry in told[1:]} == {"公开的《审计》办法 <b>", "内部审计报告"}
    latest = auditor.get("/desk/palette/", headers={"Accept": "application/json"}).json()["entries"]
    assert [entry["group"] for entry in latest] == ["g", "最近的记录", "最近的记录"]
    page = text(auditor.get("/desk/palette/?q=审计"))
    assert ("&lt;b&gt;" in page, "<b>" in page) == (True, False)


@pytest.mark.django_db
def test_what_is_not_found_is_looked_for_elsewhere():
    clerk = signed_in(make_account("clerk"))

    def told(typed):
        return clerk.get("/desk/palette/", {"q": typed}, headers={"Accept": "application/json"}).json()

    address = "/search/?q=%E6%B2%A1%E6%9C%89%26%E8%BF%99%E6%A0%B7"
    nothing = told(" 没有&这样 ")
    assert (nothing["entries"], nothing["elsewhere"]["url"], nothing["elsewhere"]["title"]) == ([], address, "在全站搜索“没有&这样”")
    assert (told("消息")["elsewhere"], told("\0")["elsewhere"]) == (None, None)
    page = text(clerk.get("/desk/palette/", {"q": "没有&这样"}))
    assert [word in page for word in (f'href="{address}"', "没有找到“没有&amp;这样”")] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["\0", "'", '"', "%", "a" * 500, "*", "（", "😀"])
def test_anything_may_be_typed(typed):
    assert signed_in(make_account("clerk")).get("/desk/palette/", {"q": typed}).status_code == 200


@pytest.mark.django_db
def test_organisations_are_found_within_the_reach_alone():
    near, far = organisation("云岭甲仪器厂", 1), organisation("云岭乙仪器厂", 2)

    def told(login, role, **bound):
        client = signed_in(make_account(login, role, **bound))
        entries = client.get("/desk/palette/?q=云岭", headers={"Accept": "application/json"}).json()["entries"]
        return {entry["title"] for entry in entries if entry["group"] == "记录"}

    assert told("manager", "unit_manager", unit=near) == {near.name}
    assert told("officer", "case_officer", district="YL01") == {near.name, far.name}


@pytest.mark.django_db
def test_the_personal_and_the_unit_s_page_show_what_is_known():
    unit = make_unit("云岭甲仪器厂")
    account = make_account("manager", "unit_manager", unit=unit, person=make_person("钱一人"))
    client = signed_in(account)
    mine, ours = text(client.get("/desk/me/")), text(client.get("/desk/unit/"))
    assert [word in mine for word in ("manager", "单位管理员", "未启用", "钱一人", "暂时不能显示")] == [True, True, True, True, False]
    assert [word in ours for word in ("云岭甲仪器厂", "manager 某", "暂时不能显示")] == [True, True, False]
    citizen = signed_in(make_account("citizen"))
    assert "您现在不代表任何单位" in text(citizen.get("/desk/unit/"))
    assert [word in text(citizen.get("/desk/me/")) for word in ("没有对应的人员资料", "暂时不能显示")] == [True, False]


@pytest.mark.django_db
def test_each_post_sees_its_own_part_of_the_back_office():
    def titles(code):
        page = text(signed_in(make_account(code.replace("_", "."), code)).get("/desk/office/"))
        return {
            title
            for title in ("账号", "待审批的授权", "接入系统", "登录锁定", "审计记录", "系统体检", "保全", "站外消息")
            if f"<strong>{title}" in page
        }

    assert titles("system_admin") == {"账号", "接入系统", "系统体检", "站外消息"}
    assert titles("security_admin") == {"账号", "待审批的授权", "登录锁定", "保全"}
    assert titles("audit_admin") == {"账号", "审计记录"}
    assert signed_in(make_account("officer", "case_officer", district="YL01")).get("/desk/office/").status_code == 403


@pytest.mark.django_db
def test_what_waits_is_counted_on_its_card_and_a_figure_that_fails_takes_no_page():
    account = make_account("wanted")
    give_role(account, "unit_member", unit=make_unit())
    Grant.objects.update(state=Grant.State.APPLIED)
    page = text(signed_in(make_account("security", "security_admin")).get("/desk/office/"))
    assert '待审批的授权 <span class="k-tag k-tag--warn">1</span>' in page


def test_cards_are_registered_once_and_a_broken_figure_is_none(monkeypatch):
    monkeypatch.setattr(office, "_cards", [])
    card = Card("组", "甲", "", "gauge", "desk:desk", "desk.office.open", lambda: 1 // 0)
    register_card(card)
    register_card(card)

    class Everything(Principal):
        def may(self, _permission):
            return True

    (shown,) = cards_for(Everything("7"))["组"]
    assert (shown.figure, shown.url, cards_for(SOMEBODY)) == (None, "/desk/", {})


@pytest.mark.django_db
def test_the_doctor_s_findings_are_shown_to_operators():
    assert "系统体检" in text(signed_in(make_account("operator", "operator")).get("/doctor/"))


@pytest.mark.django_db
def test_the_frame_tells_how_many_messages_are_unread():
    account = make_account("clerk")
    client = signed_in(account)
    assert "条未读" not in text(client.get("/desk/calendar/"))
    tell([str(account.pk)], kind="desk.notice", key="a", title="t")
    assert '1<span class="k-unseen"> 条未读' in text(client.get("/desk/calendar/"))


@pytest.mark.django_db
def test_the_front_page_asks_as_much_for_three_of_everything_as_for_one():
    account = make_account("officer", "case_officer", district="YL01")
    client, counts = signed_in(account), []
    for number in range(3):
        open_task(f"a{number}", kind="k", title="t", url="/x/", account=str(account.pk), due_at=now() + timedelta(days=1))
        open_task(f"b{number}", kind="k", title="t", url="/x/", permission="directory.organisation.see")
        tell([str(account.pk)], kind="desk.notice", key=str(number), title="t")
        save_draft(str(account.pk), f"form.{number}", typed_from({"fields": {"a": ["b"]}}), 0)
        client.get("/desk/")
        with CaptureQueriesContext(connection) as captured:
            text(client.get("/desk/"))
        counts.append(len(captured))
    assert counts[0] == counts[2]
