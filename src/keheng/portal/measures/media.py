"""Figures of outreach: items, features and reprints. A record without an archived copy or a link that was seen proves nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, register
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.portal.enums.media import LinkState, MediaKind
from keheng.portal.models import MediaItem


def _proven(kinds: frozenset[str], copied: bool, period: Period, _scope: Scope) -> QuerySet[MediaItem]:  # noqa: FBT001 -- bound by partial
    """Published in the period and proven: by the archived copy, or where that is enough by a link that somebody saw."""
    found = MediaItem.objects.filter(kind__in=sorted(kinds), published_on__gte=period.begin, published_on__lt=period.end)
    seen = Q() if copied else Q(link_state=LinkState.OK)
    return found.filter(~Q(copy_digest="") | seen) if not copied else found.exclude(copy_digest="")


def _count(kinds: frozenset[str], copied: bool, period: Period, scope: Scope) -> Value:  # noqa: FBT001 -- bound by partial
    return Value(Decimal(_proven(kinds, copied, period, scope).count()))


def _rows(kinds: frozenset[str], copied: bool, period: Period, scope: Scope) -> Iterator[Row]:  # noqa: FBT001 -- bound by partial
    found = _proven(kinds, copied, period, scope).order_by("pk")
    yield from found.values("id", "kind", "outlet", "title", "published_on", "url", "copy_digest").iterator()


def _copies(actor: Principal, keys: Collection[int]) -> Mapping[int, str]:
    """The archived copies, for who sees outreach records; an item that only has its link has none."""
    if not actor.may("portal.media.see"):
        return {}
    kept = MediaItem.objects.filter(pk__in=keys).exclude(copy_digest="").values_list("pk", "copy_digest", "copy_title")
    return {pk: reverse("uploads:file", args=[digest, title]) for pk, digest, title in kept}


_ITEMS = Records("media", "id", "title", _copies, file="copy_digest")


def _register(code: str, definition: str, kinds: frozenset[str], *, copied: bool) -> None:
    register(Measure(code, "篇", definition, 1, partial(_count, kinds, copied), partial(_rows, kinds, copied), _ITEMS))


_register(
    "portal.media_items", "期内发布的专题报道、新闻和转载，有存档文件或链接已核对的", frozenset(MediaKind.values), copied=False
)  # fmt: skip
_register("portal.media_features", "期内发布的专题报道，有存档文件或链接已核对的", frozenset({MediaKind.FEATURE}), copied=False)
_register("portal.reprints", "期内发布的转载，有存档文件的", frozenset({MediaKind.REPRINT}), copied=True)
