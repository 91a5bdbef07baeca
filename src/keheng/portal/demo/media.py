"""A year of features, news and reprints about the invented city, each with its archived copy."""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random

from django.db import transaction

from keheng.kernel.trail.record import SYSTEM, digest_of, record
from keheng.portal.actions.media import keep_copy
from keheng.portal.actions.publishing import show_media
from keheng.portal.demo.faults import Fault, Progress, demo_year
from keheng.portal.enums.media import LinkState, MediaKind
from keheng.portal.models import MediaItem

_KEY = 20260307
FAULTS = (Fault("link_gone", "最后一篇转载的链接已失效，凭存档文件仍可证明"),)
# Features, news, reprints.
SIZES = {"small": (2, 3, 4), "full": (18, 27, 39)}
_OUTLETS = ("云岭日报", "云岭晚报", "云岭新闻网", "云岭科技报", "云岭广播电视台")
_SUBJECTS = (
    "大型仪器共享让小企业用上大设备",
    "科技开放日迎来市民",
    "创新券助企业降成本",
    "展厅里看科技",
    "对接会上找到合作伙伴",
    "科普走进社区",
)


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty portal with outreach records; files go to the store."""
    random, counts = Random(_KEY), SIZES[scale]  # noqa: S311 -- the same city every time
    total = sum(counts)
    rows: list[MediaItem] = []
    for kind, count in zip((MediaKind.FEATURE, MediaKind.NEWS, MediaKind.REPRINT), counts, strict=True):
        rows += [_item(kind, len(rows) + place, random) for place in range(count)]
        progress("宣传记录", len(rows), total)
    rows[-1].link_state = LinkState.GONE
    with transaction.atomic():
        originals = MediaItem.objects.bulk_create([row for row in rows if row.kind != MediaKind.REPRINT])
        reprints = [row for row in rows if row.kind == MediaKind.REPRINT]
        for row in reprints:
            row.reprint_of = random.choice(originals)
            row.published_on = row.reprint_of.published_on + timedelta(days=random.randrange(3))
            row.title = row.reprint_of.title
        show_media([*originals, *MediaItem.objects.bulk_create(reprints)])
        record("demo.media", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"items": total}))


def _item(kind: MediaKind, serial: int, random: Random) -> MediaItem:
    day = date(demo_year(), 1, 5) + timedelta(days=random.randrange(350))
    title = f"{random.choice(_SUBJECTS)}（{serial + 1}）"
    outlet = random.choice(_OUTLETS)
    copy = keep_copy(io.BytesIO(f"{outlet} {day}\n{title}\n演示城市云岭的虚构报道，编号 {serial + 1}。\n".encode()))
    return MediaItem(
        kind=kind, title=title, outlet=outlet, published_on=day, url=f"https://news.yunling.example/{demo_year()}/{serial + 1}",
        copy_digest=copy.digest, copy_title=f"存档-{serial + 1}.txt", link_state=LinkState.OK,
        link_checked_on=day + timedelta(days=7), by="demo",
    )  # fmt: skip
