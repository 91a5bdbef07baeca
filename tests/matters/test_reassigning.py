"""One task that was asked of somebody by name is asked of somebody else: by a leader, for this case alone, told to both."""

import pytest
from matters.test_cases import codes, do
from matters.test_countersign import boss, leave
from matters.test_pages import client_of, text_of
from matters.test_races import at_once, permit
from people import actor_for, make_account

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.models import AuditEntry
from keheng.matters.actions.reassigning import reassign
from keheng.matters.models import Case, CaseEvent, Party


def given(people, case, who="leader", role="supervisor", login="mate2", reason="住院", **other):
    return lambda: reassign(actor=people[who], case=case.pk, role=role, login=login, reason=reason, **{"seen": case.version, **other})


@pytest.fixture
def waiting(people, on):
    """A leave that waits for the boss, and a colleague to be asked instead."""
    people["mate2"] = actor_for(make_account("mate2", "case_officer"))
    return do(people["clerk"], leave(people, on), "submit")


def role_of(case):
    (name,) = case.named
    return name


@pytest.mark.django_db
def test_another_colleague_is_asked_for_this_case_alone(people, on, waiting):
    other = do(people["officer"], second(people), "submit")
    role, mine = role_of(waiting), people["mate2"].account
    made = given(people, waiting, role=role)()
    task = Task.objects.get(key=f"case:{waiting.pk}:{role}")
    assert (task.account, made.version, made.state) == (mine, waiting.version + 1, waiting.state)
    assert Task.objects.get(key=f"case:{other.pk}:{role}").account == boss().account
    event = CaseEvent.objects.get(do="reassign")
    assert (event.by, event.opinion, event.title) == (people["leader"].account, "住院", "改派：boss 某 → mate2 某")
    assert sorted(Message.objects.filter(key__startswith="reassign:").values_list("account", flat=True)) == sorted([boss().account, mine])
    assert AuditEntry.objects.filter(body__contains="case.reassign").count() == 1
    assert set(Party.objects.filter(case=waiting).values_list("account", flat=True)) == {boss().account, mine}
    assert codes(lambda: do(boss(), made, "agree")) == ["MATTER_MOVE_WHO"]
    assert do(people["mate2"], made, "agree").state == "sign"


def second(people):
    from keheng.matters.service import open_case, save_answers  # noqa: PLC0415 -- beside its only use

    case = open_case(actor=people["officer"], matter="yl.leave")
    typed = {"kind": "年休假", "begins": "2026-10-19", "ends": "2026-10-20", "supervisor": "boss"}
    save_answers(actor=people["officer"], case=case.pk, typed=typed, seen={})
    return case


@pytest.mark.django_db
def test_everything_wrong_is_told_at_once_and_nothing_changes(people, waiting):
    role = role_of(waiting)
    for change, expected in (
        ({"login": "nobody", "reason": " "}, ["MATTER_COLLEAGUE", "MATTER_OPINION"]),
        ({"login": "leader"}, ["MATTER_REASSIGN_SELF"]),
        ({"login": "clerk"}, ["MATTER_REASSIGN_APPLICANT"]),
        ({"login": "boss"}, ["MATTER_REASSIGN_NAMED"]),
        ({"who": "officer"}, ["MATTER_CASE_GONE"]),
        ({"seen": 0}, ["MATTER_MOVED_MEANWHILE"]),
        ({"role": "apply"}, ["MATTER_MOVED_MEANWHILE"]),
    ):
        assert codes(given(people, waiting, **{"role": role, **change})) == expected
    assert (Case.objects.get(pk=waiting.pk).named, CaseEvent.objects.filter(do="reassign").count()) == ({role: boss().account}, 0)
    decided = do(boss(), waiting, "agree")
    assert codes(given(people, decided, role=role)) == ["MATTER_MOVED_MEANWHILE"]


@pytest.mark.django_db
def test_the_leader_does_it_on_the_page_of_the_case(people, waiting):
    page, role = f"/manage/cases/{waiting.pk}/", role_of(waiting)
    leader, officer = client_of("leader"), client_of("officer")
    assert "改派给别人" in text_of(leader.get(page))
    assert "改派给别人" not in text_of(officer.get(page))
    typed = {"seen": waiting.version, "login": "nobody", "reason": "住院两周"}
    assert officer.post(f"{page}reassign/{role}/", typed).status_code == 403
    wrong = leader.post(f"{page}reassign/{role}/", typed)
    assert (wrong.status_code, "没有登录名为“nobody”的同事" in text_of(wrong), 'value="住院两周"' in wrong.content.decode()) == (
        422,
        True,
        True,
    )
    done = leader.post(f"{page}reassign/{role}/", {**typed, "login": "mate2"}, follow=True)
    assert [word in text_of(done) for word in ("已改派", "改派：boss 某 → mate2 某", "住院两周")] == [True] * 3


def test_of_two_leaders_at_once_one_reassigns(fresh):
    clerk = actor_for(make_account("clerk", "case_officer"))
    for login in ("boss", "ann", "bob"):
        make_account(login, "leader")
    leaders = [actor_for(make_account(login, "leader")) for login in ("one", "two")]
    case = permit(clerk)
    case = do(clerk, case, "submit")
    role = role_of(case)
    acts = [
        lambda actor=actor, login=login: reassign(actor=actor, case=case.pk, role=role, seen=1, login=login, reason="出差")
        for actor, login in zip(leaders, ("ann", "bob"), strict=True)
    ]
    assert at_once(*acts) == ["MATTER_MOVED_MEANWHILE", "done"]
    assert (CaseEvent.objects.filter(do="reassign").count(), Case.objects.get().version) == (1, 2)
    assert Task.objects.get().account == Case.objects.get().named[role]
