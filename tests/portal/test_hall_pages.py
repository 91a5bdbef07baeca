"""Pages of halls: a group books in its language, staff decide and schedule, a guide receives on a phone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from portal.halls_made_up import a_guide, a_hall, at, booked, day, scheduled
from portal.outreach_made_up import ORGANISER, phone
from portal.test_activity_pages import powers

from keheng.access.models import Account
from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.portal.actions.halls import inspect_hall, note_acceptance
from keheng.portal.enums.outreach import checklist
from keheng.portal.models import Closure, CounterReading, Defect, Guide, Hall, Inspection, Visit
from keheng.portal.queries.tickets import visit_link

pytestmark = pytest.mark.django_db


def typed(**more):
    return {
        "slot": at().isoformat(),
        "unit_title": "云岭理工大学",
        "people": "20",
        "contact": "来宾一",
        "phone": phone(1),
        "agreed": "on",
    } | more


def test_a_group_finds_a_free_slot_books_it_looks_it_up_and_cancels():
    a_hall(translations={"en": {"title": "Yunling Science Hall"}})
    a_guide(languages=["zh-hans", "en"])
    client = Client()
    assert "云岭科创展厅" in client.get("/halls/").content.decode()
    month = f"{at():%Y-%m}"
    page = client.get("/halls/kechuang/", {"month": month})
    assert (f"?day={at().date()}&amp;language=zh-hans" in page.content.decode(), "Set-Cookie" in page.headers) == (True, False)
    english = client.get("/en/halls/kechuang/", {"month": month}).content.decode()
    assert ("Yunling Science Hall" in english, "language=en" in english) == (True, True)
    address = f"/en/halls/kechuang/book/?day={at().date()}&language=en"
    assert client.post(address, typed(people="0")).status_code == 422
    answer = client.post(address, typed())
    visit = Visit.objects.get()
    assert (answer.headers["Location"], visit.language, visit.spoken, visit.state) == (
        f"/en/halls/my/{visit_link(visit.pk)}/",
        "en",
        "en",
        "requested",
    )
    assert visit.number in client.get(answer.headers["Location"]).content.decode()
    taken = client.post(address, typed())
    assert taken.status_code == 422
    assert (
        client.post("/halls/my/", {"number": visit.number, "phone": phone(1)}).headers["Location"] == f"/halls/my/{visit_link(visit.pk)}/"
    )
    assert client.get(f"/halls/my/{visit_link(visit.pk)}/calendar.ics").content.startswith(b"BEGIN:VCALENDAR")
    assert "取消后名额会让给别人" in client.get(f"/halls/my/{visit_link(visit.pk)}/cancel/").content.decode()
    assert Visit.objects.get().state == "requested"
    client.post(f"/halls/my/{visit_link(visit.pk)}/cancel/")
    assert Visit.objects.get().state == "cancelled"
    assert client.get(f"/halls/my/{visit_link(visit.pk)}/cancel/").status_code == 302


def test_odd_addresses_lead_to_a_page_or_nowhere():
    a_hall()
    client = Client()
    for asked in ("1999-01", "nonsense", "2999-12", "2026-13"):
        assert client.get("/halls/kechuang/", {"month": asked, "language": "xx"}).status_code == 200
    assert client.get("/halls/kechuang/book/", {"day": "nonsense"}).headers["Location"] == "/halls/kechuang/"
    assert client.get("/halls/kechuang/book/", {"day": str(day(7)), "language": "ko"}).status_code == 422
    assert [client.get(path).status_code for path in ("/halls/none/", "/halls/my/1:x/")] == [404, 404]
    Hall.objects.update(active=False)
    assert client.get("/halls/kechuang/").status_code == 404


def test_staff_decide_schedule_and_count(visitor):
    hall, guide = a_hall(), a_guide()
    visit = booked(hall)
    client = visitor(
        *powers("portal.hall.see", "portal.hall.manage", "portal.visit.decide", "portal.visit.receive", "portal.inspection.record")
    )
    assert visit.number in client.get("/manage/receptions/", {"state": "requested", "hall": "kechuang"}).content.decode()
    page = client.get(f"/manage/receptions/{visit.pk}/").content.decode()
    assert ("199****0001" in page, phone(1) in page, "不通过" in page) == (True, False, True)
    base = f"/manage/receptions/{visit.pk}"
    assert client.post(f"{base}/decision/refuse/", {"reason": ""}).status_code == 422
    for path, given in (
        ("decision/approve", {}),
        ("decision/schedule", {"guide": guide.pk}),
        ("receiving/start", {}),
        ("receiving/finish", {"counted": "18"}),
    ):
        assert client.post(f"{base}/{path}/", given).status_code == 302
    assert (Visit.objects.get().state, Visit.objects.get().counted) == ("done", 18)
    assert client.get(f"{base}/decision/other/").status_code == 404
    fine = {"day": str(day(0))} | {one.code: "ok" for one in checklist()}
    assert client.post("/manage/halls/kechuang/inspection/", fine | {"fire": "defect"}).status_code == 422
    assert client.post("/manage/halls/kechuang/inspection/", fine | {"fire": "defect", "fire_text": "通道堆物"}).status_code == 302
    assert client.post("/manage/halls/kechuang/reading/", {"day": str(day(0)), "counted": "25"}).status_code == 302
    assert client.post("/manage/halls/kechuang/acceptance/", {"day": str(day(0)), "subject": "二期", "passed": "no"}).status_code == 302
    assert (
        client.post("/manage/halls/kechuang/closures/new/", {"since": str(day(20)), "until": str(day(22)), "reason": "布展"}).status_code
        == 302
    )
    page = client.get("/manage/halls/kechuang/").content.decode()
    assert [text in page for text in ("通道堆物", "布展", "不通过")] == [True, True, True]
    client.post(f"/manage/defects/{Defect.objects.get().pk}/mend/")
    client.post(f"/manage/closures/{Closure.objects.get().pk}/end/")
    assert (Defect.objects.get().fixed_on, Closure.objects.count(), Inspection.objects.count(), CounterReading.objects.count()) == (
        day(0),
        0,
        1,
        1,
    )
    assert "今日已巡检" in client.get("/manage/halls/").content.decode()


def test_staff_set_up_a_hall_and_its_guides(visitor):
    client = visitor(*powers("portal.hall.see", "portal.hall.manage"))
    values = {
        "code": "er",
        "title": "二号展厅",
        "place": "西岭街",
        "most_people": "20",
        "slot_minutes": "45",
        "active": "on",
        "day0": "9:00-12:00",
        "day6": "下午",
    }
    answer = client.post("/manage/halls/new/", values)
    assert (answer.status_code, "请写成 09:00-17:00" in answer.content.decode()) == (422, True)
    assert client.post("/manage/halls/new/", values | {"day6": ""}).status_code == 302
    assert 'value="09:00-12:00"' in client.get("/manage/halls/er/edit/").content.decode()
    assert (
        client.post("/manage/halls/er/edit/", values | {"day6": "13：30 至 17:00", "title_en": "Hall two"}).headers["Location"]
        == "/manage/halls/er/"
    )
    assert (Hall.objects.get().hours.count(), Hall.objects.get().translations) == (2, {"en": {"title": "Hall two"}})
    assert client.post("/manage/guides/new/", {"name": "江导览", "languages": ["zh-hans", "ko"], "active": "on"}).status_code == 302
    guide = Guide.objects.get()
    assert client.post(f"/manage/guides/{guide.pk}/", {"name": "江导览", "languages": ["ko"]}).status_code == 302
    assert (Guide.objects.get().languages, Guide.objects.get().active) == (["ko"], False)
    assert "不在岗" in client.get("/manage/guides/").content.decode()


def test_a_guide_sees_the_own_day_and_receives_the_own_groups_only(visitor):
    client = visitor(*powers("portal.visit.receive", "portal.inspection.record"))
    hall, mine = a_hall(), a_guide("甲", account=str(Account.objects.get(login="tester").pk))
    visit, other = scheduled(hall, mine), scheduled(hall, a_guide("乙"), at(hour=14), unit_title="别的单位")
    page = client.get("/manage/receptions/day/", {"day": str(at().date())}).content.decode()
    assert ("云岭理工大学" in page, "别的单位" in page) == (True, False)
    assert client.get(f"/manage/receptions/{other.pk}/receiving/start/").status_code == 404
    assert client.get(f"/manage/receptions/{visit.pk}/").status_code == 403
    assert client.post(f"/manage/receptions/{visit.pk}/receiving/start/").headers["Location"] == "/manage/receptions/day/"
    assert client.get("/manage/receptions/day/", {"day": "x"}).status_code == 200
    items = {one.code: "ok" for one in checklist()} | {"clean": "defect"}
    inspect_hall(actor=ORGANISER, hall=hall.pk, day=day(0), items=items, texts={"clean": "地面有水"})
    assert "地面有水" in client.get("/manage/receptions/day/").content.decode()
    assert (
        client.post(f"/manage/defects/{Defect.objects.get().pk}/mend/", {"next": "/manage/receptions/day/"}).headers["Location"]
        == "/manage/receptions/day/"
    )
    assert (
        client.post("/manage/halls/kechuang/reading/", {"day": str(day(0)), "counted": "5"}).headers["Location"]
        == "/manage/receptions/day/"
    )


def test_lists_need_no_more_queries_for_more_visits(visitor):
    hall, guide = a_hall(), a_guide()
    client = visitor(*powers("portal.hall.see"))
    client.get("/manage/receptions/")
    counts = []
    for hours in ((9,), (10, 11)):
        for hour in hours:
            scheduled(hall, guide, at(hour=hour))
        with CaptureQueriesContext(connection) as asked:
            client.get("/manage/receptions/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_own_visits_stand_on_the_personal_page_and_nobody_elses(visitor):
    a_guide()
    client = visitor()
    assert '还没有预约参观。<a href="/halls/">' in client.get(reverse("desk:personal")).content.decode()
    hall, account = a_hall(), str(Account.objects.get(login="tester").pk)
    own, other = booked(hall, actor=Principal(account)), booked(hall, at(hour=14), actor=Principal("999"))
    page = client.get(reverse("desk:personal")).content.decode()
    assert [reverse("portal:visit", args=[visit_link(one.pk)]) in page for one in (own, other)] == [True, False]
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("desk:personal"))
    assert len([one for one in asked.captured_queries if 'FROM "portal_visit"' in one["sql"]]) == 1


def test_figures_of_halls_lead_back_to_rows():
    hall, other, guide = a_hall(), a_hall(code="er", title="二号展厅"), a_guide()
    Visit.objects.filter(pk=scheduled(hall, guide).pk).update(state="done", counted=18, begins_at=at(-3), ends_at=at(-3, 11))
    Visit.objects.filter(pk=scheduled(other, guide).pk).update(state="done", counted=7, begins_at=at(-2), ends_at=at(-2, 11))
    scheduled(hall, guide, at(hour=14))
    for one, heads in ((hall, 25), (other, 7)):
        CounterReading.objects.create(hall=one, day=day(-2), counted=heads, registered=1, by="1")
        Inspection.objects.create(hall=one, day=day(-2), items={}, by="1")
    Inspection.objects.create(hall=hall, day=day(-3), items={}, by="1")
    note_acceptance(actor=ORGANISER, hall=hall.pk, day=day(-2), subject="a", passed=True)
    note_acceptance(actor=ORGANISER, hall=hall.pk, day=day(-2), subject="b", passed=False)
    period = Period(day(-3), day(-1), "month")

    def figure(code, **scope):
        reading = read(code, period, scope)
        assert still_holds(reading)
        return reading.value.value

    codes = ("portal.receptions", "portal.hall_visitors", "portal.inspection_days", "portal.hall_acceptance")
    assert [figure(code) for code in codes] == [2, 32, 2, 50]
    assert [figure(code, hall="er") for code in codes] == [1, 7, 1, None]
    assert read("portal.hall_visitors", Period(day(-9), day(-8), "month")).value.value is None
