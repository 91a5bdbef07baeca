"""Lists that everyone may see, as people look for them."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from keheng.review.enums import RoundState
from keheng.review.models import Round

SHOWN = (RoundState.PUBLIC, RoundState.CLOSED)


def published_lists(day: date, text: str = "") -> QuerySet[Round]:
    """Published lists whose name has ``text``, with how many are ``proposed`` in each: first those one may object to on a day, then by age.

    A row is ``over`` when its days of objections have ended.
    """
    current = When(state=RoundState.PUBLIC, objections_until__gte=day, then=Value(0))
    return (
        Round.objects.filter(state__in=SHOWN, published_at__isnull=False, title__icontains=text)
        .annotate(
            proposed=Count("entries", filter=Q(entries__proposed=True)), over=Case(current, default=Value(1), output_field=IntegerField())
        )
        .defer("rubric")
        .order_by("over", "-published_at", "-pk")
    )
