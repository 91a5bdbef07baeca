"""What somebody took who left or is away is freed or given to a colleague: by a leader, with a reason, once, told and on the trail."""

import pytest
from directory.test_races import at_once
from kernel.test_desk_tasks import codes, holder, task
from people import actor_for, make_account, signed_in

from keheng.access.models import Account
from keheng.kernel.desk.clearing import clear_tasks, holders
from keheng.kernel.desk.models import Message, Task
from keheng.kernel.desk.tasks import hand_back_task, take_task
from keheng.kernel.models import AuditEntry

ACCEPT = "matters.case.accept"


@pytest.fixture
def office(db):
    """A leader, two officers and a citizen by their logins."""
    roles = {"boss": ["leader"], "one": ["case_officer"], "two": ["case_officer"], "citizen": []}
    return {login: actor_for(make_account(login, *codes)) for login, codes in roles.items()}


def clear(office, who="boss", giver="one", login="", reason="调离"):
    return clear_tasks(actor=office[who], giver=office[giver].account, login=login, reason=reason)


def test_all_that_somebody_took_is_freed_and_others_may_take_it(office):
    taken = [task(key, permission=ACCEPT, account=office["one"].account) for key in "ab"]
    named, other = (
        task("named", permission="", account=office["one"].account),
        task("other", permission=ACCEPT, account=office["two"].account),
    )
    Account.objects.filter(login="one").update(is_active=False)
    assert [(one.name, one.tasks, one.stopped) for one in holders(office["boss"])] == [("one 某", 2, True), ("two 某", 1, False)]
    assert clear(office) == 2
    assert ([holder(row) for row in taken], holder(named), holder(other)) == (["", ""], office["one"].account, office["two"].account)
    take_task(actor=office["two"], task=taken[0].pk)
    entry = AuditEntry.objects.get(body__contains='"act":"task.clear"').body
    assert [word in entry for word in ("调离", f'"target":"account:{office["one"].account}"', f'"{office["boss"].account}"')] == [True] * 3
    assert [one.title for one in Message.objects.filter(account=office["one"].account)] == ["one 某认领的 2 项任务已由boss 某退回待认领"]


def test_all_that_somebody_took_is_given_to_a_colleague_who_may_do_it(office):
    taken = [task(key, permission=ACCEPT, account=office["one"].account) for key in "ab"]
    assert clear(office, login=" TWO ") == 2
    assert [holder(row) for row in taken] == [office["two"].account] * 2
    assert {one.account for one in Message.objects.filter(title__contains="转给two 某")} == {office["one"].account, office["two"].account}
    hand_back_task(actor=office["two"], task=taken[0].pk)
    assert holder(taken[0]) == ""


def test_everything_wrong_is_told_at_once_and_nothing_moves(office):
    row = task("a", permission=ACCEPT, account=office["one"].account)
    for wrong, expected in (
        ({"login": "nobody", "reason": " "}, ["DESK_HANDOVER_NOBODY", "DESK_CLEAR_REASON"]),
        ({"login": "boss"}, ["DESK_CLEAR_SELF"]),
        ({"login": "one"}, ["DESK_CLEAR_SAME"]),
        ({"login": "citizen", "reason": ""}, ["DESK_HANDOVER_MAY", "DESK_CLEAR_REASON"]),
        ({"giver": "two"}, ["DESK_CLEAR_NOTHING"]),
        ({"who": "two"}, ["DESK_CLEAR_NOTHING"]),
        ({"who": "citizen", "login": "citizen"}, ["DESK_CLEAR_NOTHING", "DESK_CLEAR_SELF"]),
    ):
        assert codes(lambda wrong=wrong: clear(office, **wrong)) == expected
    # Whoever wrote what is to be decided on is not given it.
    Task.objects.filter(pk=row.pk).update(not_by=office["two"].account)
    assert codes(lambda: clear(office, login="two")) == ["DESK_HANDOVER_MAY"]
    assert holder(row) == office["one"].account
    # One's own are handed back or over, as everybody's are.
    mine = task("mine", permission=ACCEPT, account=office["boss"].account)
    assert codes(lambda: clear(office, giver="boss")) == ["DESK_CLEAR_NOTHING"]
    assert holder(mine) == office["boss"].account


def test_of_two_leaders_and_the_holder_at_once_one_moves_a_task(fresh):
    leaders = [actor_for(make_account(login, "leader")) for login in ("boss", "chief")]
    one, two = (actor_for(make_account(login, "case_officer")) for login in ("one", "two"))
    row = task("a", permission=ACCEPT, account=one.account)
    came = at_once(
        lambda: clear_tasks(actor=leaders[0], giver=one.account, login="two", reason="病假"),
        lambda: clear_tasks(actor=leaders[1], giver=one.account, login="", reason="病假"),
        lambda: hand_back_task(actor=one, task=row.pk),
    )
    assert came.count("done") == 1
    assert set(came) <= {"done", "DESK_CLEAR_NOTHING", "DESK_TASK_GONE"}
    assert holder(row) in {"", two.account}
    assert AuditEntry.objects.filter(body__contains='"act":"task.clear"', body__regex='"succeeded":true').count() <= 1


def test_the_leader_does_it_on_a_page(office):
    row = task("a", permission=ACCEPT, account=office["one"].account)
    page, officer = "/desk/colleagues/", signed_in(Account.objects.get(login="two"))
    boss = signed_in(Account.objects.get(login="boss"))
    assert officer.get(page).status_code == officer.post(page, {"giver": office["one"].account, "reason": "x"}).status_code == 403
    listed = boss.get(page).content.decode()
    assert [word in listed for word in ("one 某", f'?giver={office["one"].account}"')] == [True] * 2
    assert "任务 a" in boss.get(f"{page}?giver={office['one'].account}").content.decode()
    wrong = boss.post(page, {"giver": office["one"].account, "login": "nobody", "reason": "病假两周"})
    assert (wrong.status_code, 'value="nobody"' in wrong.content.decode(), 'value="病假两周"' in wrong.content.decode()) == (
        422,
        True,
        True,
    )
    done = boss.post(page, {"giver": office["one"].account, "login": "two", "reason": "病假两周"}, follow=True).content.decode()
    assert ("已转给同事" in done, holder(row)) == (True, office["two"].account)
