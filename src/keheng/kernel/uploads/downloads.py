"""Downloads: whether a file may be read is asked anew at every request, of the records that hold it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.models import StoredFile
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, record
from keheng.kernel.uploads.places import readable_through
from keheng.kernel.uploads.receiving import clean_name, store

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_CHUNK = 1 << 18

logger = logging.getLogger("keheng.uploads")


@signed_in
def download(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """A kept file as an attachment, whole or one range of it (RFC 9110, sections 13 and 14). 404 where no holder opens it."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    row, note = readable_file(request, digest)
    return send_file(request, row, name, note)


def readable_file(request: HttpRequest, digest: str) -> tuple[StoredFile, Callable[[], None]]:
    """A file that one of its holders opens to who asks, and what notes that they read it; 404 where none does."""
    row = get_object_or_404(StoredFile, digest=digest)
    actor = actor_of(request)
    holders = readable_through(actor, digest)
    if not holders:
        raise Http404

    def note() -> None:
        if any(holder.sensitive for holder in holders):
            note_download(actor=actor, digest=digest, kinds=",".join(holder.kind for holder in holders))

    return row, note


def send_file(request: HttpRequest, row: StoredFile, name: str, note: Callable[[], None] = lambda: None) -> HttpResponseBase:
    """A kept file that the caller found to be open to the visitor; ``note`` is called before its bytes are sent. 404 where it is lost."""
    path = store().path(row.digest)
    if not path.is_file():
        logger.error("the store lacks %s", row.digest)
        raise Http404
    etag = f'"{row.digest}"'
    headers = _headers(row, etag, name)
    if etag in request.headers.get("If-None-Match", "") or request.headers.get("If-None-Match", "").strip() == "*":
        return HttpResponse(status=304, headers=headers)
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    span = _span(asked, row.size)
    if span is None:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{row.size}"})
    if request.method == "GET":
        note()
    begin, end = span
    headers["Content-Length"] = str(end - begin)
    whole = span == (0, row.size)
    if not whole:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{row.size}"
    body = _read(path, begin, end) if request.method == "GET" else iter(())
    return StreamingHttpResponse(body, status=200 if whole else 206, headers=headers)


@act("file.download", ())
def note_download(*, actor: Principal, digest: str, kinds: str) -> None:
    """Record that someone read a file of a sensitive holder."""
    record("file.download", actor=actor, target=f"file:{digest}", reason=kinds)


def _headers(row: StoredFile, etag: str, name: str) -> dict[str, str]:
    """A browser may only save the file: it is never shown or run as a page of ours."""
    return {
        "Content-Type": row.media_type,
        "Content-Disposition": content_disposition_header(True, clean_name(name)) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """The bytes asked for as a half-open span; all of them where no single range is asked for, None where there are none such."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match.groups() == ("", ""):
        return 0, size
    first, last = match.groups()
    if not first:
        # The last so many bytes.
        return (max(0, size - int(last)), size) if int(last) else None
    begin, end = int(first), min(int(last), size - 1) + 1 if last else size
    if last and int(last) < begin:
        # Not a range: it is as if none were asked for.
        return 0, size
    return (begin, end) if begin < size else None


def _read(path: Path, begin: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin)
        left = end - begin
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
