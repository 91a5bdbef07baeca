"""Messages: in the inbox once, outside the site by the ways chosen, at most once on each, tried again after faults."""

import os
from datetime import UTC, datetime, time, timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import get_current_timezone, now
from hypothesis import given
from hypothesis import strategies as some
from people import make_account, make_person, signed_in

from keheng.access.models import Grant
from keheng.kernel.desk import deliveries, exports, kinds, messages
from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
from keheng.kernel.desk.messages import after_quiet, mark_read, next_digest, tell, unread
from keheng.kernel.desk.models import Delivery, Export, Habit, Message
from keheng.kernel.desk.preferences import choose_ways, ways_of
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.worker import work_off
from keheng.kernel.models import Job
from keheng.kernel.plugins import Point
from keheng.kernel.powers import Principal

ZONE = get_current_timezone()
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def kinds_of_this_test(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    register_kind(MessageKind("plain", "站内"))
    register_kind(MessageKind("loud", "邮件和短信", frozenset({Way.EMAIL, Way.SMS})))


@pytest.fixture
def posted(monkeypatch):
    """Short messages as the gateway got them."""
    sent = []

    class Gateway:
        def send(self, to, text):
            sent.append((to, text))
            return f"ref-{len(sent)}"

    monkeypatch.setattr(deliveries, "chosen", lambda point: Gateway() if isinstance(point, Point) else None)
    return sent


def person_with(login, phone="13800138000"):
    person = make_person()
    person.phone = phone
    person.save()
    return make_account(login, person=person)


def work():
    Job.objects.update(due_at=now() - timedelta(seconds=1))
    return work_off("test", Event())


@pytest.mark.django_db
def test_a_message_is_told_once_and_stands_in_the_inbox():
    assert tell(["7", "8", "7"], kind="plain", key="a", title="题" * 300) == 2
    assert tell(["7", "9"], kind="plain", key="a", title="再说") == 1
    assert sorted(Message.objects.values_list("account", flat=True)) == ["7", "8", "9"]
    assert (len(Message.objects.first().title), Delivery.objects.count(), unread("7"), unread("")) == (200, 0, 1, 0)


@pytest.mark.django_db
def test_ways_outside_are_used_once_each_and_the_inbox_stays(posted, mailoutbox):
    account = str(person_with("clerk").pk)
    for _ in range(2):
        tell([account], kind="loud", key="a", title="请补正材料", body="第 3 项缺盖章页", url="/desk/")
    assert sorted(Delivery.objects.values_list("way", flat=True)) == ["email", "sms"]
    assert work() == 2
    assert work() == 0
    assert [(one.to, one.subject) for one in mailoutbox] == [(["clerk@yunling.example"], "请补正材料")]
    assert "第 3 项缺盖章页\n/desk/" in mailoutbox[0].body
    assert posted == [("13800138000", "请补正材料。详情请登录平台查看。")]
    assert set(Delivery.objects.values_list("state", "reference")) == {("sent", ""), ("sent", "ref-1")}


@pytest.mark.django_db
def test_without_an_address_nothing_is_sent_and_the_operator_sees_it(posted, mailoutbox):
    tell([str(make_account("clerk").pk), "999999"], kind="loud", key="a", title="t")
    work()
    assert sorted(Delivery.objects.values_list("way", "state", "error")) == [
        ("email", "dropped", "no email address"), ("email", "sent", ""), ("sms", "dropped", "no sms address"), ("sms", "dropped", "no sms address"),
    ]  # fmt: skip
    assert (len(mailoutbox), posted) == (1, [])


@pytest.mark.django_db
def test_a_fault_is_tried_again_and_names_no_address(posted, monkeypatch, mailoutbox):
    account = str(make_account("clerk").pk)
    choose_ways(actor=Principal(account), ways={"loud": frozenset({Way.EMAIL})}, quiet_from=None, quiet_to=None, digest=False)
    tell([account], kind="loud", key="a", title="t")
    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "send_mail", lambda *_: (_ for _ in ()).throw(OSError("clerk@yunling.example refused")))
        work()
    row = Delivery.objects.get()
    assert (row.state, row.error, Job.objects.get(kind="desk.deliver").state) == ("waiting", "OSError", "waiting")
    work()
    row.refresh_from_db()
    assert (row.state, row.error, len(mailoutbox)) == ("sent", "", 1)


