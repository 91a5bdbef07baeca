"""Tasks: seen, taken and handed over by whoever may do them, by nobody else, once."""

from datetime import datetime, timedelta

import pytest
from directory.made_up import principal
from directory.test_races import at_once
from django.utils.timezone import get_current_timezone, localdate, now
from people import actor_for, make_account, signed_in

from keheng.kernel.desk import tasks as desk_tasks
from keheng.kernel.desk.handovers import accept_handover, decline_handover, end_handover, end_handovers, offer_handover, withdraw_handover
from keheng.kernel.desk.models import Handover, Message, Task
from keheng.kernel.desk.tasks import close_task, hand_back_task, open_task, take_task, tasks_for, time_left
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry

ZONE = get_current_timezone()
MAY = "directory.organisation.see"


def task(key="a", **more):
    facts = {"kind": "k", "title": f"任务 {key}", "url": "/x/", "permission": MAY} | more
    return open_task(key, **facts)


def codes(call):
    with pytest.raises(Refused) as refused:
        call()
    return [one.code for one in refused.value.problems]


def holder(task_row):
    return Task.objects.get(pk=task_row.pk).account


@pytest.mark.django_db
def test_tasks_are_seen_by_those_whose_powers_reach_them():
    city, district, unit = task("city"), task("district", district="YL01"), task("unit", unit=5)
    own, taken, forbidden = task("own", permission="", account="7"), task("taken", account="9"), task("forbidden", not_by="7")
    assert taken.account == "9"

    def seen(*powers):
        return set(tasks_for(principal(*powers, account="7")))

    assert seen() == {own}
    assert seen((MAY, "all")) == {own, city, district, unit}
    assert seen((MAY, "district", "YL01")) == {own, district}
    assert seen((MAY, "unit", 5), ("other", "all")) == {own, unit}
    assert forbidden in set(tasks_for(principal((MAY, "all"), account="8")))


@pytest.mark.django_db
def test_a_task_is_taken_handed_back_and_refused_to_others():
    one, mine = task(), task("mine", permission="", account="7")
    first, second, stranger = principal((MAY, "all"), account="7"), principal((MAY, "all"), account="8"), principal(account="9")
    take_task(actor=first, task=one.pk)
    assert holder(one) == "7"
    assert codes(lambda: take_task(actor=second, task=one.pk)) == ["DESK_TASK_TAKEN"]
    assert codes(lambda: take_task(actor=stranger, task=one.pk)) == codes(lambda: take_task(actor=first, task=0)) == ["DESK_TASK_GONE"]
    assert codes(lambda: hand_back_task(actor=second, task=one.pk)) == ["DESK_TASK_GONE"]
    assert codes(lambda: hand_back_task(actor=first, task=mine.pk)) == ["DESK_TASK_OWN"]
    hand_back_task(actor=first, task=one.pk)
    assert (holder(one), close_task("a"), close_task("a")) == ("", True, False)
    acts = AuditEntry.objects.filter(body__contains='"act":"task.take"')
    assert (acts.filter(body__contains='"succeeded":true').count(), acts.count()) == (1, 4)


def test_of_several_who_take_it_at_once_one_gets_it(fresh):
    one = task()
    takers = [principal((MAY, "all"), account=str(number)) for number in range(3)]
    came = at_once(*(lambda who=who: take_task(actor=who, task=one.pk) for who in takers))
    assert came == ["DESK_TASK_TAKEN", "DESK_TASK_TAKEN", "done"]


