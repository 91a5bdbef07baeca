"""Judges with open readings are told once for each rung, whoever runs the job how often; organisers and observers see it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.timezone import localdate, now
from people import make_account, signed_in
from review import rounds_made_up as made

from keheng.kernel.desk.models import Message
from keheng.kernel.jobs.registry import kind_of
from keheng.kernel.models import AuditEntry
from keheng.kernel.trail.record import Actor
from keheng.review.actions.panel import decline_round
from keheng.review.actions.reminding import remind_judges
from keheng.review.actions.rounds import name_observer
from keheng.review.enums import parameter
from keheng.review.models import JudgeReminder, Panelist, Round, Seat

END = localdate() + timedelta(days=7)


def on(days):
    """So many days before the end."""
    return END - timedelta(days=days)


def told():
    return sorted(JudgeReminder.objects.values_list("panelist__code", "rung", "open"))


@pytest.mark.django_db
def test_each_rung_is_told_once_to_who_has_something_open():
    assert parameter("remind_days") == [3, 1, 0]
    row = made.drawn(made.subjects(2), made.experts(3))
    assert [remind_judges(on(days)) for days in (7, 4)] == [0, 0]
    assert [remind_judges(on(3)), remind_judges(on(3)), remind_judges(on(2))] == [3, 0, 0]
    for seat in Seat.objects.filter(panelist__code="J001"):
        made.hand_in(seat, 4)
    made.hand_in(Seat.objects.filter(panelist__code="J002")[0], 4)
    assert [remind_judges(on(1)), remind_judges(on(1))] == [2, 0]
    decline_round(actor=Actor(Panelist.objects.get(code="J003").account), panelist=Panelist.objects.get(code="J003").pk, reason="生病")
    assert [remind_judges(on(0)), remind_judges(on(-1))] == [1, 0]
    assert told() == [("J001", 3, 2), ("J002", 0, 1), ("J002", 1, 1), ("J002", 3, 2), ("J003", 1, 2), ("J003", 3, 2)]
    messages = Message.objects.filter(key__contains=":remind:").order_by("account", "pk").values_list("account", "title", "body")
    assert [one[1:] for one in messages if one[0] == made.account_of(1)] == [
        (f"评审还有 3 天截止：{row.title}", f"您还有 2 份没有提交，请在 {END} 前完成。"),
        (f"评审还有 1 天截止：{row.title}", f"您还有 1 份没有提交，请在 {END} 前完成。"),
        (f"评审今天截止：{row.title}", f"您还有 1 份没有提交，请在 {END} 前完成。"),
    ]
    assert AuditEntry.objects.filter(body__contains="review.remind").count() == 3


@pytest.mark.django_db
def test_who_comes_late_to_a_rung_gets_one_message_for_all_that_passed():
    made.drawn(made.subjects(1), made.experts(3))
    assert [remind_judges(on(0)), remind_judges(on(0))] == [3, 0]
    assert {rung for _, rung, _ in told()} == {0}


@pytest.mark.django_db
def test_a_round_that_is_not_scored_reminds_nobody():
    made.opened(made.subjects(1), made.experts(3))
    assert remind_judges(on(1)) == 0
    row = made.drawn(made.subjects(1), [one.expert for one in Panelist.objects.select_related("expert")])
    Round.objects.filter(pk=row.pk).update(state="combined")
    assert remind_judges(on(1)) == 0


@pytest.mark.django_db
def test_the_job_runs_it():
    made.drawn(made.subjects(1), made.experts(3), scoring_until=localdate() + timedelta(days=1))
    kind_of("review.remind").handler({})
    assert {rung for _, rung, _ in told()} == {1}


@pytest.mark.django_db
def test_the_database_keeps_a_reminder_once_and_for_good():
    row = made.drawn(made.subjects(1), made.experts(3))
    remind_judges(on(3))
    one = JudgeReminder.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        JudgeReminder.objects.create(panelist=one.panelist, rung=3, open=1, at=now())
    with pytest.raises(DatabaseError), transaction.atomic():
        JudgeReminder.objects.filter(pk=one.pk).update(open=9)
    assert row.panel.count() == 3


@pytest.mark.django_db
def test_organisers_and_observers_see_who_was_reminded_when():
    watcher, officer = make_account("watcher"), make_account("officer", "case_officer")
    called = made.experts(3)
    row = made.opened(made.subjects(1), called)
    name_observer(actor=made.ORGANISER, pk=row.pk, account=str(watcher.pk))
    for one in row.panel.all():
        JudgeReminder.objects.create(panelist=one, rung=3, open=2, at=now())
    JudgeReminder.objects.create(panelist=one, rung=0, open=1, at=now())
    for client, path in ((signed_in(officer), f"/review/{row.pk}/judges/"), (signed_in(watcher), f"/review/{row.pk}/judges/")):
        page = client.get(path)
        assert page.status_code == 200
        assert (page.content.decode().count("截止前 3 天，2 份未交"), page.content.decode().count("截止当天，1 份未交")) == (3, 1)


@pytest.mark.usefixtures("fresh")
def test_two_workers_at_once_tell_everybody_once():
    made.drawn(made.subjects(2), made.experts(3))
    together = Barrier(2, timeout=20)

    def run(_):
        try:
            together.wait()
            return remind_judges(on(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 3]
    assert len(told()) == 3
    assert Message.objects.filter(key__contains=":remind:").count() == 3
