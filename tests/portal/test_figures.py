"""Measures of the content with their evidence, pushes with and without a file, the demo city's figures."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import transaction
from django.utils.timezone import localdate, now
from people import make_account, signed_in
from portal.made_up import EDITOR, ISSUER, VISITOR, advance, article, codes, published, text

from keheng.kernel.errors import Refused
from keheng.kernel.files import FileStore
from keheng.kernel.measures import read, still_holds
from keheng.kernel.models import StoredFile
from keheng.kernel.periods import Period
from keheng.kernel.spreadsheets import read_rows, write_sheet
from keheng.portal import demo
from keheng.portal.actions.articles import save_version
from keheng.portal.actions.feedback import Message, answer_feedback, receive_feedback
from keheng.portal.actions.pushes import add_push, import_pushes, push_sheet
from keheng.portal.actions.steps import decide_step
from keheng.portal.demo.faults import demo_year
from keheng.portal.demo.visits import VIEWS
from keheng.portal.measures.content import elapsed
from keheng.portal.models import Article, Feedback, Publication, Push, VisitHour
from keheng.portal.queries.ages import ages
from keheng.portal.rules.content import Placing

pytestmark = pytest.mark.django_db
YEAR = Period.year(localdate().year)


def value(code, period=YEAR, **scope):
    return read(code, period, scope).value.value


def test_updates_count_corrections_and_articles_do_not():
    row = published()
    save_version(actor=EDITOR, article=row.pk, text=text("仪器共享平台使用说明（二）"), placing=Placing(row.column_id), seen=row.newest_id)
    advance(row)
    article("没有发布的草稿")
    published("Shared instruments", language="en", original=row)
    assert (value("portal.items_updated"), value("portal.articles_published")) == (3, 2)
    assert (value("portal.items_updated", language="en"), value("portal.items_updated", column="none")) == (1, 0)
    assert value("portal.items_updated", Period.year(YEAR.begin.year - 1)) == 0
    reading = read("portal.items_updated", YEAR)
    assert (reading.rows, still_holds(reading)) == (3, True)


def at(day, hour, minute=0):
    return datetime(2026, *day, hour - 8, minute, tzinfo=UTC)


@pytest.mark.parametrize(("begin", "end", "wall", "working"), [
    (at((3, 4), 9), at((3, 4), 21), 12, 12),
    # Friday evening to Monday morning: Saturday and Sunday do not count.
    (at((3, 6), 18), at((3, 9), 9), 63, 15),
    # From a Sunday to the same Sunday nothing passes.
    (at((3, 8), 9), at((3, 8), 12), 3, 0),
])  # fmt: skip
def test_update_time_has_two_clocks(begin, end, wall, working):
    assert [elapsed(begin, end, clock) for clock in ("wall", "working")] == [timedelta(hours=wall), timedelta(hours=working)]


def test_update_time_is_the_mean_of_its_rows():
    assert value("portal.update_time") is None
    row = advance(article(), "issue")
    Article.objects.filter(pk=row.pk).update(decided_at=now() - timedelta(hours=6))
    decide_step(actor=ISSUER, article=row.pk, version=row.newest_id, step="issue", decision="approved")
    published("立即发布的通知")
    assert value("portal.update_time").quantize(Decimal("0.01")) == Decimal("3.00")
    assert Publication.objects.count() == 2


def test_feedback_counts_when_its_time_is_over():
    rows = [receive_feedback(actor=VISITOR, message=Message("question", f"问题{n}", "这是一个问题"))[0] for n in range(4)]
    assert value("portal.feedback_answered_in_time") is None
    begin = YEAR.begin
    for row, due, answered in zip(rows, (1, 1, 1, 400), (0, 3, None, 0), strict=True):
        if answered is not None:
            answer_feedback(actor=EDITOR, feedback=row.pk, answer="这是一个答复。")
        moment = datetime(begin.year, 1, 1, 4, tzinfo=UTC)
        changed = {"due_on": begin + timedelta(days=due)} | (
            {"answered_at": moment + timedelta(days=answered)} if answered is not None else {}
        )
        Feedback.objects.filter(pk=row.pk).update(**changed)
    reading = read("portal.feedback_answered_in_time", YEAR)
    assert (reading.value.numerator, reading.value.denominator, reading.rows) == (1, 3, 3)


def sheet(*rows):
    return write_sheet(
        push_sheet(),
        [
            {"title": title, "channel": "公众号", "pushed_on": day, "reads": reads, "is_policy": policy}
            for title, day, reads, policy in rows
        ],
    )


def test_reads_count_only_with_the_file_that_shows_them(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    day = YEAR.begin
    hand = {"channel": "公众号", "audience": "", "pushed_on": day, "reads": 500, "is_policy": True}
    add_push(actor=EDITOR, title="手工登记的推送", **hand)
    assert (value("portal.reads"), value("portal.policy_pushes")) == (None, 1)
    client = signed_in(make_account("editor", "editor"))
    upload = BytesIO(sheet(("仪器开放周", day, 300, False), ("手工登记的推送", day, 450, True)))
    upload.name = "reads.xlsx"
    assert client.post("/manage/pushes/import/", {"file": upload}).status_code == 302
    assert (value("portal.reads"), value("portal.policy_pushes"), Push.objects.count()) == (750, 1, 2)
    kept = StoredFile.objects.get()
    assert set(Push.objects.values_list("digest", flat=True)) == {kept.digest}
    assert FileStore(tmp_path / "files").path(kept.digest).is_file()
    assert "原件" in client.get("/manage/pushes/").content.decode()


def test_a_file_with_anything_wrong_imports_nothing():
    client = signed_in(make_account("editor", "editor"))
    upload = BytesIO(sheet(("未来的推送", localdate() + timedelta(days=3), 5, False)))
    upload.name = "reads.xlsx"
    answer = client.post("/manage/pushes/import/", {"file": upload})
    assert (answer.status_code, "推送日期" in answer.content.decode(), Push.objects.count()) == (422, True, 0)
    upload = BytesIO(b"no sheet at all")
    upload.name = "reads.xlsx"
    assert client.post("/manage/pushes/import/", {"file": upload}).status_code == 422
    with pytest.raises(Refused) as refused:
        import_pushes(actor=EDITOR, rows=read_rows(sheet(), push_sheet()).rows, digest="0" * 64)
    assert codes(refused) == ["PORTAL_PUSH_EMPTY"]
    assert client.get("/manage/pushes/template/").status_code == 200


def load_content():
    for part in demo.CONTENT:
        part.load(scale="small", progress=lambda *_: None)


@pytest.mark.one_database
def test_the_demo_city_has_the_published_figures_at_a_hundredth_and_its_faults(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    load_content()
    year = Period.year(demo_year())
    whole = {
        code: value(f"portal.{code}", year) for code in ("page_views", "items_updated", "articles_published", "reads", "policy_pushes")
    }
    assert whole == {"page_views": VIEWS["small"], "items_updated": 94, "articles_published": 60, "reads": 11_900, "policy_pushes": 2}
    assert VIEWS["full"] == 11_143_566
    assert round(VIEWS["full"] / 100) == VIEWS["small"]
    assert value("portal.update_time", year) < 12
    assert (
        VisitHour.objects.filter(hour__gte=datetime(demo_year(), 1, 1, tzinfo=UTC) - timedelta(hours=8)).count()
        == VisitHour.objects.count()
    )
    # The faults that are told are there.
    stale = [age.column.slug for age in ages() if age.is_stale]
    assert stale == ["popular-science"]
    foreign = Article.objects.filter(column__slug="foreign-experts", original__isnull=True)
    assert foreign.filter(translations__isnull=False).distinct().count() > 0
    assert foreign.filter(translations__isnull=True).exists()
    assert Push.objects.filter(digest="").count() == 1
    assert [fault.kind for part in demo.CONTENT for fault in part.FAULTS] == [
        "stale_column",
        "untranslated",
        "reads_without_file",
        "late_answer",
    ]
    # Work in hand for each role.
    assert sorted(Article.objects.exclude(stage="published").values_list("stage", flat=True)) == ["draft", "issue", "review", "scheduled"]


@pytest.mark.one_database
def test_the_demo_city_is_the_same_every_time(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    seen = []
    for _ in range(2):
        with transaction.atomic():
            load_content()
            rows = list(Article.objects.order_by("pk").values_list("public__title", "first_published_at")[:40])
            seen.append((rows, list(VisitHour.objects.order_by("hour", "section", "language").values_list("views", flat=True)[:500])))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_what_went_out_late_is_not_prompt():
    row = published()
    assert value("portal.published_promptly") == 100
    out = Publication.objects.get()
    for minutes, share in ((0, 100), (1, Decimal("66.67"))):
        late = {"decided_at": out.published_at - timedelta(hours=24, minutes=minutes), "published_at": out.published_at}
        who = {"author": out.author, "reviewer": out.reviewer, "issuer": out.issuer}
        again = {"placing": Placing(row.column_id), "seen": Article.objects.get(pk=row.pk).newest_id}
        save_version(actor=EDITOR, article=row.pk, text=text(f"第 {minutes} 次更正"), **again)
        version = Article.objects.get(pk=row.pk).newest
        Publication.objects.create(article=row, version=version, first=False, **late, **who)
        assert round(value("portal.published_promptly"), 2) == share
    assert value("portal.published_promptly", column=row.column.slug) is not None
    assert value("portal.published_promptly", column="none") is None


def test_feedback_counts_once_it_is_answered_whatever_its_time_limit():
    assert value("portal.feedback_answered") is None
    for kind in ("question", "question", "complaint"):
        receive_feedback(actor=VISITOR, message=Message(kind, "请问", f"请问怎样办理？{kind}"))
    assert (value("portal.feedback_answered"), value("portal.feedback_answered", kind="question")) == (0, 0)
    first = Feedback.objects.filter(kind="question").order_by("pk").first()
    Feedback.objects.filter(pk=first.pk).update(answered_at=now(), state="answered", answer="已答复")
    assert (round(value("portal.feedback_answered"), 1), value("portal.feedback_answered", kind="question")) == (Decimal("33.3"), 50)
    assert value("portal.feedback_answered", kind="complaint") == 0
