"""Pages of activities: what a visitor, an organiser, an approver and a clerk see and do."""

import io
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime, now
from icalendar import Calendar
from lxml import html
from people import make_unit
from portal.outreach_made_up import HOUR, ORGANISER, opened, phone, planned, registered, under_way
from python_calamine import CalamineWorkbook

from keheng.kernel.models import AuditEntry
from keheng.portal.actions.activities import cancel_activity, submit_activity
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Activity, Attendance, Registration, Session
from keheng.portal.queries.own_open import open_activities
from keheng.portal.queries.tickets import link_of, ticket_of

pytestmark = pytest.mark.django_db
EDIT = (
    "portal.activity.see",
    "portal.activity.edit",
    "portal.registration.see",
    "portal.registration.decide",
    "portal.registration.export",
)


def powers(*codes):
    return [(code, "all") for code in codes]


def stamp(moment):
    return localtime(moment).strftime("%Y-%m-%dT%H:%M")


def typed(sitting, **more):
    return {"session": sitting.pk, "name": "来宾一", "phone": phone(1), "agreed": "on"} | more


def test_a_visitor_finds_an_activity_registers_shows_the_ticket_and_cancels():
    sitting, client = opened(1), Client()
    assert "云岭科技开放日" in client.get("/events/").content.decode()
    page = client.get(f"/events/{sitting.activity_id}/")
    assert f"/events/{sitting.activity_id}/register/?session={sitting.pk}" in page.content.decode()
    assert "Set-Cookie" not in page.headers
    answer = client.post(f"/events/{sitting.activity_id}/register/", typed(sitting))
    row = Registration.objects.get()
    assert answer.headers["Location"] == f"/events/my/{link_of(row.pk)}/"
    own = client.get(answer.headers["Location"])
    assert own.headers["Cache-Control"].startswith("max-age=0")
    for part in (row.number, "<svg", "取消报名"):
        assert part in own.content.decode()
    assert "取消后名额会让给别人" in client.get(f"/events/my/{link_of(row.pk)}/cancel/").content.decode()
    assert Registration.objects.get().state == "confirmed"
    client.post(f"/events/my/{link_of(row.pk)}/cancel/")
    assert (Registration.objects.get().state, Session.objects.get().taken) == ("cancelled", 0)
    assert client.get(f"/events/my/{link_of(row.pk)}/cancel/").status_code == 302
    assert "<svg viewBox" not in client.get(answer.headers["Location"]).content.decode().split("<main")[1]


def test_everything_wrong_is_told_and_what_was_typed_stays():
    sitting = opened(1)
    answer = Client().post(f"/events/{sitting.activity_id}/register/", typed(sitting, name="欧阳明", phone="12"))
    text = answer.content.decode()
    assert (answer.status_code, "电话号码不对" in text, 'value="欧阳明"' in text) == (422, True, True)
    answer = Client().post(f"/en/events/{sitting.activity_id}/register/", typed(sitting, phone="12"))
    assert "this is no phone number" in answer.content.decode()
    assert Registration.objects.count() == 0


def test_the_language_of_the_page_is_that_of_the_messages_and_titles():
    sitting = opened(3, translations={"en": {"title": "Open day of science"}, "ja": {"title": "科学の一般公開日"}})
    assert "Open day of science" in Client().get("/en/events/").content.decode()
    assert "科学の一般公開日" in Client().get(f"/ja/events/{sitting.activity_id}/").content.decode()
    assert "云岭科技开放日" in Client().get(f"/ko/events/{sitting.activity_id}/").content.decode()
    Client().post(f"/en/events/{sitting.activity_id}/register/", typed(sitting))
    assert Registration.objects.get().language == "en"


def test_what_is_not_public_is_not_found_and_what_is_closed_sends_back():
    hidden = planned()
    assert Client().get(f"/events/{hidden.pk}/").status_code == 404
    assert Client().get(f"/events/sessions/{hidden.sessions.get().pk}.ics").status_code == 404
    sitting = opened()
    Activity.objects.filter(pk=sitting.activity_id).update(closes_at=now())
    assert Client().get(f"/events/{sitting.activity_id}/register/").headers["Location"] == f"/events/{sitting.activity_id}/"
    assert Client().post(f"/events/{sitting.activity_id}/register/", typed(sitting)).status_code == 422
    assert Client().get("/events/my/1:wrong/").status_code == 404


