"""Subscriptions by topic: in the inbox for who signed in, by mail for visitors after they confirmed, ended with one click."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.trail.record import Actor, act, mark, record
from keheng.portal.actions.articles import refuse
from keheng.portal.enums.content import topics
from keheng.portal.models import Article, Subscription

SEND_CONFIRMATION, SEND_NEWS = "portal.send_confirmation", "portal.send_news"
_SALT, _CONFIRM_WITHIN = "portal.subscription", 7 * 86_400


@act("subscription.set", Refused)
def set_topics(*, actor: Actor, chosen: Iterable[str]) -> int:
    """The topics that an account is told of from now on; how many."""
    wanted = set(chosen)
    if unknown := wanted - topics().keys():
        raise Refused(problem("PORTAL_TOPIC_UNKNOWN", "topics", codes="、".join(sorted(unknown))))
    Subscription.objects.filter(account=actor.account).exclude(topic__in=wanted).delete()
    Subscription.objects.bulk_create(
        [Subscription(topic=one, account=actor.account, made_at=now(), confirmed_at=now()) for one in sorted(wanted)], ignore_conflicts=True
    )
    record("subscription.set", actor=actor, target=f"account:{actor.account}", reason=",".join(sorted(wanted)))
    return len(wanted)


@act("subscription.ask", Refused)
def ask_by_mail(*, actor: Actor, email: str, chosen: Iterable[str], language: str) -> None:
    """Remember the wish of an address, and ask it to confirm. Whether the address was known is told to nobody."""
    wanted, email = sorted(set(chosen)), email.strip().lower()
    found = []
    if "@" not in email[1:-1]:
        found.append(problem("PORTAL_EMAIL", "email"))
    if not wanted or set(wanted) - topics().keys():
        found.append(problem("PORTAL_TOPIC_UNKNOWN", "topics", codes="、".join(wanted) or "—"))
    refuse(found)
    marked = mark(email)
    Subscription.objects.bulk_create(
        [Subscription(topic=one, email=email, email_mark=marked, language=language, made_at=now()) for one in wanted], ignore_conflicts=True
    )
    numbers = list(
        Subscription.objects.filter(email_mark=marked, topic__in=wanted, confirmed_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if numbers:
        enqueue(SEND_CONFIRMATION, {"subscriptions": numbers}, key=f"{marked}:{numbers}")
    record("subscription.ask", actor=actor, target=f"email:{marked}", reason=",".join(wanted))


@act("subscription.confirm", Refused)
def confirm(*, actor: Actor, token: str) -> int:
    """Confirm what a mail asked for; how many topics."""
    try:
        numbers = signing.loads(token, salt=_SALT, max_age=_CONFIRM_WITHIN)
    except signing.BadSignature as error:
        raise Refused(problem("PORTAL_LINK_SPENT")) from error
    done = Subscription.objects.filter(pk__in=numbers, confirmed_at__isnull=True).update(confirmed_at=now())
    record("subscription.confirm", actor=actor, reason=str(done))
    return done


@act("subscription.end", Refused)
def end_by_mail(*, actor: Actor, token: str) -> int:
    """End all subscriptions of the address that a link came to; how many. A link used again ends nothing and does no harm."""
    try:
        marked = signing.loads(token, salt=f"{_SALT}.end")
    except signing.BadSignature as error:
        raise Refused(problem("PORTAL_LINK_SPENT")) from error
    gone = Subscription.objects.filter(email_mark=marked).delete()[0] if marked else 0
    record("subscription.end", actor=actor, target=f"email:{marked}", reason=str(gone))
    return gone


def confirmation_token(numbers: list[int]) -> str:
    """What confirms these subscriptions."""
    return signing.dumps(numbers, salt=_SALT)


def ending_token(email_mark: str) -> str:
    """What ends all subscriptions of an address."""
    return signing.dumps(email_mark, salt=f"{_SALT}.end")


@act("subscription.tell", ())
def tell_subscribers(*, actor: Actor, article: int) -> int:
    """Tell everybody who subscribed to one of an article's topics, once each; how many. A withdrawn article is told to nobody."""
    row = Article.objects.select_related("public").filter(pk=article, public__isnull=False).first()
    told = 0
    if row is not None and row.public is not None:
        codes = list(row.topic_rows.values_list("topic", flat=True))
        wishes = Subscription.objects.filter(topic__in=codes, confirmed_at__isnull=False)
        with override(row.language):
            url = reverse("portal:article", args=[row.original_id or row.pk])
        accounts = set(wishes.exclude(account="").values_list("account", flat=True))
        told = tell(accounts, kind="portal.news", key=f"portal.news:{row.pk}", title=row.public.title, body=row.public.summary, url=url)
        for marked in sorted(set(wishes.exclude(email_mark="").values_list("email_mark", flat=True))):
            enqueue(SEND_NEWS, {"article": row.pk, "email_mark": marked}, key=f"{row.pk}:{marked}")
            told += 1
    record("subscription.tell", actor=actor, target=f"article:{article}", reason=str(told))
    return told