@pytest.mark.django_db
def test_what_a_dead_process_was_sending_is_not_sent_again_by_itself(posted, mailoutbox):
    account = str(make_account("clerk").pk)
    tell([account], kind="loud", key="a", title="t")
    row = Delivery.objects.get(way="email")
    Delivery.objects.filter(pk=row.pk).update(state="sending")
    deliveries.deliver({"delivery": row.pk})
    row.refresh_from_db()
    assert (row.state, len(mailoutbox)) == ("unsure", 0)
    operator = signed_in(make_account("operator", "operator"))
    assert "不确定" in operator.get("/desk/deliveries/").content.decode()
    assert operator.post(f"/desk/deliveries/{row.pk}/again/").status_code == 302
    work()
    row.refresh_from_db()
    assert (row.state, len(mailoutbox)) == ("sent", 1)
    operator.post(f"/desk/deliveries/{row.pk}/again/")
    work()
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_digest_is_one_mail_with_everything(posted, mailoutbox):
    account = str(person_with("clerk").pk)
    choose_ways(actor=Principal(account), ways={"loud": frozenset(Way)}, quiet_from=None, quiet_to=None, digest=True)
    for key in "ab":
        tell([account], kind="loud", key=key, title=f"第 {key} 件")
    work()
    assert (len(mailoutbox), len(posted)) == (0, 2)
    Delivery.objects.filter(way="email").update(due_at=now() - timedelta(minutes=1))
    for _ in range(2):
        with transaction.atomic():
            deliveries.gather({})
        work()
    assert ([one.subject for one in mailoutbox], mailoutbox[0].body.split("\n")) == (["您有 2 条消息"], ["· 第 a 件", "· 第 b 件"])
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def at(hour, minute=0, day=2):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(("begin", "end", "moment", "due"), [
    (22, 7, at(23), at(7, day=3)), (22, 7, at(3), at(7)), (22, 7, at(7), at(7)), (22, 7, at(21, 59), at(21, 59)), (22, 7, at(22), at(7, day=3)),
    (12, 14, at(13), at(14)), (12, 14, at(14), at(14)), (12, 14, at(11, 59), at(11, 59)),
])  # fmt: skip
def test_hours_of_quiet_delay_to_their_end(begin, end, moment, due):
    habit = Habit(account="7", quiet_from=time(begin), quiet_to=time(end))
    assert after_quiet(moment.astimezone(UTC), habit) == due
    assert after_quiet(moment, None) == after_quiet(moment, Habit(account="7")) == moment


@given(some.times(), some.times(), some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(ZONE)))  # noqa: DTZ001 -- hypothesis adds the zone
def test_what_is_delayed_is_never_early_never_a_day_late_and_out_of_the_quiet(begin, end, moment):
    habit = Habit(account="7", quiet_from=begin.replace(second=0, microsecond=0), quiet_to=end.replace(second=0, microsecond=0))
    due = after_quiet(moment, habit)
    assert moment <= due < moment + timedelta(days=1)
    assert after_quiet(due, habit) == due


@pytest.mark.parametrize(("moment", "due"), [(at(7, 59), at(8)), (at(8), at(8, day=3)), (at(20), at(8, day=3))])
def test_a_digest_leaves_in_the_morning(moment, due):
    assert next_digest(moment) == due


@pytest.mark.django_db
def test_preferences_are_kept_shown_and_refused_when_half_given():
    account = make_account("clerk")
    client = signed_in(account)
    assert ways_of(str(account.pk)) == {"plain": frozenset(), "loud": frozenset({"email", "sms"})}
    client.post("/desk/messages/settings/", {"ways.plain": ["sms"], "quiet_from": "22:00", "quiet_to": "07:00"})
    assert ways_of(str(account.pk)) == {"plain": frozenset({"sms"}), "loud": frozenset({""})}
    page = client.get("/desk/messages/settings/").content.decode()
    assert ('value="22:00"' in page, page.count("checked")) == (True, 1)
    half = client.post("/desk/messages/settings/", {"quiet_from": "22:00"})
    assert (half.status_code, "安静时段要有开始和结束" in half.content.decode()) == (422, True)
    with pytest.raises(Refused):
        choose_ways(actor=Principal("7"), ways={}, quiet_from=time(7), quiet_to=time(7), digest=False)


