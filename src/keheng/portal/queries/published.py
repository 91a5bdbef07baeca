"""What was made public beside articles: answers to feedback, and addresses that moved."""

from __future__ import annotations

from django.db.models import QuerySet

from keheng.portal.models import Feedback, Redirect

_FARTHEST = 8


def published_answers() -> QuerySet[Feedback]:
    """Answers that were published, the newest first; without what the writer wrote, which is sealed."""
    fields = ("number", "kind", "title", "public_question", "public_answer", "received_at", "answered_at", "published_at")
    return Feedback.objects.filter(published_at__isnull=False).only(*fields).order_by("-published_at")


def moved_to(path: str) -> str:
    """Where an address leads now, following redirects to their end; '' when it did not move."""
    new, seen = "", {path}
    for _ in range(_FARTHEST):
        following = Redirect.objects.filter(old=new or path).values_list("new", flat=True).first()
        if following is None or following in seen:
            return new
        seen.add(following)
        new = following
    return new
