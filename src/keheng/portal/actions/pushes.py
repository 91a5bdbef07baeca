"""Reads elsewhere: imported with the file that shows them; without a file they are kept and count as unproven."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.spreadsheets import Column, Row, Sheet
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.actions.articles import refuse
from keheng.portal.models import Push

_LONGEST = 120


def push_sheet() -> Sheet:
    """The sheet that a channel's export is brought into."""
    return Sheet("推送记录", (
        Column("title", "标题", required=True, longest=_LONGEST),
        Column("channel", "渠道", required=True, longest=40, aliases=("平台", "公众号")),
        Column("audience", "对象", longest=80),
        Column("pushed_on", "推送日期", "date", required=True, aliases=("发布日期", "日期")),
        Column("reads", "阅读量", "integer", required=True, aliases=("阅读数", "阅读次数")),
        Column("is_policy", "是否政策", "boolean"),
    ))  # fmt: skip


@act("push.import", Refused)
def import_pushes(*, actor: Actor, rows: tuple[Row, ...], digest: str) -> int:
    """Take rows of a file in; ``digest`` is the file's. A push that is known gets the newer figures and their file."""
    if not rows:
        raise Refused(problem("PORTAL_PUSH_EMPTY", "file"))
    refuse([
        problem("PORTAL_PUSH_ROW", "file", row=row.number, header=header)
        for row in rows
        for header, wrong in (("推送日期", row.values["pushed_on"] > localdate()), ("阅读量", row.values["reads"] < 0))
        if wrong
    ])  # fmt: skip
    for row in rows:
        said = row.values
        Push.objects.update_or_create(
            title=said["title"], channel=said["channel"], pushed_on=said["pushed_on"],
            defaults={
                "audience": said["audience"] or "", "reads": said["reads"], "is_policy": bool(said["is_policy"]), "digest": digest,
                "made_by": actor.account, "made_at": now(),
            },
        )  # fmt: skip
    record("push.import", actor=actor, target=f"file:{digest}", after=digest_of({"rows": len(rows)}))
    return len(rows)


@act("push.add", Refused)
def add_push(*, actor: Actor, title: str, channel: str, audience: str, pushed_on: date, reads: int, is_policy: bool) -> Push:
    """Note a push by hand: without a file its reads are unproven until a file brings them."""
    found = []
    if pushed_on > localdate():
        found.append(problem("PORTAL_DAY_TO_COME", "pushed_on"))
    refuse(found)
    made, _ = Push.objects.get_or_create(
        title=title.strip(), channel=channel.strip(), pushed_on=pushed_on,
        defaults={"audience": audience.strip(), "reads": reads, "is_policy": is_policy, "made_by": actor.account, "made_at": now()},
    )  # fmt: skip
    record("push.add", actor=actor, target=f"push:{made.pk}", after=digest_of({"title": made.title, "reads": made.reads}))
    return made
