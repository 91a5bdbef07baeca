"""Feedback with number, code and clock; answers, publication without personal data; subscriptions."""

import re
import threading
from datetime import date, timedelta
from time import time

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from lxml import html
from portal.made_up import EDITOR, ISSUER, VISITOR, codes, column, published
from portal.outreach_made_up import opened as opened_activity

from keheng.kernel.desk.models import Message as Inbox
from keheng.kernel.desk.models import Task
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.worker import work_off
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.personal.holders import all_holders, sections_of
from keheng.kernel.personal.retention import all_bindings, run_binding
from keheng.kernel.powers import Principal
from keheng.kernel.search.documents import visible_to
from keheng.kernel.search.finding import search
from keheng.portal.actions.feedback import Message, answer_feedback, publish_answer, receive_feedback, unpublish_answer
from keheng.portal.actions.subscriptions import (
    ask_by_mail,
    confirm,
    confirmation_token,
    end_by_mail,
    ending_token,
    set_topics,
    tell_subscribers,
)
from keheng.portal.models import Feedback, Subscription
from keheng.portal.queries.feedback import by_code
from keheng.portal.rules.feedback import due_on

pytestmark = pytest.mark.django_db
SAID = Message("question", "创新券怎么用", "我们公司想用创新券做检测，怎么申领？", name="陈知远", contact="13800000000", about="创新券")
BARE = {"kind": "advice", "title": "一点建议", "body": "希望多办几次"}
TYPED = {"kind": "question", "title": "创新券怎么用", "body": "想用创新券做检测，怎么申领？", "contact": "a@yunling.example"}


def sent(message=SAID, actor=VISITOR):
    return receive_feedback(actor=actor, message=message)


def opened(seconds=60):
    return signing.dumps(int(time() - seconds), salt="portal.feedback")


def test_a_message_has_a_number_a_code_a_clock_and_a_task():
    row, code = sent()
    assert row.number == f"LY-{localdate().year}-00001"
    assert row.due_on == due_on("question", localdate())
    task = Task.objects.get()
    assert (task.permission, task.due_at.date()) == ("portal.feedback.answer", row.due_on)
    assert by_code(row.number.lower(), f" {code.lower()} ") == row
    assert by_code(row.number, "AAAAAAAA") is None
    assert by_code("LY-2026-99999", code) is None


def test_the_clock_runs_on_working_days_only():
    assert due_on("question", date(2026, 9, 30)) == date(2026, 10, 13)
    assert due_on("correction", date(2026, 6, 1)) == date(2026, 6, 4)


def test_who_wrote_is_in_no_plain_row_trail_or_task():
    row, code = sent()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_feedback")
        plain = str(cursor.fetchall())
    everywhere = (
        plain + str(list(AuditEntry.objects.values_list("body", flat=True))) + str(list(Task.objects.values_list("title", flat=True)))
    )
    assert [word in everywhere for word in ("陈知远", "13800000000", "我们公司想用", code)] == [False] * 4
    assert Feedback.objects.get(pk=row.pk).contact == "13800000000"


@pytest.mark.parametrize(("message", "wrong"), [
    (Message("none", "", "短"), ["PORTAL_KIND_UNKNOWN", "PORTAL_WORDS_SHORT", "PORTAL_WORDS_SHORT"]),
    (Message("advice", "标题" * 50, "内容" * 3_000, contact="电话"), ["PORTAL_CONTACT", "PORTAL_TOO_LONG", "PORTAL_TOO_LONG"]),
])  # fmt: skip
def test_what_is_wrong_is_told_at_once(message, wrong):
    with pytest.raises(Refused) as refused:
        sent(message)
    assert codes(refused) == wrong


def test_one_address_writes_ten_times_a_day():
    for _ in range(10):
        sent()
    with pytest.raises(Refused) as refused:
        sent()
    assert codes(refused) == ["PORTAL_TOO_MANY"]
    sent(actor=Principal("", address="203.0.113.10"))
    Feedback.objects.update(received_at=now() - timedelta(hours=25))
    sent()


