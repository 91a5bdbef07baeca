"""Review, issue, publication, withdrawal: the second and third of the three steps (三审), and what follows."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import now

from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.search.indexing import index, remove
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.portal.actions.articles import end_step_tasks, locked, newest_of, refuse, staff_url, state_of, text_of
from keheng.portal.enums.content import Decision, Stage, Step
from keheng.portal.events.content import ArticlePublished, ArticleWithdrawn
from keheng.portal.models import Article, ArticleTopic, Publication, Review
from keheng.portal.queries.documents import KIND, document_of
from keheng.portal.rules.content import ISSUE, STEP_PERMISSION, right_problems, step_problems, text_problems

TELL_SUBSCRIBERS = "portal.tell_subscribers"


@act("article.decide", Refused)
def decide_step(*, actor: Actor, article: int, version: int, step: str, decision: str, reason: str = "") -> Article:
    """Approve or return a version in a step. An issued version goes out at once, or when its time has come."""
    if step not in Step.values:
        raise Refused(problem("PORTAL_DECISION", "step"))
    refuse(right_problems(actor, STEP_PERMISSION[Step(step)]))
    return settle_step(actor=actor, by=actor.account, article=article, version=version, step=step, decision=decision, reason=reason)


def settle_step(*, actor: Actor, by: str, article: int, version: int, step: str, decision: str, reason: str) -> Article:
    """The decision itself, inside the caller's act; ``by`` is an account, or ``outside:`` with the number of an approval."""
    present = locked(article)
    found = step_problems(present, version, step, by, decision, reason)
    if decision == Decision.APPROVED:
        # What was written under rules of yesterday goes out under those of today.
        found += text_problems(text_of(newest_of(present)), present.kind)
    refuse(found)
    moment = now()
    Review.objects.create(version_id=version, step=step, decision=decision, by=by, reason=reason.strip(), at=moment)
    end_step_tasks(present)
    if decision == Decision.RETURNED:
        _give_back(present, step, reason)
    elif step == Step.REVIEW:
        _pass_on(present, by, moment)
    else:
        _issue(present, by, moment)
    record(
        f"article.{step}", actor=actor, target=f"article:{present.pk}", after=state_of(present, newest_of(present)),
        reason=f"{decision} {reason.strip()}".strip(),
    )  # fmt: skip
    return present


def publish_due(*, actor: Actor = SYSTEM) -> int:
    """Publish what was issued and whose time has come; how many."""
    due = Article.objects.filter(stage=Stage.SCHEDULED, publish_at__lte=now()).order_by("publish_at").values_list("pk", flat=True)
    return sum(publish_scheduled(actor=actor, article=number) for number in list(due))


@act("article.publish", Refused)
def publish_scheduled(*, actor: Actor, article: int) -> bool:
    """Publish one article whose time has come; False when somebody took it back or published it meanwhile."""
    present = locked(article)
    due = present.stage == Stage.SCHEDULED and present.publish_at is not None and present.publish_at <= now()
    if due:
        _publish(present, now())
    record("article.publish", actor=actor, target=f"article:{present.pk}", reason="" if due else "not due")
    return due


@act("article.withdraw", Refused)
def withdraw_article(*, actor: Actor, article: int, reason: str) -> Article:
    """Take an article off the site, for a reason that stays on record; its translations go with it."""
    present = locked(article)
    found = []
    if present.public is None:
        found.append(problem("PORTAL_NOT_PUBLIC"))
    if not reason.strip():
        found.append(problem("PORTAL_REASON_MISSING", "reason"))
    refuse(found)
    for one in [present, *present.translations.select_for_update().filter(public__isnull=False)]:
        one.public, one.stage = None, Stage.WITHDRAWN
        one.save(update_fields=["public", "stage"])
        one.topic_rows.all().delete()
        end_step_tasks(one)
        remove(KIND, [str(one.pk)])
        emit(ArticleWithdrawn(one.pk))
        record("article.withdraw", actor=actor, target=f"article:{one.pk}", reason=reason.strip())
    tell(
        [present.author], kind="portal.article", key=f"portal.withdrawn:{present.pk}:{present.newest_id}",
        title=f"已撤下：{newest_of(present).title}", body=reason.strip(), url=staff_url(present),
    )  # fmt: skip
    return present


@act("article.expire", ())
def expire_articles(*, actor: Actor = SYSTEM) -> int:
    """Take articles that have expired out of the search; lists leave them out by themselves. How many."""
    gone = Article.objects.filter(public__isnull=False, expires_at__lte=now())
    removed = remove(KIND, [str(number) for number in gone.values_list("pk", flat=True)])
    record("article.expire", actor=actor, after=digest_of({"removed": removed}))
    return removed


def _give_back(article: Article, step: str, reason: str) -> None:
    article.stage, article.reviewer, article.issuer, article.decided_at = Stage.DRAFT, "", "", None
    article.save(update_fields=["stage", "reviewer", "issuer", "decided_at"])
    title, step_zh = newest_of(article).title, Step(step).label
    open_task(f"portal.rework:{article.pk}", kind="portal.rework", title=f"修改：{title}", url=staff_url(article), account=article.author)
    tell(
        [article.author], kind="portal.article", key=f"portal.returned:{article.pk}:{article.newest_id}:{step}",
        title=f"{step_zh}退回：{title}", body=reason.strip(), url=staff_url(article),
    )  # fmt: skip


def _pass_on(article: Article, by: str, moment: datetime) -> None:
    article.stage, article.reviewer, article.decided_at = Stage.ISSUE, by, moment
    article.save(update_fields=["stage", "reviewer", "decided_at"])
    open_task(
        f"portal.issue:{article.pk}", kind="portal.issue", title=f"签发：{newest_of(article).title}", url=staff_url(article),
        permission=ISSUE, not_by=article.author,
    )  # fmt: skip


def _issue(article: Article, by: str, moment: datetime) -> None:
    article.issuer = by
    if article.publish_at is not None and article.publish_at > moment:
        article.stage = Stage.SCHEDULED
        article.save(update_fields=["issuer", "stage"])
        return
    _publish(article, moment)


def _publish(article: Article, moment: datetime) -> None:
    """The newest version becomes the public one; counted, indexed, told to its author and to subscribers."""
    version, first = newest_of(article), article.first_published_at is None
    article.public, article.stage, article.published_at = version, Stage.PUBLISHED, moment
    article.first_published_at = article.first_published_at or moment
    # What was meant for a later time was decided for that time: waiting for it is no delay.
    decided = max(article.decided_at or moment, article.publish_at or article.decided_at or moment)
    article.publish_at = None
    article.save()
    Publication.objects.create(
        article=article, version=version, first=first, author=article.author, reviewer=article.reviewer, issuer=article.issuer,
        decided_at=decided, published_at=moment,
    )  # fmt: skip
    article.topic_rows.all().delete()
    ArticleTopic.objects.bulk_create(ArticleTopic(article=article, topic=code) for code in text_of(version).topics)
    index([document_of(article)])
    tell(
        [article.author], kind="portal.article", key=f"portal.published:{version.pk}", title=f"已发布：{version.title}", url=article.url,
    )  # fmt: skip
    if first:
        enqueue(TELL_SUBSCRIBERS, {"article": article.pk}, key=str(article.pk))
    close_task(f"portal.rework:{article.pk}")
    emit(ArticlePublished(article.pk, version.pk, first))
