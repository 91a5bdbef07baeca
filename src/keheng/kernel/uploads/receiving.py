"""Receiving files in parts.

Bytes go to a partial file, the row says how many of them count. Who may append at which offset is decided by a conditional update
of the row: of two that come at once one takes the claim, the other is told. The claim is held for 20 seconds and renewed while
bytes arrive. When all bytes are there the file goes to the store under the limits of its place.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.files import FileRefusedError, FileStore
from keheng.kernel.models import StoredFile
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.kernel.uploads.models import Upload
from keheng.kernel.uploads.places import Place, place_of

KEPT = timedelta(hours=24)
MOST_OPEN = 50
_CLAIMED = timedelta(seconds=20)
_READ = 1 << 16
_FLUSH = 1 << 20
_MEGABYTE = 1 << 20
_LONGEST_NAME = 200

logger = logging.getLogger("keheng.uploads")
Read = Callable[[int], bytes]


def store() -> FileStore:
    """Where complete files are kept."""
    return FileStore(settings.FILES_FOLDER)


def partials() -> Path:
    """Where files lie that are still arriving: beside the store, not in it."""
    return Path(settings.FILES_FOLDER).with_name("uploads")


def partial(number: UUID) -> Path:
    """The partial file of an upload."""
    return partials() / number.hex


@act("upload.begin", Refused)
def begin_upload(*, actor: Principal, place_name: str, name: str, size: int) -> Upload:
    """Announce a file of so many bytes for a place; the row that will count them."""
    place = place_of(place_name)
    if place is None or not place.may_upload(actor):
        raise Refused(problem("upload.place", place=place_name[:80]))
    most = place.limits.most_bytes
    problems = []
    if size == 0:
        problems.append(problem("upload.empty"))
    if size > most:
        problems.append(problem("upload.too_big", megabytes=most // _MEGABYTE))
    if Upload.objects.filter(account=actor.account, expires_at__gt=now()).count() >= MOST_OPEN:
        problems.append(problem("upload.too_many", most=MOST_OPEN))
    if problems:
        raise Refused(problems)
    row = Upload.objects.create(account=actor.account, place=place.name, name=clean_name(name), size=size, expires_at=now() + KEPT)
    record("upload.begin", actor=actor, target=f"upload:{row.pk}", after=digest_of({"place": place.name, "name": row.name, "size": size}))
    return row


def own_upload(actor: Principal, number: UUID) -> Upload | None:
    """The actor's upload of that number; None for those of others and for expired ones."""
    return Upload.objects.filter(pk=number, account=actor.account, expires_at__gt=now()).first() if actor.account else None


def append(upload: Upload, offset: int, read: Read) -> None:
    """Append what is read at an offset, and count it; refuses an offset that is not the upload's, and more bytes than announced.

    What arrived before a connection broke counts. When the disk is full what was flushed before counts.
    """
    claim = uuid4().hex
    _take_claim(upload, offset, claim)
    try:
        partials().mkdir(parents=True, exist_ok=True)
        path = partial(upload.pk)
        path.touch(mode=0o640)
        if path.stat().st_size < offset:
            raise Refused(problem("upload.lost"))
        with path.open("r+b") as file:
            # Bytes behind the offset came from a writer that died before they were flushed: they are written over.
            file.seek(offset)
            _receive(file, upload, claim, read)
    except OSError as error:
        logger.exception("upload %s cannot be written", upload.pk)
        raise Refused(problem("upload.disk_full")) from error
    finally:
        Upload.objects.filter(pk=upload.pk, claim=claim).update(claim="", claimed_until=None)
        upload.refresh_from_db()


def _take_claim(upload: Upload, offset: int, claim: str) -> None:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now())
    rows = Upload.objects.filter(free, pk=upload.pk, offset=offset, digest="")
    if not rows.update(claim=claim, claimed_until=now() + _CLAIMED):
        at = Upload.objects.filter(pk=upload.pk).values_list("offset", flat=True).first()
        raise Refused(problem("upload.busy") if at == offset else problem("upload.offset", told=offset, at=at))


def _receive(file: BinaryIO, upload: Upload, claim: str, read: Read) -> None:
    """Write what arrives, flushing and counting every megabyte and at the end."""
    count, flushed = upload.offset, upload.offset
    while chunk := _arriving(read):
        if count + len(chunk) > upload.size:
            raise Refused(problem("upload.too_long", size=upload.size))
        file.write(chunk)
        count += len(chunk)
        if count - flushed >= _FLUSH:
            flushed = _count(file, upload, claim, count)
    if count > flushed:
        _count(file, upload, claim, count)