def test_a_complaint_keeps_what_it_is_about_and_staff_see_it(visitor):
    activity, where, staff = opened_activity().activity, column(), visitor(("portal.feedback.see", "all"))
    for path, about in ((reverse("portal:activity", args=[activity.pk]), str(activity)), (where.url, where.title)):
        link = html.fromstring(Client().get(path).content).xpath("//main//a[contains(@href, '/feedback/?')]")[0].get("href")
        form = html.fromstring(Client().get(link).content).get_element_by_id("main").forms[0]
        typed = {**dict(form.form_values()), "title": "没有开灯", "body": "到场后没有人接待", "contact": "?", "opened": opened()}
        assert (typed["kind"], typed["about"], typed["page"]) == ("complaint", about, path)
        # What was typed stays, and so does what it is about.
        assert f'value="{about}"' in Client().post("/feedback/", typed).content.decode()
        told = Client().post("/feedback/", {**typed, "contact": ""}).content.decode()
        number, code = re.findall(r'class="k-code">([^<]+)<', told)
        row = Feedback.objects.get(number=number)
        assert (row.about, row.page) == (about, path)
        assert about in Client().post("/feedback/query/", {"number": number, "code": code}).content.decode()
        assert f'关于：<a href="{path}">{about}</a>' in staff.get(reverse("manage:feedback", args=[row.pk])).content.decode()
    assert [sent(Message(**BARE, page=page))[0].page for page in ("javascript:x", "//x.example/", "/halls/")] == ["", "", "/halls/"]


def test_an_answer_is_given_once_and_told():
    row, _ = sent(actor=Principal("9", address="203.0.113.9"))
    answer_feedback(actor=EDITOR, feedback=row.pk, answer="请在创新券页面在线申领。")
    assert Task.objects.count() == 0
    assert [one.account for one in Inbox.objects.all()] == ["9"]
    with pytest.raises(Refused) as refused:
        answer_feedback(actor=EDITOR, feedback=row.pk, answer="短")
    assert codes(refused) == ["PORTAL_ANSWERED", "PORTAL_WORDS_SHORT"]


def test_what_is_published_names_nobody():
    row, _ = sent()
    words = {"title": "创新券怎么用", "public_question": "陈知远问怎么申领", "public_answer": "请拨 13800000000 或写信到 a@yunling.example"}
    with pytest.raises(Refused) as refused:
        publish_answer(actor=ISSUER, feedback=row.pk, **words)
    assert codes(refused) == ["PORTAL_NAME_LEFT", "PORTAL_NOT_ANSWERED", "PORTAL_PERSONAL_LEFT"]
    answer_feedback(actor=EDITOR, feedback=row.pk, answer="请在创新券页面在线申领。")
    publish_answer(actor=ISSUER, feedback=row.pk, title="创新券怎么用", public_question="怎么申领？", public_answer="在线申领。")
    found = lambda: [hit.ref for hit in search("申领", visible=visible_to(VISITOR)).hits]  # noqa: E731 -- asked twice
    assert found() == [row.number]
    assert "在线申领。" in Client().get("/feedback/answers/").content.decode()
    unpublish_answer(actor=ISSUER, feedback=row.pk)
    assert found() == []


def test_the_form_keeps_what_was_typed_and_takes_a_good_message():
    client = Client()
    bad = client.post("/feedback/", {**TYPED, "contact": "x", "opened": opened()})
    assert (bad.status_code, "创新券怎么用" in bad.content.decode()) == (422, True)
    good = client.post("/feedback/", {**TYPED, "opened": opened()})
    row = Feedback.objects.get()
    code = re.findall(r'k-code">([^<]+)<', good.content.decode())[1]
    shown = client.post("/feedback/query/", {"number": row.number, "code": code})
    assert "办理中" in shown.content.decode()
    assert client.post("/feedback/query/", {"number": row.number, "code": "WRONG"}).status_code == 422


@pytest.mark.parametrize("typed", [{"opened": ""}, {"opened": "forged"}, {"opened": "now"}, {"opened": "old"}])
def test_a_form_sent_at_once_or_after_a_day_is_asked_again(typed):
    moment = {"now": opened(0), "old": opened(90_000)}.get(typed["opened"], typed["opened"])
    answer = Client().post("/feedback/", {**TYPED, "opened": moment})
    assert (answer.status_code, Feedback.objects.count(), "怎么申领" in answer.content.decode()) == (422, 0, True)


def test_a_machine_in_the_trap_leaves_nothing():
    answer = Client().post("/feedback/", {**TYPED, "opened": opened(), "website": "http://x.example"})
    assert (answer.status_code, Feedback.objects.count()) == (200, 0)


