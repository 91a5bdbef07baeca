"""Uploads and downloads of attachments, personal data of feedback and subscriptions with their terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils.timezone import now

from keheng.kernel.personal.holders import Erased, Kept, register_holder
from keheng.kernel.personal.holders import Holder as PersonHolder
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.personal.reveal import register_subject
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor
from keheng.kernel.uploads.places import Holder, register_place
from keheng.kernel.uploads.places import register_holder as register_file_holder
from keheng.portal.models import Attachment, Feedback, OutsideApproval, Push, Subscription, VisitorSeen
from keheng.portal.rules.feedback import ANSWER
from keheng.portal.rules.files import ATTACHMENTS, PUSHES
from keheng.portal.service import blank_feedback, held_about

_SEE, _VISITS = "portal.article.see", "portal.visits.see"


def _may_read_attachment(actor: Principal, digest: str) -> bool:
    return actor.may(_SEE) and Attachment.objects.filter(digest=digest).exists()


def _may_read_push(actor: Principal, digest: str) -> bool:
    return actor.may(_VISITS) and Push.objects.filter(digest=digest).exists()


def _answered(actor: Principal) -> QuerySet[Feedback]:
    """Whose contact the actor may have revealed: of all messages, for those who answer them."""
    return Feedback.objects.filter(actor.within(ANSWER)).filter(actor.within("personal.reveal"))


def _account(person_key: str) -> str:
    kind, _, number = person_key.partition(":")
    return number if kind == "account" else ""


def _export(person_key: str) -> list[Mapping[str, object]]:
    account = _account(person_key)
    return held_about(account) if account else []


def _erase(person_key: str, actor: Actor) -> Erased:
    account = _account(person_key)
    if not account:
        return Erased(0)
    rows = list(Feedback.objects.select_for_update().filter(account=account).order_by("pk"))
    published = sum(row.published_at is not None for row in rows)
    gone = Subscription.objects.filter(account=account).delete()[0]
    kept = (Kept(published, "已公开的答复不含个人信息，继续公开"),) if published else ()
    return Erased(blank_feedback(rows, actor) + gone, kept)


def _blank(rows: Iterable[Feedback]) -> int:
    return blank_feedback(rows, SYSTEM)


def _blank_outsiders(rows: QuerySet[OutsideApproval]) -> int:
    done = 0
    for row in rows:
        row.name, row.email, row.erased_at = "", "", now()
        row.save(update_fields=["name", "email", "erased_at"])
        done += 1
    return done


def _outsiders() -> QuerySet[OutsideApproval]:
    return OutsideApproval.objects.filter(erased_at__isnull=True)


register_place(ATTACHMENTS)
register_place(PUSHES)
register_file_holder(Holder("portal.attachment", _may_read_attachment))
register_file_holder(Holder("portal.push", _may_read_push))
register_subject("portal.Feedback", _answered)
register_holder(PersonHolder("portal", "留言和订阅", _export, _erase, keeps_zh="已公开的答复不含个人信息，继续公开"))
bind_retention(
    Binding("portal_feedback", "portal.Feedback", lambda: Feedback.objects.filter(erased_at__isnull=True), "answered_at", _blank)
)
bind_retention(
    Binding("portal_subscription", "portal.Subscription", lambda: Subscription.objects.filter(confirmed_at__isnull=True), "made_at")
)
bind_retention(Binding("portal_outside", "portal.OutsideApproval", _outsiders, "expires_at", _blank_outsiders))
bind_retention(Binding("portal_visitor", "portal.VisitorSeen", VisitorSeen.objects.all, "last_at"))
