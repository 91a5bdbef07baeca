"""Everything wrong is told at once: an empty field hides nothing that the rules find in the others, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate
from lxml import html
from people import give_role, make_account, make_unit, signed_in
from portal.halls_made_up import a_guide, a_hall, at
from portal.made_up import BODY, column
from portal.outreach_made_up import opened, phone

from keheng.kernel.uploads.models import Upload
from keheng.portal.models import Article, Feedback, Registration, Subscription, Visit

pytestmark = pytest.mark.django_db


def told(answer) -> list[tuple[str, str]]:
    """Lines of the box at the top: the control each leads to, and its words; every control is on the page, once."""
    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    (box,) = page.xpath("//*[@class='k-problems']")
    lines = [(next((one.get("href")[1:] for one in line.xpath(".//a")), ""), line.text_content()) for line in box.xpath(".//li")]
    assert [control for control, _words in lines if control and len(page.xpath(f"//*[@id='{control}']")) != 1] == []
    assert f"有 {len(lines)} 处需要处理" in box.text_content()
    return lines


def fields(answer) -> list[str]:
    return [control.removeprefix("id_") for control, _words in told(answer)]


def test_registering():
    sitting = opened(1)
    address = f"/events/{sitting.activity_id}/register/"
    lines = told(Client().post(address, {"session": sitting.pk, "phone": "12", "unit_title": "长" * 201}))
    assert [control for control, _words in lines] == ["id_name", "id_phone", "id_unit_title", "id_agreed"]
    assert [words.split("：")[1] for _control, words in lines] == [
        "请填写", "请填写 11 位手机号码，国外号码以 + 开头", "最多 200 个字，现在有 201 个，请删减", "请勾选",
    ]  # fmt: skip
    Client().post(address, {"session": sitting.pk, "name": "来宾一", "phone": phone(1), "agreed": "on"})
    again = told(Client().post(address, {"session": sitting.pk, "name": "来宾二", "phone": phone(1)}))
    assert [control for control, _words in again] == ["id_phone", "id_agreed"]
    assert Registration.objects.count() == 1


def test_a_group_line_by_line():
    unit, account = make_unit(), make_account("manager")
    give_role(account, "unit_manager", unit)
    client, sitting = signed_in(account), opened(9)
    address = f"/events/{sitting.activity_id}/group/"
    typed = f"来宾一 {phone(1)}\n\n只有名字\n来宾三，12"
    answer = client.post(address, {"session": sitting.pk, "people": typed})
    lines = told(answer)
    assert [words.partition("：")[2].partition("：")[0] for _control, words in lines[:-1]] == ["第 3 行", "第 3 行", "第 4 行"]
    assert (lines[-1][0], typed in html.fromstring(answer.content.decode()).get_element_by_id("id_people").value) == ("id_agreed", True)
    client.post(address, {"session": sitting.pk, "people": f"来宾一 {phone(1)}\n来宾二,{phone(2)}", "agreed": "on"})
    assert sorted(Registration.objects.values_list("name", flat=True)) == ["来宾一", "来宾二"]


def test_a_visit():
    a_hall()
    a_guide()
    answer = Client().post(
        f"/halls/kechuang/book/?day={at().date()}", {"slot": at().isoformat(), "people": "100000", "phone": "x", "note": "n" * 301}
    )
    assert fields(answer) == ["unit_title", "people", "contact", "phone", "note", "agreed"]
    assert Visit.objects.count() == 0


def test_feedback_and_subscriptions():
    assert fields(Client().post("/feedback/", {"title": "短", "contact": "x", "body": ""})) == ["kind", "title", "body", "contact"]
    assert Feedback.objects.count() == 0
    lines = told(Client().post("/subscribe/", {"email": "x"}))
    assert lines == [("id_topics", "主题：请选择"), ("id_email", "电子邮箱：请填写正确的电子邮箱，如 name@example.com")]
    assert Subscription.objects.count() == 0
    assert fields(Client().post("/events/my/", {})) == ["number", "phone"]
    assert fields(Client().post("/feedback/query/", {})) == ["number", "code"]


def test_an_article_with_its_uploaded_file():
    editor = make_account("editor", "editor")
    file = Upload.objects.create(
        account=str(editor.pk), place="portal.attachment", name="申报表.docx", size=3, digest="a" * 64,
        expires_at=at() + timedelta(days=1),
    )  # fmt: skip
    yesterday = localdate() - timedelta(days=1)
    sent = {"column": column().pk, "body": BODY, "title": "", "upload": str(file.pk), "pinned_until": f"{yesterday}", "expires_at": "x"}
    answer = signed_in(editor).post("/manage/content/new/", sent)
    lines = dict(told(answer))
    assert sorted(lines) == ["id_expires_at", "id_files", "id_kind", "id_pinned_until", "id_title"]
    assert (lines["id_pinned_until"], lines["id_files"]) == (
        "置顶至的日子已经过去：填今天或以后的日子；不置顶就留空",
        "附件没有可读的名称：请写明附件是什么，如“申报表（Word）”",
    )
    page = html.fromstring(answer.content.decode())
    held, name = page.get_element_by_id("id_upload"), page.get_element_by_id("id_upload_title")
    assert (held.get("value"), held.get("data-name"), name.get("aria-invalid")) == (str(file.pk), "申报表.docx", "true")
    assert ("已上传：申报表.docx" in page.text_content(), Article.objects.count()) == (True, 0)
    others = signed_in(make_account("other", "editor")).post("/manage/content/new/", sent)
    assert "申报表.docx" not in others.content.decode()