def test_a_post_without_a_token_is_refused():
    assert Client(enforce_csrf_checks=True).post("/feedback/", {**TYPED, "opened": opened()}).status_code == 403


def test_a_person_sees_and_erases_their_messages():
    row, _ = sent(actor=Principal("9", address="203.0.113.9"))
    set_topics(actor=Principal("9"), chosen=["tax"])
    rows = {section.code: section.rows for section in sections_of("9")}["portal"]
    assert [(one["事项"], one.get("姓名")) for one in rows] == [("留言", "陈知远"), ("订阅", None)]
    assert rows[0]["关于"] == "创新券"
    holder = next(one for one in all_holders() if one.code == "portal")
    with transaction.atomic():
        assert holder.erase("account:9", EDITOR).erased == 2
    row.refresh_from_db()
    assert (row.name, row.contact, row.about, row.body, row.account, row.title) == ("", "", "", "", "", "咨询")
    assert holder.export("account:9") == []


def test_three_years_after_the_answer_the_words_are_blanked():
    row, _ = sent()
    answer_feedback(actor=EDITOR, feedback=row.pk, answer="请在线申领。")
    binding = next(one for one in all_bindings() if one.holder == "portal.Feedback")
    assert run_binding(binding, now()).disposed == 0
    assert run_binding(binding, now() + timedelta(days=1097)).disposed == 1
    assert run_binding(binding, now() + timedelta(days=1097)).disposed == 0
    assert Feedback.objects.get().body == ""


def test_subscribers_by_account_and_by_confirmed_mail_are_told_once(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "files"
    set_topics(actor=Principal("9"), chosen=["tax", "vouchers"])
    ask_by_mail(actor=VISITOR, email="B@yunling.example ", chosen=["tax"], language="en")
    ask_by_mail(actor=VISITOR, email="c@yunling.example", chosen=["tax"], language="zh-hans")
    row = Subscription.objects.filter(language="en").get()
    assert (row.email, row.confirmed_at) == ("b@yunling.example", None)
    assert confirm(actor=VISITOR, token=confirmation_token([row.pk])) == 1
    article = published("研发费用新办法", topics=("tax", "vouchers"))
    work_off("test", threading.Event())
    assert [(one.account, one.title) for one in Inbox.objects.filter(kind="portal.news")] == [("9", "研发费用新办法")]
    mails = [path.read_text("utf-8") for path in sorted((tmp_path / "messages").glob("*.json"))]
    news = [mail for mail in mails if "研发费用新办法" in mail]
    assert [len(mails), len(news), "b@yunling.example" in news[0], "/en/subscribe/end/" in news[0]] == [2, 1, True, True]
    assert tell_subscribers(actor=EDITOR, article=article.pk) == 1, "the inbox was told already, the mail's job is known"
    assert Job.objects.filter(kind="portal.send_news").count() == 1


def test_links_of_subscriptions_act_only_when_pressed_and_cannot_be_made_up():
    ask_by_mail(actor=VISITOR, email="b@yunling.example", chosen=["tax", "talent"], language="zh-hans")
    numbers = list(Subscription.objects.values_list("pk", flat=True))
    path = reverse("portal:subscription-confirm", args=[confirmation_token(numbers)])
    assert Client().get(path).status_code == 200
    assert Subscription.objects.filter(confirmed_at__isnull=False).count() == 0
    Client().post(path)
    assert Subscription.objects.filter(confirmed_at__isnull=False).count() == 2
    end = reverse("portal:subscription-end", args=[ending_token(Subscription.objects.first().email_mark)])
    # One click of a mail program: no cookie, no token of the form (RFC 8058).
    assert Client(enforce_csrf_checks=True).post(end).status_code == 200
    assert Subscription.objects.count() == 0
    for act in (confirm, end_by_mail):
        with pytest.raises(Refused) as refused:
            act(actor=VISITOR, token="made-up")  # noqa: S106 -- it opens nothing at all
        assert codes(refused) == ["PORTAL_LINK_SPENT"]


def test_the_subscription_page_asks_for_mail_or_saves_for_the_account():
    answer = Client().post("/subscribe/", {"topics": ["tax"], "email": "x"})
    assert answer.status_code == 422
    assert "确认邮件" in Client().post("/subscribe/", {"topics": ["tax"], "email": "d@yunling.example"}).content.decode()
    assert Client().post("/subscribe/", {"email": "d@yunling.example"}).status_code == 422