@pytest.mark.parametrize(("moment", "due", "words"), [
    # 2026-02-14 is worked in exchange; 15 to 23 February is the Spring Festival.
    (datetime(2026, 2, 13, 9, tzinfo=ZONE), datetime(2026, 2, 14, 17, tzinfo=ZONE), "还有 1 个工作日"),
    (datetime(2026, 2, 13, 9, tzinfo=ZONE), datetime(2026, 2, 25, 17, tzinfo=ZONE), "还有 3 个工作日"),
    (datetime(2026, 2, 25, 9, tzinfo=ZONE), datetime(2026, 2, 25, 17, tzinfo=ZONE), "今天到期"),
    (datetime(2026, 2, 16, 9, tzinfo=ZONE), datetime(2026, 2, 20, 17, tzinfo=ZONE), "下个工作日前到期"),
    (datetime(2026, 2, 25, 18, tzinfo=ZONE), datetime(2026, 2, 25, 17, tzinfo=ZONE), "已逾期"),
    (datetime(2026, 2, 26, 9, tzinfo=ZONE), datetime(2026, 2, 13, 17, tzinfo=ZONE), "已逾期 4 个工作日"),
])  # fmt: skip
def test_time_left_is_told_in_working_days(monkeypatch, moment, due, words):
    monkeypatch.setattr(desk_tasks, "now", lambda: moment)
    monkeypatch.setattr(desk_tasks, "localdate", moment.date)
    assert time_left(due) == words
    assert time_left(None) == ""


@pytest.fixture
def colleagues(db):
    """Two case officers and a citizen, with a taken task each of the first."""
    one, two, three = (
        make_account("one", "case_officer", district="YL01"),
        make_account("two", "case_officer", district="YL01"),
        make_account("three"),
    )
    return actor_for(one), actor_for(two), actor_for(three)


@pytest.mark.django_db
def test_everything_wrong_with_an_offer_is_told_at_once(colleagues):
    one, _, three = colleagues
    mine, theirs, asked_of_me = task("m", account=one.account), task("t", account="999"), task("o", permission="", account=one.account)

    def offer(login, tasks, ends=None):
        return codes(lambda: offer_handover(actor=one, login=login, tasks=tasks, ends=ends, reason=""))

    assert offer("nobody", [theirs.pk], localdate()) == ["DESK_HANDOVER_NOBODY", "DESK_HANDOVER_NOTHING", "DESK_HANDOVER_ENDS"]
    assert offer("one", [mine.pk]) == ["DESK_HANDOVER_SELF"]
    assert offer("three", [mine.pk, asked_of_me.pk]) == ["DESK_HANDOVER_MAY"] * 2
    assert offer("two", [mine.pk, asked_of_me.pk]) == ["DESK_HANDOVER_MAY"]
    assert (Handover.objects.count(), three.account != "") == (0, True)


@pytest.mark.django_db
def test_a_handover_moves_on_acceptance_and_comes_back_on_its_day(colleagues):
    one, two, three = colleagues
    tasks = [task(key, account=one.account) for key in "abc"]
    tomorrow = localdate() + timedelta(days=1)
    made = offer_handover(actor=one, login=" TWO ", tasks=[row.pk for row in tasks], ends=tomorrow, reason="出差")
    assert ([holder(row) for row in tasks], Message.objects.get().account) == ([one.account] * 3, two.account)
    assert codes(lambda: accept_handover(actor=three, handover=made.pk)) == ["DESK_HANDOVER_GONE"]
    close_task("c")
    assert accept_handover(actor=two, handover=made.pk) == 2
    assert [holder(row) for row in tasks[:2]] == [two.account] * 2
    for decide, who in ((accept_handover, two), (decline_handover, two), (withdraw_handover, one)):
        assert codes(lambda decide=decide, who=who: decide(actor=who, handover=made.pk)) == ["DESK_HANDOVER_STATE"]
    end_handovers({})
    assert Handover.objects.get().state == "accepted"
    Handover.objects.update(ends=localdate())
    close_task("b")
    end_handovers({})
    assert (Handover.objects.get().state, holder(tasks[0])) == ("ended", one.account)
    assert set(Message.objects.values_list("account", "title")) == {
        (two.account, "one 某请您接手 3 项任务"), (one.account, "two 某已接手 2 项任务"),
        (one.account, "交接结束，1 项未办结的任务已交回"), (two.account, "交接结束，1 项未办结的任务已交回"),
    }  # fmt: skip
    acts = [
        act
        for act in ("offer", "accept", "end")
        if AuditEntry.objects.filter(body__contains=f'"act":"handover.{act}"', body__regex='"succeeded":true')
    ]
    assert acts == ["offer", "accept", "end"]