def test_somebody_else_s_registration_is_found_by_nobody(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    sitting = opened(2)
    (row,) = registered(sitting, 1)
    found = Client().post("/events/my/", {"number": row.number.lower(), "phone": phone(1)})
    assert found.headers["Location"] == f"/events/my/{link_of(row.pk)}/"
    for number, number_of in ((row.number, phone(2)), ("BM-2026-999999", phone(1))):
        assert Client().post("/events/my/", {"number": number, "phone": number_of}).status_code == 422
    for _ in range(parameter("lookups_an_hour") - 3):
        Client().post("/events/my/", {"number": "x", "phone": "y"})
    assert "查询太频繁" in Client().post("/events/my/", {"number": row.number, "phone": phone(1)}).content.decode()


def test_a_calendar_file_holds_the_session_and_a_cancelled_one_takes_it_back():
    sitting = opened(2)
    event = Calendar.from_ical(Client().get(f"/events/sessions/{sitting.pk}.ics").content).walk("VEVENT")[0]
    assert (str(event["summary"]), event["dtstart"].dt, str(event["location"])) == (
        "云岭科技开放日",
        sitting.begins_at.replace(microsecond=0),
        "云岭科技馆",
    )
    (row,) = registered(sitting, 1)
    assert Client().get(f"/events/my/{link_of(row.pk)}/calendar.ics").status_code == 200
    cancel_activity(actor=ORGANISER, activity=sitting.activity_id, reason="停电")
    assert b"METHOD:CANCEL" in Client().get(f"/events/sessions/{sitting.pk}.ics").content
    assert "停电" in Client().get(f"/events/{sitting.activity_id}/").content.decode()


def test_a_unit_registers_its_people_line_by_line(visitor, monkeypatch):
    sitting, unit = opened(2), make_unit()
    client = visitor()
    address = f"/events/{sitting.activity_id}/group/"
    lines = {"session": sitting.pk, "people": f"钱 一 {phone(1)}\n孙二，{phone(2)}\n\n李三\t{phone(3)}", "agreed": "on"}
    assert "不代表任何单位" in client.post(address, lines).content.decode()
    from keheng.access.queries import Standing  # noqa: PLC0415 -- patched as the fixture does

    plain = Standing.principal
    monkeypatch.setattr(Standing, "principal", lambda held, at: plain(held, at).__class__(account="9", unit=str(unit.pk)))
    answer = client.post(address, lines)
    assert answer.status_code == 302
    assert list(Registration.objects.order_by("pk").values_list("name", "state", "unit")) == [
        ("钱 一", "confirmed", unit.pk), ("孙二", "confirmed", unit.pk), ("李三", "waiting", unit.pk),
    ]  # fmt: skip
    assert "同一批报名" in client.get(answer.headers["Location"]).content.decode()


def test_an_organiser_plans_and_another_person_approves(visitor):
    at = now()
    organiser = visitor(*powers(*EDIT))
    values = {
        "title": "仪器共享对接会", "kind": "channel", "organiser": "云岭市科学技术局", "opens_at": stamp(at - HOUR), "closes_at": stamp(at + 9 * HOUR),
        "waiting_list": "on", "title_en": "Instrument sharing meeting", "body_en": "Free of charge.\nBring your questions.",
    }  # fmt: skip
    answer = organiser.post("/manage/events/new/", values)
    made = Activity.objects.get()
    assert (answer.headers["Location"], made.translations) == (
        f"/manage/events/{made.pk}/sessions/new/",
        {"en": {"title": "Instrument sharing meeting", "body": "Free of charge.\nBring your questions."}},
    )
    session = {"begins_at": stamp(at + 20 * HOUR), "ends_at": stamp(at + 22 * HOUR), "place": "云岭会堂", "capacity": "30"}
    assert organiser.post(answer.headers["Location"], session).status_code == 302
    assert organiser.post(f"/manage/events/{made.pk}/edit/", values | {"title": ""}).status_code == 422
    assert organiser.get(f"/manage/events/{made.pk}/decision/approve/").status_code == 403
    assert organiser.post(f"/manage/events/{made.pk}/step/submit/").status_code == 302
    approver = visitor(*powers("portal.activity.see", "portal.activity.approve"), login="second")
    assert "同意发布" in approver.get(f"/manage/events/{made.pk}/").content.decode()
    assert approver.post(f"/manage/events/{made.pk}/decision/approve/").status_code == 302
    assert Activity.objects.get().state == "open"
    assert "<p>Free of charge.</p><p>Bring your questions.</p>" in Client().get(f"/en/events/{made.pk}/").content.decode()
    assert "Bring your questions." in organiser.get(f"/manage/events/{made.pk}/edit/").content.decode()
    assert approver.get(f"/manage/events/{made.pk}/decision/nonsense/").status_code == 404


def test_registrations_are_masked_decided_and_exported_on_the_record(visitor):
    sitting = opened(2, moderated=True)
    one, two = registered(sitting, 1, 2)
    client = visitor(*powers(*EDIT))
    page = client.get(f"/manage/events/{sitting.activity_id}/").content.decode()
    assert ("199****0001" in page, phone(1) in page, "来*" in page) == (True, False, True)
    client.post(f"/manage/events/registrations/{one.pk}/", {"agreed": "yes"})
    client.post(f"/manage/events/registrations/{two.pk}/", {"agreed": "no", "reason": "名额有限"})
    assert list(Registration.objects.order_by("pk").values_list("state", flat=True)) == ["confirmed", "refused"]
    asked = client.get(f"/manage/events/{sitting.activity_id}/", {"state": "refused"})
    assert [line.row.pk for line in asked.context["table"].lines] == [two.pk]


def test_registrations_leave_masked_on_the_record_and_only_with_the_right(visitor):
    sitting = opened(2)
    registered(sitting, 1)
    page = f"/manage/events/{sitting.activity_id}/"
    onlooker = visitor(*powers("portal.activity.see", "portal.registration.see"), login="onlooker")
    assert "导出表格" not in onlooker.get(page).content.decode()
    assert onlooker.post(page, {"export": "xlsx"}).status_code == 302
    assert "报名编号" not in visitor(*powers("portal.activity.see"), login="other").get(page).content.decode()
    answer = visitor(*powers(*EDIT)).post(page, {"export": "xlsx"})
    line = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[-1]
    assert (line[0], line[3]) == (Registration.objects.get().number, "199****0001")
    told = AuditEntry.objects.filter(body__contains='"act":"table.export"').order_by("pk")
    assert ['"succeeded":true' in one.body for one in told] == [False, True]


def test_the_list_needs_no_more_queries_for_more_activities(visitor):
    client = visitor(*powers(*EDIT))
    client.get("/manage/events/")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            opened()
        with CaptureQueriesContext(connection) as public:
            Client().get("/events/")
        with CaptureQueriesContext(connection) as staff:
            client.get("/manage/events/")
        counts.append((len(public), len(staff)))
    assert counts[0] == counts[1]


def test_the_clerk_scans_finds_by_name_and_sees_the_first_scan(visitor):
    sitting = opened(5)
    one, two = registered(sitting, 1, 2)
    under_way(sitting)
    client = visitor(*powers("portal.attendance.record"))
    address = f"/manage/checkin/{sitting.pk}/"
    assert address in client.get("/manage/checkin/").content.decode()
    assert client.get(f"/manage/events/{sitting.activity_id}/").status_code == 403
    assert "签到成功" in client.post(address, {"code": ticket_of(one.pk), "gate": "东门"}).content.decode()
    again = client.post(address, {"code": ticket_of(one.pk), "gate": "西门"}).content.decode()
    assert ("重复扫码" in again, "东门" in again) == (True, True)
    assert "来宾2" in client.get(address, {"q": "来宾2"}).content.decode()
    client.post(address, {"code": two.number, "listed": "1"})
    assert dict(Attendance.objects.values_list("registration", "how")) == {one.pk: "ticket", two.pk: "list"}
    assert "不是本系统的票" in client.post(address, {"code": "nonsense"}).content.decode()
    assert client.post(f"{address}walk-in/", {"name": "赵六", "phone": phone(9)}).status_code == 302
    assert Attendance.objects.count() == 3


def test_the_clerk_works_without_a_connection(visitor):
    sitting = opened(5)
    one, _two = registered(sitting, 1, 2)
    under_way(sitting)
    client = visitor(*powers("portal.attendance.record"))
    address = f"/manage/checkin/{sitting.pk}/"
    listed = json.loads(client.get(f"{address}list.json").content)
    rows = [{"code": person["ticket"], "scanned_at": now().isoformat(), "gate": "东门", "device": "A1"} for person in listed["people"]]

    def upload(path, content, name="a.json"):
        file = io.BytesIO(content)
        file.name = name
        return client.post(f"{address}{path}/", {"file": file})

    for _ in range(2):
        assert upload("scans", json.dumps(rows).encode()).status_code == 302
    assert Attendance.objects.count() == 2
    assert upload("scans", b"nonsense").status_code == 422
    assert upload("scans", b'[{"code": "x", "scanned_at": "noon"}]').status_code == 422
    sheet = f"报名编号,加入时间,离开时间\n{one.number},2026-03-02 09:00,2026-03-02 09:30\n"
    assert upload("online", sheet.encode(), "a.csv").status_code == 302
    assert upload("online", sheet.replace(one.number, "BM-0").encode(), "a.csv").status_code == 422
    assert upload("online", b"a,b\n1,2\n", "a.csv").status_code == 422


def test_what_is_open_stands_on_the_front_page():
    sitting = opened()
    submit_activity(actor=ORGANISER, activity=planned().pk)
    assert [(one.title, one.url, one.kind) for one in open_activities()] == [
        ("云岭科技开放日", f"/events/{sitting.activity_id}/", "活动报名")
    ]


def test_a_session_over_midnight_says_the_day_it_ends():
    sitting = opened(1)
    begins = localtime(now()).replace(hour=21, minute=30, second=0, microsecond=0) + timedelta(days=9)
    for ends, said in ((begins + HOUR, begins + HOUR), (begins + 4 * HOUR, begins + 4 * HOUR)):
        Session.objects.filter(pk=sitting.pk).update(begins_at=begins, ends_at=ends)
        cache.clear()
        page = html.fromstring(Client().get(f"/events/{sitting.activity_id}/").content.decode())
        told = page.xpath("//section//dl//time")[1].text_content()
        assert told == (f"{said:%H:%M}" if ends.date() == begins.date() else f"{said.year}年{said.month}月{said.day}日 {said:%H:%M}")
