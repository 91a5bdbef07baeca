"""Staff pages: writing, deciding, comparing, columns, what each role may open; attachments; approval from outside."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from people import make_account, signed_in
from portal.made_up import BODY, EDITOR, ISSUER, REVIEWER, VISITOR, advance, article, codes, column, principal, published, steps, text

from keheng.kernel.errors import Refused
from keheng.kernel.files import FileStore, Limits
from keheng.kernel.jobs.worker import work_off
from keheng.kernel.panels import PanelPlace, panels_for
from keheng.kernel.uploads.models import Upload
from keheng.portal.actions.articles import save_version, submit_article, write_article
from keheng.portal.actions.outside import approval_of, decide_outside, invite_outsider, send_code, try_code
from keheng.portal.actions.steps import decide_step
from keheng.portal.models import Article, Attachment, Column, OutsideApproval, Review
from keheng.portal.queries.differences import differences, pieces
from keheng.portal.rules.content import Placing
from keheng.portal.rules.html import plain_text, sanitised

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 guide"


def typed(where, **changed):
    return {
        "column": where.pk,
        "kind": "article",
        "title": "怎样预约大型仪器",
        "body": BODY,
        "summary": "三步完成",
        "topics": ["instruments"],
        **changed,
    }


def test_an_editor_writes_a_reviewer_returns_an_issuer_publishes():
    editor, reviewer, issuer = (signed_in(make_account(role, role)) for role in ("editor", "reviewer", "issuer"))
    where = column()
    made = editor.post("/manage/content/new/", typed(where))
    row = Article.objects.get()
    assert made.headers["Location"] == f"/manage/content/{row.pk}/"
    assert editor.post(f"/manage/content/{row.pk}/submit/").status_code == 302
    seen = {"version": row.newest_id, "step": "review"}
    returned = reviewer.post(f"/manage/content/{row.pk}/decide/", {**seen, "decision": "returned", "reason": ""})
    assert (returned.status_code, "没有写原因" in returned.content.decode()) == (422, True)
    reviewer.post(f"/manage/content/{row.pk}/decide/", {**seen, "decision": "returned", "reason": "请补充电话"})
    assert "请补充电话" in editor.get(f"/manage/content/{row.pk}/").content.decode()
    changed = editor.post(f"/manage/content/{row.pk}/edit/", typed(where, body=BODY + "<p>电话见首页。</p>", seen=row.newest_id))
    assert changed.status_code == 302
    row.refresh_from_db()
    editor.post(f"/manage/content/{row.pk}/submit/")
    assert "提交意见" not in editor.get(f"/manage/content/{row.pk}/").content.decode()
    for client, step in ((reviewer, "review"), (issuer, "issue")):
        assert "提交意见" in client.get(f"/manage/content/{row.pk}/").content.decode()
        client.post(f"/manage/content/{row.pk}/decide/", {"version": row.newest_id, "step": step, "decision": "approved"})
    assert "电话见首页。" in Client().get(f"/articles/{row.pk}/").content.decode()


def test_what_was_typed_stays_and_everything_wrong_is_told():
    editor = signed_in(make_account("editor", "editor"))
    answer = editor.post("/manage/content/new/", typed(column(), kind="policy", body="<p>写了很多</p>", title="短"))
    text_shown = answer.content.decode()
    assert answer.status_code == 422
    assert [word in text_shown for word in ("写了很多", "政策没有发文机关", "政策没有成文日期", "标题至少 4 个字")] == [True] * 4


def test_two_who_edit_at_once_are_told_and_nothing_is_lost():
    editor = signed_in(make_account("editor", "editor"))
    row = article()
    save_version(actor=EDITOR, article=row.pk, text=text("别人改过的标题"), placing=Placing(row.column_id), seen=row.newest_id)
    answer = editor.post(f"/manage/content/{row.pk}/edit/", typed(row.column, seen=row.newest_id, body="<p>我写的一段</p>"))
    assert (answer.status_code, "稿件刚刚被改动过" in answer.content.decode(), "我写的一段" in answer.content.decode()) == (422, True, True)


def test_pages_of_the_studio_open_to_the_roles_that_need_them():
    row = published()
    paths = {
        "/manage/content/": {"editor", "reviewer", "issuer"}, f"/manage/content/{row.pk}/": {"editor", "reviewer", "issuer"},
        "/manage/content/new/": {"editor"}, f"/manage/content/{row.pk}/withdraw/": {"issuer"}, "/manage/columns/new/": {"issuer"},
        "/manage/redirects/": {"editor"}, "/manage/feedback/": {"editor", "reviewer", "issuer"}, "/manage/pushes/import/": {"editor"},
        "/manage/visits/": {"editor", "reviewer", "issuer", "leader"}, "/manage/doctor/": {"editor", "reviewer", "issuer", "leader"},
    }  # fmt: skip
    clients = {role: signed_in(make_account(role, role)) for role in ("editor", "reviewer", "issuer", "leader", "window_clerk")}
    opened = {path: {role for role, client in clients.items() if client.get(path).status_code == 200} for path in paths}
    assert opened == paths


def test_the_list_asks_the_same_number_of_queries_for_one_and_three():
    client = signed_in(make_account("editor", "editor"))
    counts = []
    for more in (1, 2):
        for number in range(more):
            published(f"稿件标题 {more} {number}")
        client.get("/manage/content/")
        for path in ("/manage/content/", "/manage/columns/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize(("before", "after", "changed"), [
    ("本市企业可以申请", "本市单位可以申请", [("gone", "企业"), ("new", "单位")]),
    ("十五个工作日", "十个工作日", [("gone", "五")]),
    ("ICP-MS 二台", "ICP-OES 二台", [("gone", "MS"), ("new", "OES")]),
    ("相同", "相同", []), ("", "新的", [("new", "新的")]), ("旧的", "", [("gone", "旧的")]),
])  # fmt: skip
def test_differences_are_told_character_by_character(before, after, changed):
    found = pieces(before, after)
    assert [(one.kind, one.text) for one in found if one.kind != "same"] == changed
    assert "".join(one.text for one in found if one.kind != "new") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after


def test_versions_are_compared_field_by_field():
    row = article(body="<p>甲</p><p>乙</p>")
    before = row.newest
    after = save_version(
        actor=EDITOR, article=row.pk, text=text(body="<p>甲</p><p>丙</p>", topics=("tax",)), placing=Placing(row.column_id), seen=before.pk
    )
    assert [one.label for one in differences(before, after)] == ["主题", "正文"]
    page = signed_in(make_account("editor", "editor")).get(f"/manage/content/{row.pk}/versions/2/compare/").content.decode()
    assert ["<del>乙</del>" in page, "<ins>丙</ins>" in page] == [True, True]


@pytest.mark.parametrize(("html", "clean"), [
    ("<script>alert(1)</script><p>好</p>", "<p>好</p>"), ('<p onclick="x()" style="color:red" class="a">好</p>', "<p>好</p>"),
    ('<a href="javascript:alert(1)">好</a>', '<a rel="noopener">好</a>'), ('<a href="//evil.example">好</a>', '<a rel="noopener">好</a>'),
    ('<img src="https://elsewhere.example/a.png" alt="图">', '<img alt="图">'), ("<iframe src='/'></iframe><p>好</p>", "<p>好</p>"),
    ("<h1>题</h1><b>粗</b><div>段</div>", "<h2>题</h2><strong>粗</strong><p>段</p>"), ('<img src="/attachments/../x" alt="a">', '<img alt="a">'),
    ('<a href="/policies/">政策</a>', '<a href="/policies/" rel="noopener">政策</a>'), ("<svg onload=alert(1)>", ""), ("<style>*{}</style>字", "字"),
    ('<img src="/attachments/ab/p.png" alt="流程" onerror="x">', '<img src="/attachments/ab/p.png" alt="流程">'),
])  # fmt: skip
def test_bodies_hold_only_what_is_on_the_list(html, clean):
    assert sanitised(html) == clean
    assert sanitised(clean) == clean


def test_words_of_a_body_are_a_line_for_each_block():
    assert (
        plain_text(
            '<h2>一</h2><ul><li>甲<br>乙</li></ul><table><tr><td>a</td><td>b</td></tr></table><img src="/attachments/a/b.png" alt="图">'
        )
        == "一\n甲\n乙\na b\n图"
    )


@pytest.fixture
def attached(tmp_path, settings):
    """An article with a file; its digest and the article."""
    settings.FILES_FOLDER = tmp_path / "files"
    kept = FileStore(tmp_path / "files").keep(BytesIO(PDF), Limits(1_000, frozenset({"application/pdf"})))
    upload = Upload.objects.create(
        account="1",
        place="portal.attachment",
        name="申报指南.pdf",
        size=len(PDF),
        digest=kept.digest,
        expires_at=now() + timedelta(hours=1),
    )
    row = write_article(actor=EDITOR, kind="article", text=text(), placing=Placing(column().pk), uploads=[("申报指南（PDF）", upload.pk)])
    return kept.digest, row


def test_files_of_public_articles_are_for_everybody_and_no_others(attached):
    digest, row = attached
    path = f"/attachments/{digest}/guide.pdf"
    assert Client().get(path).status_code == 404
    assert Client().get(f"/files/{digest}/guide.pdf").status_code == 302
    advance(row)
    answer = Client().get(path)
    assert (answer.status_code, b"".join(answer.streaming_content), answer.headers["X-Content-Type-Options"]) == (200, PDF, "nosniff")
    assert answer.cookies == {}
    assert Client().get(path, headers={"If-None-Match": f'"{digest}"'}).status_code == 304
    assert Client().get(path, headers={"Range": "bytes=0-3"}).status_code == 206
    assert Client().post(path).status_code == 405
    assert "申报指南（PDF）" in Client().get(f"/articles/{row.pk}/").content.decode()


def test_a_file_without_a_name_to_be_read_out_is_refused_and_its_upload_stays(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    kept = FileStore(tmp_path / "files").keep(BytesIO(PDF), Limits(1_000, frozenset({"application/pdf"})))
    upload = Upload.objects.create(
        account="1", place="portal.attachment", name="a.pdf", size=len(PDF), digest=kept.digest, expires_at=now() + timedelta(hours=1)
    )
    with pytest.raises(Refused) as refused:
        write_article(actor=EDITOR, kind="article", text=text(), placing=Placing(column().pk), uploads=[(" ", upload.pk)])
    assert codes(refused) == ["PORTAL_FILE_UNNAMED"]
    assert (Upload.objects.count(), Article.objects.count()) == (1, 0)


def test_files_go_on_into_the_next_version_unless_they_are_left_out(attached):
    digest, row = attached
    editor = signed_in(make_account("editor", "editor"))
    kept = {"file_digest": [digest], "file_title": ["新名称"], "file_keep": [digest]}
    assert editor.post(f"/manage/content/{row.pk}/edit/", typed(row.column, seen=row.newest_id, **kept)).status_code == 302
    row.refresh_from_db()
    assert [one.title for one in row.newest.attachments.all()] == ["新名称"]
    assert (
        editor.post(f"/manage/content/{row.pk}/edit/", typed(row.column, seen=row.newest_id, **{**kept, "file_keep": []})).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.newest.attachments.count(), Attachment.objects.count()) == (0, 2)


def invited(by=REVIEWER, to="review"):
    row = advance(article(), to)
    approval, token = invite_outsider(actor=by, article=row.pk, name="外请专家", email="guest@yunling.example")
    return row, approval, token


def code_sent(tmp_path):
    work_off("test", threading.Event())
    mails = sorted((tmp_path / "messages").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return mails[-1].read_text("utf-8").split("验证码 ")[1][:6]


def test_somebody_outside_decides_with_link_and_code_once(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    row, approval, token = invited()
    visitor = Client()
    path = f"/approve/{token}/"
    assert "仪器共享平台使用说明" in visitor.get(path).content.decode()
    visitor.post(path, {"send": "1"})
    code = code_sent(tmp_path)
    wrong = visitor.post(path, {"decide": "1", "code": "000000" if code != "000000" else "111111", "decision": "approved"})
    assert (wrong.status_code, Article.objects.get().stage) == (422, "review")
    assert visitor.post(path, {"decide": "1", "code": code, "decision": "approved"}).status_code == 200
    row.refresh_from_db()
    assert (row.stage, row.reviewer) == ("issue", f"outside:{approval.pk}")
    assert Review.objects.get().by == f"outside:{approval.pk}"
    assert visitor.get(path).status_code == 404
    with pytest.raises(Refused) as refused:
        decide_outside(actor=VISITOR, approval=approval.pk, decision="approved")
    assert codes(refused) == ["PORTAL_LINK_SPENT"]


def test_whoever_hands_the_review_out_does_not_issue(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    both = principal("7", *steps("review", "issue"))
    row, approval, _ = invited(both)
    decide_outside(actor=VISITOR, approval=approval.pk, decision="approved")
    row.refresh_from_db()
    with pytest.raises(Refused) as refused:
        decide_step(actor=both, article=row.pk, version=row.newest_id, step="issue", decision="approved")
    assert codes(refused) == ["PORTAL_SAME_PERSON"]
    with pytest.raises(Refused) as refused:
        invite_outsider(actor=both, article=row.pk, name="另一位", email="b@yunling.example")
    assert codes(refused) == ["PORTAL_SAME_PERSON"]
    assert decide_step(actor=ISSUER, article=row.pk, version=row.newest_id, step="issue", decision="approved").stage == "published"


def test_links_expire_and_codes_are_few(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    _, approval, token = invited()
    assert approval_of(token + "x") is None
    send_code(actor=VISITOR, approval=approval.pk)
    code = code_sent(tmp_path)
    for _ in range(5):
        assert [one.code for one in try_code(actor=VISITOR, approval=approval.pk, code="nothing")] == ["PORTAL_CODE_WRONG"]
    assert [one.code for one in try_code(actor=VISITOR, approval=approval.pk, code=code)] == ["PORTAL_CODE_WRONG"]
    for _ in range(4):
        send_code(actor=VISITOR, approval=approval.pk)
    with pytest.raises(Refused) as refused:
        send_code(actor=VISITOR, approval=approval.pk)
    assert codes(refused) == ["PORTAL_CODES_SPENT"]
    OutsideApproval.objects.update(expires_at=now() - timedelta(seconds=1))
    assert approval_of(token) is None


def test_authors_and_others_hand_nothing_out():
    row = advance(article(), "review")
    for by, code in ((EDITOR, ["PORTAL_NO_RIGHT", "PORTAL_OWN_TEXT"]), (ISSUER, ["PORTAL_NO_RIGHT"])):
        with pytest.raises(Refused) as refused:
            invite_outsider(actor=by, article=row.pk, name="外请专家", email="guest@yunling.example")
        assert codes(refused) == code
    with pytest.raises(Refused) as refused:
        invite_outsider(actor=REVIEWER, article=row.pk, name=" ", email="nobody")
    assert codes(refused) == ["PORTAL_EMAIL", "PORTAL_NAME_MISSING"]


def test_columns_say_when_they_will_be_stale():
    where = column(greatest_age=14)
    client = signed_in(make_account("issuer", "issuer"))
    assert "已过期" in client.get("/manage/columns/").content.decode()
    published(where=where)
    ends = (now() + timedelta(days=15)).astimezone().date()
    text_shown = client.get("/manage/columns/").content.decode()
    assert "已过期" not in text_shown
    assert f"{ends:%Y-%m}" in text_shown


def test_a_column_is_made_and_changed():
    client = signed_in(make_account("issuer", "issuer"))
    facts = {"title": "工作动态", "slug": "news", "kind": "news", "order": 10, "languages": ["zh-hans", "en"], "greatest_age": 14}
    assert client.post("/manage/columns/new/", facts).status_code == 302
    row = Column.objects.get()
    assert (row.languages, row.greatest_age) == ("zh-hans,en", 14)
    assert client.post("/manage/columns/new/", facts).status_code == 422
    assert client.post(f"/manage/columns/{row.pk}/", {**facts, "parent": row.pk}).status_code == 422
    assert client.post(f"/manage/columns/{row.pk}/", {**facts, "greatest_age": "", "title": "动态"}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.greatest_age) == ("动态", None)


def test_the_workbench_has_the_editors_panels():
    column("empty", greatest_age=14)
    submit_article(actor=EDITOR, article=article().pk)
    shown = {panel.code: panel for panel in panels_for(PanelPlace.WORKBENCH, EDITOR) if panel.code.startswith("portal.")}
    assert {code: panel.failed for code, panel in shown.items()} == {"portal.articles": False, "portal.stale": False}
    assert "待审核 1" in shown["portal.articles"].html
    assert "栏目 empty" in shown["portal.stale"].html
