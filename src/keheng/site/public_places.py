"""What capabilities below the portal have for its pages: calls that are open now, public records, resources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keheng.kernel.spoken import Translated
from keheng.matters.queries.addresses import address
from keheng.matters.queries.guides import open_calls, public_matters
from keheng.matters.queries.showing import words
from keheng.matters.service import policies_about
from keheng.portal.service import (
    Offer,
    OpenNow,
    Resource,
    ResourceGroup,
    register_offers,
    register_open_now,
    register_places,
    register_resources,
)
from keheng.review.queries.addresses import list_address
from keheng.review.queries.published import published_lists

_SHOWN = 6
# Whom a matter's audiences are in the service hall.
_HALL = {"unit": ("firms", "institutions"), "person": ("researchers", "citizens")}


def calls_open_now(most: int = 3) -> Sequence[OpenNow]:
    """Matters that take applications during a call, those that close first first; no query."""
    zone = get_current_timezone()
    return [
        OpenNow(
            one.title, reverse("matters:matter", args=[one.matter]), datetime.combine(one.until, time(23, 59), zone), gettext("正在受理")
        )
        for one in open_calls(localdate())[:most]
    ]


def matters_to_apply_for() -> Iterator[Offer]:
    """Matters for people outside that one begins with; those that follow a case are begun from it. No query."""
    for read in public_matters(localdate()):
        matter = read.matter
        if matter.parent is None:
            audiences = tuple(one for kind in matter.audience for one in _HALL.get(kind, ()))
            url = reverse("matters:matter", args=[matter.id])
            yield Offer(words(matter, matter.title), words(matter, matter.about), url, audiences)


def public_records() -> Iterator[str]:
    """Guides of matters, policies clause by clause, published lists."""
    today = localdate()
    yield from (address("matters"), address("policies"), list_address())
    yield from (address("matter", read.matter.id) for read in public_matters(today))
    yield from (address("policy", one.id) for one in policies_about(today))
    yield from (list_address(pk) for pk in published_lists(today).values_list("pk", flat=True)[:500])


def _benefits() -> Iterator[Resource]:
    for one in policies_about(localdate())[:_SHOWN]:
        yield Resource(one.title, reverse("matters:policy", args=[one.id]), one.office)


def _lists() -> Iterator[Resource]:
    for one in published_lists(localdate())[:_SHOWN]:
        yield Resource(one.title, reverse("reviews:list", args=[one.pk]))


def _data() -> Sequence[Resource]:
    return [
        Resource(Translated(gettext("接口说明和在线试用")), reverse("site:api"), Translated("REST")),
        Resource(Translated(gettext("接口描述文件")), reverse("site:api-description"), Translated("OpenAPI 3.1")),
    ]


register_open_now(calls_open_now)
register_offers(matters_to_apply_for)
register_places(public_records)
for _group in (
    ResourceGroup(
        "benefits", _("惠企政策"), _("逐条看企业符合哪些政策，还差什么"), "hand-helping", 25, _benefits, lambda: reverse("matters:policies")
    ),
    ResourceGroup("lists", _("评审公示"), _("拟定名单，公示期内可以提出异议"), "megaphone", 40, _lists, lambda: reverse("reviews:lists")),
    ResourceGroup("data", _("开放数据"), _("用接口读取公开的文章、活动和指标"), "share-2", 70, _data),
):
    register_resources(_group)