def _count(file: BinaryIO, upload: Upload, claim: str, count: int) -> int:
    file.flush()
    os.fsync(file.fileno())
    mine = Upload.objects.filter(pk=upload.pk, claim=claim)
    if not mine.update(offset=count, claimed_until=now() + _CLAIMED, expires_at=now() + KEPT):
        raise Refused(problem("upload.busy"))
    return count


def _arriving(read: Read) -> bytes:
    try:
        return read(_READ)
    except OSError:
        # The connection broke: what came before it counts, the rest is sent again.
        return b""


def complete(*, actor: Principal, upload: Upload) -> None:
    """Bring a file of which all bytes are there to the store; a file that is refused there is thrown away."""
    place = place_of(upload.place)
    if place is None:
        raise Refused(problem("upload.place", place=upload.place))
    try:
        # Outside a transaction: copying takes long, and SQLite has one writer.
        with partial(upload.pk).open("rb") as file:
            kept: StoredFile | FileRefusedError = store().keep(file, place.limits)
    except FileRefusedError as refusal:
        kept = refusal
    except FileNotFoundError as error:
        # Another request was faster.
        upload.refresh_from_db()
        if not upload.digest:
            raise Refused(problem("upload.lost")) from error
        return
    except OSError as error:
        logger.exception("upload %s cannot be stored", upload.pk)
        raise Refused(problem("upload.disk_full")) from error
    try:
        _finish(actor=actor, upload=upload, kept=kept)
    except Refused:
        _throw_away(upload.pk)
        raise
    with suppress(FileNotFoundError):
        partial(upload.pk).unlink()
    upload.refresh_from_db()


@act("upload.finish", Refused)
def _finish(*, actor: Principal, upload: Upload, kept: StoredFile | FileRefusedError) -> None:
    if isinstance(kept, FileRefusedError):
        raise Refused(problem("upload.refused", zh=kept.zh, en=kept.en))
    Upload.objects.filter(pk=upload.pk).update(digest=kept.digest, expires_at=now() + KEPT)
    record("upload.finish", actor=actor, target=f"upload:{upload.pk}", after=digest_of({"digest": kept.digest}))


@act("upload.end", Refused)
def end_upload(*, actor: Principal, upload: Upload) -> None:
    """Give up an upload: its bytes are thrown away; a file that is in the store already is no business of this act."""
    _throw_away(upload.pk)
    record("upload.end", actor=actor, target=f"upload:{upload.pk}")


@act("upload.take", Refused)
def take_upload(*, actor: Principal, number: UUID, place: Place) -> Upload:
    """Hand a complete upload over to a record, once, in the record's transaction: the one way to attach a file.

    Only the actor's own upload for this place can be taken: to know a digest opens nothing.
    """
    row = Upload.objects.select_for_update().filter(pk=number, account=actor.account, place=place.name).exclude(digest="").first()
    if row is None:
        raise Refused(problem("upload.not_there"))
    Upload.objects.filter(pk=number).delete()
    record("upload.take", actor=actor, target=f"upload:{number}", before=digest_of({"digest": row.digest, "name": row.name}))
    return row


@act("upload.sweep", Refused)
def sweep(*, actor: Actor = SYSTEM) -> int:
    """Throw away expired uploads, and partial files that no row names; how many rows."""
    expired = list(Upload.objects.filter(expires_at__lte=now()).values_list("pk", flat=True))
    Upload.objects.filter(pk__in=expired).delete()
    # Listed before the rows are read: a row is there before its file.
    lying = sorted(partials().glob("*"))
    known = {number.hex for number in Upload.objects.values_list("pk", flat=True)}
    for path in lying:
        if path.name not in known:
            path.unlink(missing_ok=True)
    record("upload.sweep", actor=actor, after=digest_of({"expired": len(expired)}))
    return len(expired)


def _throw_away(number: UUID) -> None:
    Upload.objects.filter(pk=number).delete()
    partial(number).unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """The name a person gave a file, without folders and without what cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    longest = _LONGEST_NAME - len(dot + ending)
    return (f"{stem[:longest]}{dot}{ending}" if stem and longest > 0 else shown[:_LONGEST_NAME]) or "未命名"