@pytest.mark.django_db
def test_an_offer_is_declined_or_withdrawn_and_strangers_end_nothing(colleagues):
    one, two, three = colleagues
    row = task(account=one.account)

    def offered():
        return offer_handover(actor=one, login="two", tasks=[row.pk], ends=None, reason="").pk

    decline_handover(actor=two, handover=offered())
    withdraw_handover(actor=one, handover=offered())
    accept_handover(actor=two, handover=(number := offered()))
    assert codes(lambda: end_handover(actor=three, handover=number)) == ["DESK_HANDOVER_GONE"]
    assert end_handover(actor=two, handover=number) == 1
    assert (sorted(Handover.objects.values_list("state", flat=True)), holder(row)) == (["declined", "ended", "withdrawn"], one.account)


@pytest.mark.django_db
def test_who_lost_the_permission_cannot_accept(colleagues, monkeypatch):
    one, two, _ = colleagues
    row = task(account=one.account)
    made = offer_handover(actor=one, login="two", tasks=[row.pk], ends=None, reason="")
    Task.objects.update(permission="site.trail.read")
    assert codes(lambda: accept_handover(actor=two, handover=made.pk)) == ["DESK_HANDOVER_MAY"]
    assert (holder(row), Handover.objects.get().state) == (one.account, "offered")


def test_of_acceptance_and_withdrawal_at_once_one_counts(fresh):
    one, two = (actor_for(make_account(login, "case_officer", district="YL01")) for login in ("one", "two"))
    row = task(account=one.account)
    made = offer_handover(actor=one, login="two", tasks=[row.pk], ends=None, reason="")
    came = at_once(lambda: accept_handover(actor=two, handover=made.pk), lambda: withdraw_handover(actor=one, handover=made.pk))
    assert came == ["DESK_HANDOVER_STATE", "done"]
    assert holder(row) == {"accepted": two.account, "withdrawn": one.account}[Handover.objects.get().state]


@pytest.mark.django_db
def test_the_pages_take_hand_back_and_hand_over():
    officer, colleague = make_account("one", "case_officer", district="YL01"), make_account("two", "case_officer", district="YL01")
    client, other = signed_in(officer), signed_in(colleague)
    free, late = task("a"), task("b", due_at=now() - timedelta(days=9))
    page = client.get("/desk/").content.decode()
    assert [word in page for word in ("任务 a", "任务 b", "已逾期", "待认领")] == [True] * 4
    assert "任务 a" not in client.get("/desk/?late=1").content.decode()
    client.post("/desk/tasks/take/", {"rows": [free.pk, late.pk, 0]})
    assert {holder(free), holder(late)} == {str(officer.pk)}
    assert "任务 a" not in other.get("/desk/").content.decode()
    client.post("/desk/tasks/back/", {"rows": [late.pk]})
    assert holder(late) == ""
    asked = client.post("/desk/handovers/new/", {"rows": [free.pk]}).content.decode()
    assert f'value="{free.pk}"' in asked
    assert "checked" in asked
    wrong = client.post("/desk/handovers/new/", {"login": "nobody", "tasks": [free.pk], "reason": "休假"})
    assert (wrong.status_code, 'value="休假"' in wrong.content.decode()) == (422, True)
    assert client.post("/desk/handovers/new/", {"login": "two", "tasks": [free.pk], "reason": "休假"}).url == "/desk/handovers/"
    made = Handover.objects.get()
    assert "等您接受" in other.get("/desk/").content.decode()
    assert "接受" in other.get("/desk/handovers/").content.decode()
    other.post(f"/desk/handovers/{made.pk}/decide/", {"decision": "accept"})
    other.post(f"/desk/handovers/{made.pk}/decide/", {"decision": "nonsense"})
    assert (holder(free), Handover.objects.get().decided_at is not None) == (str(colleague.pk), True)
