"""What is kept of people who register or book: shown to them, erased on request, anonymous when its time is over, counted all the same."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from portal.halls_made_up import a_guide, a_hall, at, booked
from portal.outreach_made_up import CLERK, opened, phone, registered, somebody, under_way

from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.kernel.personal.holders import all_holders
from keheng.kernel.personal.retention import all_bindings, run_binding
from keheng.kernel.trail.record import SYSTEM, Actor
from keheng.portal.actions.activities import advance_activities
from keheng.portal.actions.checkin import Seen, scan_ticket
from keheng.portal.actions.hall_visits import cancel_visit
from keheng.portal.models import Registration, Visit
from keheng.portal.queries.tickets import ticket_of

pytestmark = pytest.mark.django_db
READER = Actor("301")


@pytest.fixture
def came():
    sitting = opened(5)
    rows = [*registered(sitting, 1, actor=READER), *registered(sitting, 2)]
    sitting = under_way(sitting)
    for one in rows:
        scan_ticket(actor=CLERK, session=sitting.pk, seen=Seen(ticket_of(one.pk), now()))
    advance_activities(now() + timedelta(hours=3))
    return sitting


def holder():
    return next(one for one in all_holders() if one.code == "portal.outreach")


def people():
    return read("portal.event_people", Period.year(localdate().year)).value.value


def test_a_person_sees_what_is_kept_and_has_it_erased(came):
    a_guide()
    visit = booked(a_hall(), actor=READER)
    rows = holder().export("account:301")
    assert [(one["事项"], one["电话"]) for one in rows] == [("活动报名", phone(1)), ("参观预约", phone(1))]
    assert (holder().export("account:999"), holder().export("person:1"), holder().erase("person:1", SYSTEM).erased) == ([], [], 0)
    erased = holder().erase("account:301", SYSTEM)
    assert (erased.erased, erased.kept[0].count) == (1, 1)
    row = Registration.objects.get(anonymised=True)
    assert (row.name, row.phone, row.account, row.phone_mark == somebody(1).mark) == ("—", "", "", False)
    assert (row.attendance.person in {row.phone_mark, somebody(1).mark}, people()) == (False, 2)
    cancel_visit(actor=READER, visit=visit.pk)
    assert holder().erase("account:301", SYSTEM).erased == 1
    assert (Visit.objects.get().contact, holder().export("account:301")) == ("—", [])


def test_registrations_and_visits_become_anonymous_when_their_time_is_over(came):
    a_guide()
    booked(a_hall(), at(days=7))
    bindings = {one.rule: one for one in all_bindings() if one.holder.startswith("portal.")}
    late = now() + timedelta(days=380)
    assert run_binding(bindings["event_registration"], now() + timedelta(days=300)).disposed == 0
    assert run_binding(bindings["event_registration"], late).disposed == 2
    assert run_binding(bindings["event_registration"], late).disposed == 0
    assert run_binding(bindings["hall_visit"], late).disposed == 1
    assert (set(Registration.objects.values_list("name", "phone")), set(Visit.objects.values_list("contact", "phone"))) == (
        {("—", "")},
        {("—", "")},
    )
    assert people() == 2


def test_the_calendar_and_the_panels_show_one_s_own(came, visitor):
    client = visitor(("portal.activity.see", "all"), ("portal.attendance.record", "all"), ("portal.visit.receive", "all"), login="someone")
    page = client.get("/desk/").content.decode()
    assert ("今天的场次" in page, "云岭科技开放日" in page) == (True, True)
    assert client.get("/desk/calendar/").status_code == 200
    assert "我的活动" in client.get(reverse("desk:personal")).content.decode()
