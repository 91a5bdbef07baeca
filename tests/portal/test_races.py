"""Two at once: the database lets one through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.db import connection
from django.utils.timezone import now
from portal.made_up import EDITOR, ISSUER, REVIEWER, VISITOR, advance, article, column, principal, steps, text
from portal.outreach_made_up import CLERK, somebody
from portal.test_year_keys import held

from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.portal.actions.articles import save_version
from keheng.portal.actions.checkin import walk_in
from keheng.portal.actions.columns import add_redirect
from keheng.portal.actions.feedback import Message, answer_feedback, receive_feedback
from keheng.portal.actions.outside import decide_outside, invite_outsider
from keheng.portal.actions.steps import decide_step, publish_due
from keheng.portal.models import Article, Attendance, Publication, Redirect, Review, Version, YearKey
from keheng.portal.rules.content import Placing


def at_once(*acts):
    """What came of each: 'done' or the codes of the refusal."""
    together = Barrier(len(acts))

    def run(act):
        together.wait()
        try:
            act()
        except Refused as refused:
            return "+".join(sorted(one.code for one in refused.problems))
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_reviewers_decide_once(fresh):
    row = advance(article(), "review")
    others = [REVIEWER, principal("8", *steps("review"))]
    came = at_once(
        *(lambda by=by: decide_step(actor=by, article=row.pk, version=row.newest_id, step="review", decision="approved") for by in others)
    )
    assert came == ["PORTAL_STAGE", "done"]
    assert (Review.objects.count(), Article.objects.get().stage) == (1, "issue")
    assert AuditEntry.objects.filter(body__contains='"act":"article.review"').count() == 1


def test_two_editors_save_one_version(fresh):
    row = article()
    place, seen = Placing(row.column_id), row.newest_id
    came = at_once(
        *(lambda n=n: save_version(actor=EDITOR, article=row.pk, text=text(f"改过的标题 {n}"), placing=place, seen=seen) for n in range(3))
    )
    assert came == ["PORTAL_CHANGED", "PORTAL_CHANGED", "done"]
    assert Version.objects.count() == 2


def test_two_workers_publish_once(fresh):
    row = advance(article(placing=Placing(column().pk, publish_at=now() + timedelta(hours=1))))
    Article.objects.filter(pk=row.pk).update(publish_at=now() - timedelta(seconds=1))
    assert at_once(publish_due, publish_due) == ["done", "done"]
    assert Publication.objects.count() == 1


def test_a_link_is_used_once(fresh):
    row = advance(article(), "review")
    approval, _ = invite_outsider(actor=REVIEWER, article=row.pk, name="外请专家", email="guest@yunling.example")
    came = at_once(*(lambda: decide_outside(actor=VISITOR, approval=approval.pk, decision="approved") for _ in range(3)))
    assert came == ["PORTAL_LINK_SPENT", "PORTAL_LINK_SPENT", "done"]
    assert Review.objects.count() == 1


def test_an_answer_is_given_once(fresh):
    row, _ = receive_feedback(actor=VISITOR, message=Message("question", "问题", "这是一个问题"))
    came = at_once(*(lambda by=by: answer_feedback(actor=by, feedback=row.pk, answer="这是一个答复。") for by in (EDITOR, ISSUER)))
    assert came == ["PORTAL_ANSWERED", "done"]


def test_messages_at_once_have_numbers_without_gaps(fresh):
    said = Message("question", "问题", "这是一个问题")
    came = at_once(*(lambda n=n: receive_feedback(actor=principal("", address=f"203.0.113.{n}"), message=said) for n in range(6)))
    assert came == ["done"] * 6


def test_two_redirects_at_once_close_no_circle(fresh):
    add_redirect(actor=EDITOR, old="/start/", new="/middle/")
    came = at_once(lambda: add_redirect(actor=EDITOR, old="/a/", new="/b/"), lambda: add_redirect(actor=EDITOR, old="/b/", new="/a/"))
    assert came == ["PORTAL_REDIRECT_LOOP", "done"]
    assert Redirect.objects.count() == 2


def test_the_first_two_people_of_a_year_at_once_get_one_key(fresh):
    sessions = [held(month, []) for month in (4, 5)]
    came = at_once(*(lambda at=one.pk: walk_in(actor=CLERK, session=at, who=somebody(1)) for one in sessions))
    assert (came, YearKey.objects.count(), Attendance.objects.values("person").distinct().count()) == (["done", "done"], 1, 1)