@pytest.mark.django_db
def test_the_inbox_of_one_account_alone_is_read_searched_and_ticked():
    account = make_account("clerk")
    client = signed_in(account)
    tell([str(account.pk)], kind="plain", key="a", title="请补正材料", body="缺盖章页", url="/organisations/")
    tell([str(account.pk)], kind="loud", key="b", title="已办结")
    tell(["999"], kind="plain", key="c", title="别人的")
    listed = client.get("/desk/messages/").content.decode()
    assert [word in listed for word in ("请补正材料", "已办结", "2 条未读", "别人的")] == [True, True, True, False]
    assert [word in client.get("/desk/messages/?q=盖章").content.decode() for word in ("请补正材料", "已办结")] == [True, False]
    first, second, other = Message.objects.order_by("pk")
    opened = client.get(f"/desk/messages/{first.pk}/").content.decode()
    assert ("缺盖章页" in opened, 'href="/organisations/"' in opened, unread(str(account.pk))) == (True, True, 1)
    assert client.get(f"/desk/messages/{other.pk}/").status_code == 404
    client.post("/desk/messages/unread/", {"rows": [first.pk, other.pk, "x", "9" * 30]})
    assert unread(str(account.pk)) == 2
    client.post("/desk/messages/read/", {"rows": [second.pk, other.pk], "next": "//evil.example/"})
    assert (unread(str(account.pk)), unread("999")) == (1, 1)
    assert client.post("/desk/messages/read/", {"next": "https://evil.example/"}).url == "/desk/messages/"
    client.post("/desk/messages/read-all/")
    assert (unread(str(account.pk)), unread("999")) == (0, 1)


@pytest.mark.django_db
def test_the_count_of_unread_ones_is_one_bounded_query(monkeypatch):
    monkeypatch.setattr(messages, "policy", lambda _part: {"shown_unread": 3})
    for key in range(6):
        tell(["7"], kind="plain", key=str(key), title="t")
    with CaptureQueriesContext(connection) as captured:
        assert unread("7") == 4
    assert len(captured) == 1
    assert (mark_read("7", [Message.objects.first().pk]), mark_read("7"), mark_read("7")) == (1, 5, 0)


def test_a_kind_is_registered_once():
    register_kind(MessageKind("plain", "站内"))
    with pytest.raises(ValueError, match="registered twice"):
        register_kind(MessageKind("plain", "另一种"))


@pytest.mark.django_db
def test_a_large_sheet_is_made_told_and_downloaded_by_its_owner_alone(settings, tmp_path, monkeypatch):
    settings.FILES_FOLDER = tmp_path / "files"
    owner, other = make_account("admin", "system_admin"), make_account("second", "system_admin")
    actor = Principal(str(owner.pk))
    exports.begin_export(actor=actor, table="access.accounts", query="q=admin", scope="")
    work()
    row, told = Export.objects.get(), Message.objects.get()
    assert (row.rows, told.account, told.title, told.url) == (1, actor.account, "表格已生成：账号", f"/desk/exports/{row.pk}/")
    answer = signed_in(owner).get(told.url)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert signed_in(other).get(told.url).status_code == 404
    exports.make_export({"export": row.pk})
    assert (Export.objects.get().file, Message.objects.count()) == (row.file, 1)
    stray = tmp_path / "exports" / "stray.xlsx"
    stray.write_bytes(b"x")
    old = (now() - timedelta(hours=2)).timestamp()
    os.utime(stray, (old, old))
    exports.remove_exports({})
    assert [path.name for path in (tmp_path / "exports").iterdir()] == [row.file]
    os.utime(tmp_path / "exports" / row.file, (old, old))
    Export.objects.update(asked_at=now() - timedelta(days=8))
    exports.remove_exports({})
    assert (list((tmp_path / "exports").iterdir()), Export.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_sheet_that_may_not_leave_any_more_is_told_and_not_made(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "files"
    officer = make_account("officer", "case_officer", district="990102")
    exports.begin_export(actor=Principal(str(officer.pk)), table="directory.organisations", query="", scope="")
    Grant.objects.update(state=Grant.State.REVOKED)
    work()
    assert [(one.title, one.body) for one in Message.objects.all()] == [("没有导出：单位", "您当前的身份不能导出这个列表")]
