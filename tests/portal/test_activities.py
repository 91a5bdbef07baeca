"""Activities go their way: approved by another person, moved on by the clock, put off, called off, archived when whole."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from portal.outreach_made_up import HOUR, ORGANISER, SECOND, codes_of, facts, opened, planned, registered, session_facts, states, under_way

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.errors import Refused
from keheng.kernel.models import Job
from keheng.kernel.search.models import Entry
from keheng.portal.actions.activities import (
    add_session,
    advance_activities,
    approve_activity,
    archive_activity,
    cancel_activity,
    change_activity,
    change_session,
    plan_activity,
    postpone_activity,
    remove_session,
    resume_activity,
    return_activity,
    submit_activity,
)
from keheng.portal.actions.checkin import Seen, scan_ticket
from keheng.portal.enums.activities import ActivityState
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.queries.tickets import ticket_of
from keheng.portal.rules.activities import NEXT

pytestmark = pytest.mark.django_db


def state(activity) -> str:
    return Activity.objects.values_list("state", flat=True).get(pk=activity.pk)


def test_everything_wrong_with_an_activity_is_told_at_once():
    at = now()
    with pytest.raises(Refused) as refused:
        plan_activity(
            actor=ORGANISER, facts=facts(title=" ", organiser="", kind="party", closes_at=at - 2 * HOUR, per_unit=0, summary="长" * 301)
        )
    assert codes_of(refused) == [
        ("ACT_TITLE", "title"), ("ACT_ORGANISER", "organiser"), ("ACT_TOO_LONG", "summary"), ("ACT_KIND", "kind"), ("ACT_WINDOW", "closes_at"),
        ("ACT_PER_UNIT", "per_unit"),
    ]  # fmt: skip
    made = plan_activity(actor=ORGANISER, facts=facts())
    with pytest.raises(Refused) as refused:
        add_session(actor=ORGANISER, activity=made.pk, facts=session_facts(0, hours=-1, place=""))
    assert codes_of(refused) == [("ACT_SESSION_SPAN", "ends_at"), ("ACT_CAPACITY", "capacity"), ("ACT_WHERE", "place")]


def test_an_activity_is_approved_by_others_than_its_author():
    made = planned()
    submit_activity(actor=ORGANISER, activity=made.pk)
    task = Task.objects.get()
    assert (task.permission, task.not_by) == ("portal.activity.approve", ORGANISER.account)
    with pytest.raises(Refused) as refused:
        approve_activity(actor=ORGANISER, activity=made.pk)
    assert codes_of(refused) == [("ACT_OWN", "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=made.pk).update(approver=ORGANISER.account)
    assert (state(made), Entry.objects.count()) == ("in_review", 0)
    approve_activity(actor=SECOND, activity=made.pk)
    assert (state(made), Task.objects.count(), Entry.objects.get().url) == ("open", 0, f"/events/{made.pk}/")
    with pytest.raises(Refused) as refused:
        approve_activity(actor=SECOND, activity=made.pk)
    assert codes_of(refused) == [("ACT_NOT_IN_REVIEW", "")]


def test_an_activity_comes_back_with_a_reason_and_is_not_ready_without_sessions():
    made = plan_activity(actor=ORGANISER, facts=facts())
    with pytest.raises(Refused) as refused:
        submit_activity(actor=ORGANISER, activity=made.pk)
    assert codes_of(refused) == [("ACT_NO_SESSION", "")]
    sitting = add_session(actor=ORGANISER, activity=made.pk, facts=session_facts(begins=12))
    with pytest.raises(Refused) as refused:
        submit_activity(actor=ORGANISER, activity=made.pk)
    assert codes_of(refused) == [("ACT_CLOSES_LATE", "closes_at")]
    remove_session(actor=ORGANISER, session=sitting.pk)
    add_session(actor=ORGANISER, activity=made.pk, facts=session_facts())
    submit_activity(actor=ORGANISER, activity=made.pk)
    with pytest.raises(Refused) as refused:
        return_activity(actor=SECOND, activity=made.pk, reason=" ")
    assert codes_of(refused) == [("ACT_REASON", "reason")]
    return_activity(actor=SECOND, activity=made.pk, reason="地点未落实")
    assert (state(made), Activity.objects.get().reason, Task.objects.count()) == ("planned", "地点未落实", 0)


def test_every_state_leads_only_where_the_table_says():
    assert set(NEXT) == set(ActivityState.values)
    reached = {"planned"}
    for _ in NEXT:
        reached |= {to for one in reached for to in NEXT[one]}
    assert reached == set(ActivityState.values)
    assert [one for one in NEXT if not NEXT[one]] == ["archived", "cancelled"]


def test_the_clock_moves_an_activity_on_and_settles_it_at_the_end():
    at = now()
    sitting = opened(2)
    one, _two, _third = registered(sitting, 1, 2, 3)
    activity = sitting.activity
    for hours, expected in ((0, "open"), (25, "closed"), (49, "running"), (51.5, "running"), (52.5, "ended")):
        advance_activities(at + hours * HOUR)
        assert state(activity) == expected
    assert (states(sitting), advance_activities(at + 60 * HOUR)) == (["no_show", "no_show", "refused"], 0)
    with pytest.raises(Refused) as refused:
        archive_activity(actor=ORGANISER, activity=activity.pk)
    assert codes_of(refused) == [("ACT_NOBODY_CAME", "")]
    under_way(sitting)
    scan_ticket(actor=ORGANISER, session=sitting.pk, seen=Seen(ticket_of(one.pk), now()))
    assert archive_activity(actor=ORGANISER, activity=activity.pk).state == "archived"


def test_a_postponed_activity_keeps_its_people_and_tells_them():
    sitting = opened(1)
    _one, _two = registered(sitting, 1, 2, actor=ORGANISER)
    activity = sitting.activity
    with pytest.raises(Refused) as refused:
        change_session(actor=ORGANISER, session=sitting.pk, facts=session_facts(1, begins=72))
    assert codes_of(refused) == [("ACT_NOT_EDITABLE", "")]
    postpone_activity(actor=ORGANISER, activity=activity.pk, reason="台风")
    change_activity(actor=ORGANISER, activity=activity.pk, facts=facts(closes_at=now() + 60 * HOUR))
    change_session(actor=ORGANISER, session=sitting.pk, facts=session_facts(1, begins=72))
    resume_activity(actor=ORGANISER, activity=activity.pk)
    assert (state(activity), states(sitting)) == ("open", ["confirmed", "waiting"])
    told = list(Message.objects.filter(account=ORGANISER.account).order_by("pk").values_list("title", flat=True))
    assert [title.split("：")[0] for title in told] == ["报名成功", "已进入候补", "活动延期", "活动延期", "活动时间已定", "活动时间已定"]
    assert "台风" in Message.objects.filter(title__startswith="活动延期").first().body


def test_a_cancelled_activity_ends_every_registration_and_leaves_the_search():
    sitting = opened(1)
    registered(sitting, 1, 2)
    cancel_activity(actor=ORGANISER, activity=sitting.activity_id, reason="场地停电")
    assert (states(sitting), Session.objects.get().taken, Entry.objects.count()) == (["cancelled", "cancelled"], 0, 0)
    assert Job.objects.filter(kind="portal.send_notice", key__contains="called_off").count() == 2


def test_more_places_go_at_once_to_those_who_wait_and_fewer_than_taken_are_refused():
    sitting = opened(1)
    registered(sitting, 1, 2, 3, 4)
    before = Session.objects.get()
    given = {name: getattr(before, name) for name in ("begins_at", "ends_at", "place")}
    change_session(actor=ORGANISER, session=sitting.pk, facts=session_facts(3, **given))
    assert (states(sitting), Session.objects.get().taken) == (["confirmed", "confirmed", "confirmed", "waiting"], 3)
    with pytest.raises(Refused) as refused:
        change_session(actor=ORGANISER, session=sitting.pk, facts=session_facts(2, **given))
    assert codes_of(refused) == [("ACT_CAPACITY_TAKEN", "capacity")]
    postpone_activity(actor=ORGANISER, activity=sitting.activity_id, reason="改期")
    with pytest.raises(Refused) as refused:
        remove_session(actor=ORGANISER, session=sitting.pk)
    assert codes_of(refused) == [("ACT_SESSION_USED", "")]


def test_nobody_decided_on_at_the_end_gives_the_place_back():
    sitting = opened(2, moderated=True)
    registered(sitting, 1)
    advance_activities(now() + timedelta(days=9))
    assert (states(sitting), Session.objects.get().taken) == (["refused"], 0)
    assert Registration.objects.get().reason == "活动已结束"
