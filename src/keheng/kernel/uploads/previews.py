"""Files as pictures of their pages, to be read beside a form: what a browser shows is pixels made here, never the file that came."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from PIL import Image, ImageOps

from keheng.kernel.doors import signed_in
from keheng.kernel.uploads.downloads import readable_file
from keheng.kernel.uploads.pdfs import opened_pdf
from keheng.kernel.uploads.receiving import clean_name, store

# The longer side of a picture, and how large a picture may be that is made smaller.
_SIDE, _MOST_PIXELS = 1600, 60_000_000
_MOST_PAGES, _QUALITY = 200, 80


@signed_in
def page_picture(request: HttpRequest, digest: str, number: int) -> HttpResponseBase:
    """A page of a file, from 1, as JPEG; 404 where no holder opens the file, or it has no such page that can be drawn."""
    row, note = readable_file(request, digest)
    etag = f'"{digest}-{number}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    picture = _drawn(store().path(digest), row.media_type, number)
    if picture is None:
        raise Http404
    note()
    data = BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=_QUALITY)
    return HttpResponse(data.getvalue(), content_type="image/jpeg", headers=headers)


@signed_in
def reader(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """All pages of a file, one below the other; 404 as for a page."""
    row, _ = readable_file(request, digest)
    count = _pages(store().path(digest), row.media_type)
    if not count:
        raise Http404
    context = {
        "digest": digest, "name": clean_name(name), "count": count, "pages": range(1, min(count, _MOST_PAGES) + 1), "most": _MOST_PAGES,
    }  # fmt: skip
    return render(request, "uploads/reader.html", context)


def _pages(path: Path, media_type: str) -> int:
    if media_type != "application/pdf":
        return 1 if media_type.startswith("image/") else 0
    with opened_pdf(path) as document:
        return len(document) if document is not None else 0


def _drawn(path: Path, media_type: str, number: int) -> Image.Image | None:
    if media_type == "application/pdf":
        return _page(path, number)
    return _picture(path) if media_type.startswith("image/") and number == 1 else None


def _page(path: Path, number: int) -> Image.Image | None:
    with opened_pdf(path) as document:
        if document is None or not 1 <= number <= min(len(document), _MOST_PAGES):
            return None
        page = document[number - 1]
        drawn: Image.Image = page.render(scale=_SIDE / max(1.0, *page.get_size())).to_pil()
        return drawn.copy()


def _picture(path: Path) -> Image.Image | None:
    """A picture upright and no larger than needed, without what the camera noted in it."""
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            # Of a JPEG no more is unpacked than is shown.
            opened.draft("RGB", (_SIDE, _SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_SIDE, _SIDE))
            return upright
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
