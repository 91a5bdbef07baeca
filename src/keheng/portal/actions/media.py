"""Outreach records are entered with their archived copy, imported, exported; links are looked at again."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from keheng.kernel.errors import Refused, problem
from keheng.kernel.files import FileRefusedError, Limits
from keheng.kernel.models import StoredFile
from keheng.kernel.spreadsheets import Column, Fault, Import, Row, Sheet, read_rows, write_sheet
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.kernel.uploads.receiving import clean_name, store
from keheng.portal.actions.publishing import show_media
from keheng.portal.enums.media import LinkState, MediaKind
from keheng.portal.models import MediaItem
from keheng.portal.queries.media import rows_for_export
from keheng.portal.rules.media import LONGEST_OUTLET, LONGEST_TITLE, MediaFacts, media_problems

COPIES = Limits(20 << 20, frozenset({"application/pdf", "image/png", "image/jpeg", "text/html", "text/plain"}))


def keep_copy(source: BinaryIO) -> StoredFile:
    """Bring an archived copy to the store, before the record that names it. Raises Refused for what is no such file."""
    try:
        return store().keep(source, COPIES)
    except FileRefusedError as refusal:
        raise Refused(problem("upload.refused", "copy", zh=refusal.zh, en=refusal.en)) from refusal


@act("media.enter", Refused)
def enter_media(*, actor: Actor, facts: MediaFacts, copy: StoredFile | None = None, copy_title: str = "") -> MediaItem:
    """Enter a record. Raises Refused with everything wrong."""
    if found := media_problems(facts, localdate()):
        raise Refused(found)
    made = _made(actor, facts)
    if copy is not None:
        made.copy_digest, made.copy_title = copy.digest, clean_name(copy_title)
        made.save(update_fields=["copy_digest", "copy_title"])
    show_media([made])
    record("media.enter", actor=actor, target=f"media:{made.pk}", after=digest_of({"url": made.url, "copy": made.copy_digest}))
    return made


@act("media.copy", Refused)
def attach_copy(*, actor: Actor, item: int, copy: StoredFile, copy_title: str) -> MediaItem:
    """Add the archived copy of a record; an earlier one is told by its digest on the trail."""
    row = MediaItem.objects.select_for_update().get(pk=item)
    before = digest_of({"copy": row.copy_digest})
    row.copy_digest, row.copy_title = copy.digest, clean_name(copy_title)
    row.save(update_fields=["copy_digest", "copy_title"])
    record("media.copy", actor=actor, target=f"media:{row.pk}", before=before, after=digest_of({"copy": row.copy_digest}))
    return row


@act("media.check", Refused)
def check_link(*, actor: Actor, item: int, state: str) -> MediaItem:
    """Note what somebody found behind the link today. The platform itself asks no other site for anything."""
    if state not in {LinkState.OK, LinkState.GONE}:
        raise Refused(problem("MEDIA_KIND", "state"))
    row = MediaItem.objects.select_for_update().get(pk=item)
    row.link_state, row.link_checked_on = state, localdate()
    row.save(update_fields=["link_state", "link_checked_on"])
    record("media.check", actor=actor, target=f"media:{row.pk}", after=digest_of({"state": state}))
    return row


def media_sheet() -> Sheet:
    """The sheet that is filled in and imported."""
    return Sheet("宣传记录", (
        Column("kind", "类型", "choice", required=True, choices=tuple(MediaKind.choices)),
        Column("title", "标题", required=True, longest=LONGEST_TITLE),
        Column("outlet", "媒体", required=True, longest=LONGEST_OUTLET, aliases=("发布媒体",)),
        Column("published_on", "发布日期", "date", required=True, aliases=("日期",)),
        Column("url", "链接", required=True, aliases=("网址",)),
        Column("original", "原文链接"),
    ), unique=("url",))  # fmt: skip


def check_media(data: bytes | str | PathLike[str]) -> Import:
    """Rows of a file with everything wrong in them; raises Refused for a file that is no such sheet. A reprint may follow its original."""
    outcome = read_rows(data, media_sheet())
    faulty = {fault.row for fault in outcome.problems}
    headers = {column.name: column.header_zh for column in media_sheet().columns}
    found, known = list(outcome.problems), {row.values["url"] for row in outcome.rows}
    for row in outcome.rows:
        if row.number in faulty:
            continue
        for one in media_problems(_facts(row), localdate()):
            if one.code != "MEDIA_ORIGINAL" or row.values["original"] not in known or row.values["kind"] != MediaKind.REPRINT:
                field = one.field if one.field in outcome.places else "title"
                found.append(Fault(row.number, headers[field], str(row.values[field] or ""), replace(one, field=field)))
    return replace(outcome, problems=tuple(sorted(found, key=lambda fault: fault.row)))


@act("media.import", Refused)
def import_media(*, actor: Actor, rows: tuple[Row, ...]) -> int:
    """Enter every row, or none; originals before their reprints. How many. Raises Refused when one is no longer good."""
    ordered = sorted(rows, key=lambda row: (row.values["kind"] == MediaKind.REPRINT, row.number))
    for row in ordered:
        enter_media(actor=actor, facts=_facts(row))
    record("media.import", actor=actor, target="media", after=digest_of({"rows": len(ordered)}))
    return len(ordered)


@act("media.export", ())
def export_media(*, actor: Actor, year: int) -> bytes:
    """The records of a year as XLSX."""
    readable = (Column("copy", "存档摘要"), Column("link", "链接状态"), Column("checked", "核对日期", "date"))
    rows = list(rows_for_export(year))
    record("media.export", actor=actor, target=f"media:{year}", after=digest_of({"rows": len(rows)}))
    return write_sheet(Sheet("宣传记录", media_sheet().columns + readable), rows)


def _facts(row: Row) -> MediaFacts:
    values = {name: row.values[name] or "" for name in ("kind", "title", "outlet", "url", "original")}
    return MediaFacts(published_on=row.values["published_on"], **values)


def _made(actor: Actor, facts: MediaFacts) -> MediaItem:
    original = MediaItem.objects.filter(url=facts.original).first() if facts.original else None
    try:
        with transaction.atomic():
            return MediaItem.objects.create(
                kind=facts.kind, title=facts.title.strip(), outlet=facts.outlet.strip(), published_on=facts.published_on, url=facts.url,
                reprint_of=original, by=actor.account,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(problem("MEDIA_URL", "url")) from None
