"""Writing, three steps by three people, publication, correction, withdrawal."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate, now
from portal.made_up import (
    ALL_STEPS,
    BODY,
    EDITOR,
    ISSUER,
    REVIEWER,
    VISITOR,
    advance,
    article,
    codes,
    column,
    just_now,
    principal,
    published,
    steps,
    text,
)

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.desk.tasks import tasks_for
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.search.documents import visible_to
from keheng.kernel.search.finding import search
from keheng.portal.actions.articles import drop_correction, place_article, save_version, submit_article, take_back, write_article
from keheng.portal.actions.steps import decide_step, expire_articles, publish_due, withdraw_article
from keheng.portal.models import Article, Publication, Review, Version
from keheng.portal.queries.articles import public_articles, read_in
from keheng.portal.rules.content import Placing, Text, text_problems

pytestmark = pytest.mark.django_db


def decide(by, row, step, decision="approved", reason="", version=None):
    return decide_step(actor=by, article=row.pk, version=version or row.newest_id, step=step, decision=decision, reason=reason)


def found(words):
    return [hit.ref for hit in search(words, visible=visible_to(VISITOR)).hits]


def test_an_article_goes_through_three_people_and_out():
    row = published("创新券申领通知", topics=("vouchers",))
    assert (row.stage, row.author, row.reviewer, row.issuer) == ("published", "1", "2", "3")
    assert row.public_id == row.newest_id
    assert just_now(row.first_published_at)
    assert found("创新券") == [str(row.pk)]
    out = Publication.objects.get()
    assert (out.first, out.author, out.reviewer, out.issuer) == (True, "1", "2", "3")
    assert [(one.step, one.decision, one.by) for one in Review.objects.order_by("pk")] == [
        ("review", "approved", "2"),
        ("issue", "approved", "3"),
    ]
    assert list(row.topic_rows.values_list("topic", flat=True)) == ["vouchers"]
    assert [one.title for one in Message.objects.filter(account="1")] == ["已发布：创新券申领通知"]
    assert Task.objects.count() == 0
    assert Job.objects.filter(kind="portal.tell_subscribers").count() == 1


def test_each_step_has_a_task_that_its_author_does_not_see():
    row = advance(article(), "review")
    assert [task.kind for task in tasks_for(REVIEWER)] == ["portal.review"]
    assert list(tasks_for(principal("1", *steps("review")))) == []
    row = decide(REVIEWER, row, "review")
    assert [task.kind for task in tasks_for(ISSUER)] == ["portal.issue"]
    assert list(tasks_for(REVIEWER)) == []


@pytest.mark.parametrize(("by", "code"), [
    (principal("1", *steps("review")), "PORTAL_OWN_TEXT"), (EDITOR, "PORTAL_NO_RIGHT"), (ISSUER, "PORTAL_NO_RIGHT"),
    (principal("", *steps("review")), "PORTAL_OWN_TEXT"),
])  # fmt: skip
def test_who_may_not_review(by, code):
    row = advance(article(), "review")
    with pytest.raises(Refused) as refused:
        decide(by, row, "review")
    assert codes(refused) == [code]
    assert Article.objects.get().stage == "review"


def test_nobody_does_both_steps_and_nobody_issues_their_own_text():
    row = advance(article(by=EDITOR), "review")
    row = decide(ALL_STEPS, row, "review")
    with pytest.raises(Refused) as refused:
        decide(ALL_STEPS, row, "issue")
    assert codes(refused) == ["PORTAL_SAME_PERSON"]
    with pytest.raises(Refused) as refused:
        decide(principal("1", *steps("issue")), row, "issue")
    assert codes(refused) == ["PORTAL_OWN_TEXT"]


def test_whoever_wrote_an_earlier_version_of_the_round_is_an_author_too():
    row = article(by=ALL_STEPS)
    save_version(actor=EDITOR, article=row.pk, text=text("仪器共享平台使用说明（二）"), placing=Placing(row.column_id), seen=row.newest_id)
    row = submit_article(actor=EDITOR, article=row.pk)
    with pytest.raises(Refused) as refused:
        decide(ALL_STEPS, row, "review")
    assert codes(refused) == ["PORTAL_OWN_TEXT"]


def test_the_database_forbids_two_steps_by_one_person():
    row = advance(article(), "issue")
    for fields in ({"issuer": "2"}, {"issuer": "1"}, {"reviewer": "1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=row.pk).update(**fields)
    facts = {"article": row, "version": row.newest, "first": True, "decided_at": now(), "published_at": now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(author="1", reviewer="2", issuer="2", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(author="1", reviewer="2", issuer="3", **{**facts, "published_at": now() - timedelta(days=9)})


def test_a_version_is_never_changed():
    row = article()
    for change in (lambda: Version.objects.update(title="别的"), lambda: Version.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Version.objects.get().title == "仪器共享平台使用说明"
    assert row.newest.number == 1


def test_what_is_returned_says_why_and_goes_back_to_its_author():
    row = advance(article(), "review")
    with pytest.raises(Refused) as refused:
        decide(REVIEWER, row, "review", "returned", "  ")
    assert codes(refused) == ["PORTAL_REASON_MISSING"]
    row = decide(REVIEWER, row, "review", "returned", "缺少联系方式")
    assert row.stage == "draft"
    assert [(one.account, one.title, one.body) for one in Message.objects.all()] == [
        ("1", "审核退回：仪器共享平台使用说明", "缺少联系方式")
    ]
    assert [task.kind for task in tasks_for(EDITOR)] == ["portal.rework"]
    submit_article(actor=EDITOR, article=row.pk)
    assert list(tasks_for(EDITOR)) == []


def test_what_was_read_is_what_is_decided_on():
    row = advance(article(), "review")
    seen = row.newest_id
    take_back(actor=EDITOR, article=row.pk)
    save_version(actor=EDITOR, article=row.pk, text=text(body="<p>换了内容</p>"), placing=Placing(row.column_id), seen=seen)
    submit_article(actor=EDITOR, article=row.pk)
    with pytest.raises(Refused) as refused:
        decide(REVIEWER, row, "review", version=seen)
    assert codes(refused) == ["PORTAL_CHANGED"]


def test_a_correction_goes_the_same_way_while_the_old_stays_public():
    row = published()
    first = row.first_published_at
    save_version(
        actor=EDITOR, article=row.pk, text=text("仪器共享平台使用说明（修订）"), placing=Placing(row.column_id), seen=row.newest_id
    )
    row.refresh_from_db()
    assert (row.stage, row.public.title, row.newest.title) == ("draft", "仪器共享平台使用说明", "仪器共享平台使用说明（修订）")
    assert read_in(row.pk, "zh-hans").version.title == "仪器共享平台使用说明"
    row = advance(row)
    assert read_in(row.pk, "zh-hans").version.title == "仪器共享平台使用说明（修订）"
    assert row.first_published_at == first
    assert [one.first for one in Publication.objects.order_by("pk")] == [True, False]
    assert Job.objects.filter(kind="portal.tell_subscribers").count() == 1


def test_a_correction_can_be_given_up():
    row = published()
    save_version(actor=EDITOR, article=row.pk, text=text("另一个标题"), placing=Placing(row.column_id), seen=row.newest_id)
    row = drop_correction(actor=EDITOR, article=row.pk)
    assert (row.stage, row.newest_id) == ("published", row.public_id)
    with pytest.raises(Refused) as refused:
        drop_correction(actor=EDITOR, article=article().pk)
    assert codes(refused) == ["PORTAL_NOT_PUBLIC"]


def test_the_same_text_saved_again_is_no_version():
    row = article()
    save_version(
        actor=EDITOR, article=row.pk, text=text(title=" 仪器共享平台使用说明 "), placing=Placing(row.column_id), seen=row.newest_id
    )
    assert Version.objects.count() == 1
    with pytest.raises(Refused) as refused:
        save_version(actor=EDITOR, article=row.pk, text=text("新的标题"), placing=Placing(row.column_id), seen=row.newest_id + 7)
    assert codes(refused) == ["PORTAL_CHANGED"]


def test_what_is_scheduled_goes_out_when_its_time_has_come():
    place = Placing(column().pk, publish_at=now() + timedelta(hours=2))
    row = advance(article(placing=place))
    assert (row.stage, row.public) == ("scheduled", None)
    assert publish_due() == 0
    assert found("共享") == []
    due = now() - timedelta(seconds=1)
    Article.objects.update(publish_at=due, decided_at=due - timedelta(hours=5))
    assert publish_due() == 1
    row.refresh_from_db()
    assert row.stage == "published"
    assert just_now(row.first_published_at)
    assert Publication.objects.get().decided_at == due
    assert publish_due() == 0


def test_no_date_is_faked():
    yesterday = now() - timedelta(days=1)
    where = column()
    with pytest.raises(Refused) as refused:
        article(placing=Placing(where.pk, publish_at=yesterday, expires_at=yesterday, pinned_until=localdate() - timedelta(days=1)))
    assert codes(refused) == ["PORTAL_EXPIRES_EARLY", "PORTAL_PIN_PAST", "PORTAL_TIME_PAST"]
    with pytest.raises(Refused) as refused:
        article(kind="policy", issuing_body="云岭市科学技术委员会", issued_on=localdate() + timedelta(days=1))
    assert codes(refused) == ["PORTAL_DAY_TO_COME"]
    with pytest.raises(Refused) as refused:
        article(kind="policy")
    assert codes(refused) == ["PORTAL_POLICY_BODY", "PORTAL_POLICY_DAY"]


def test_everything_wrong_with_a_text_is_told_at_once():
    wrong = Text(title="短", body="<p> </p>", summary="长" * 301, topics=("none",)).cleaned()
    assert sorted(one.code for one in text_problems(wrong, "article")) == [
        "PORTAL_BODY_EMPTY",
        "PORTAL_TITLE_SHORT",
        "PORTAL_TOO_LONG",
        "PORTAL_TOPIC_UNKNOWN",
    ]
    silent = Text(title="有图的文章", body='<p><img src="/attachments/aa/b.png"></p>').cleaned()
    assert [one.code for one in text_problems(silent, "article")] == ["PORTAL_PICTURE_UNNAMED"]
    assert text_problems(Text(title="有图的文章", body='<p><img src="/attachments/aa/b.png" alt="流程图"></p>').cleaned(), "article") == []


def test_withdrawing_takes_translations_and_search_along():
    row = published()
    english = published("Shared instruments", language="en", original=row, body="<p>Book an instrument.</p>")
    assert found("instrument") == [str(english.pk)]
    with pytest.raises(Refused) as refused:
        withdraw_article(actor=ISSUER, article=row.pk, reason="")
    assert codes(refused) == ["PORTAL_REASON_MISSING"]
    withdraw_article(actor=ISSUER, article=row.pk, reason="内容有误")
    assert list(public_articles()) == []
    assert found("仪器") == found("instrument") == []
    with pytest.raises(Refused) as refused:
        withdraw_article(actor=ISSUER, article=row.pk, reason="再撤")
    assert codes(refused) == ["PORTAL_NOT_PUBLIC"]
    row.refresh_from_db()
    save_version(actor=EDITOR, article=row.pk, text=text("改正后的说明"), placing=Placing(row.column_id), seen=row.newest_id)
    assert advance(row).stage == "published"


def test_translations_are_of_originals_once_for_each_language():
    row = article()
    english = article("Shared instruments", language="en", original=row)
    for original, code in ((row, ["PORTAL_TRANSLATED"]), (english, ["PORTAL_NOT_ORIGINAL", "PORTAL_TRANSLATED"])):
        with pytest.raises(Refused) as refused:
            article("Shared instruments again", language="en", original=original)
        assert codes(refused) == code
    with pytest.raises(Refused) as refused:
        article("Gemeinsame Geräte", language="de", original=row)
    assert codes(refused) == ["PORTAL_LANGUAGE_CLOSED"]
    with pytest.raises(Refused) as refused:
        article("Shared instruments", where=column("inner", languages="zh-hans"), language="ja", original=row)
    assert codes(refused) == ["PORTAL_LANGUAGE_CLOSED"]


def test_what_expired_is_neither_listed_nor_found():
    row = published()
    place_article(actor=EDITOR, article=row.pk, placing=Placing(row.column_id, expires_at=now() + timedelta(hours=1)))
    assert list(public_articles()) == [row]
    Article.objects.update(expires_at=now() - timedelta(seconds=1))
    assert list(public_articles()) == []
    assert read_in(row.pk, "zh-hans") is None
    assert expire_articles() == 1
    assert found("仪器") == []
    assert expire_articles() == 0


def test_acts_are_on_the_trail_and_refusals_as_well():
    before = AuditEntry.objects.count()
    row = published()
    acts = [entry.body.split('"act":"')[1].split('"')[0] for entry in AuditEntry.objects.order_by("id")[before:]]
    assert acts == ["article.write", "article.submit", "article.review", "article.issue"]
    with pytest.raises(Refused):
        write_article(actor=EDITOR, kind="nonsense", text=Text("x", BODY), placing=Placing(row.column_id))
    assert '"succeeded":false' in AuditEntry.objects.latest("id").body
