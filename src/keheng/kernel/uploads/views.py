"""Resumable uploads by the core of the tus protocol 1.0 with creation, termination and expiration (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date

from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.errors import Refused, problem
from keheng.kernel.uploads.metadata import VERSION, metadata_of, metadata_text, number_of
from keheng.kernel.uploads.models import Upload
from keheng.kernel.uploads.receiving import append, begin_upload, complete, end_upload, own_upload

_STATUS = {
    "upload.version": 412,
    "upload.header": 400,
    "upload.media_type": 415,
    "upload.place": 403,
    "upload.too_big": 413,
    "upload.too_long": 413,
    "upload.offset": 409,
    "upload.busy": 409,
    "upload.lost": 410,
    "upload.too_many": 429,
    "upload.disk_full": 507,
}
_REFUSED = 422
_PART = "application/offset+octet-stream"
View = Callable[..., HttpResponse]


def _tus(*methods: str) -> Callable[[View], View]:
    """A view of the protocol: it answers OPTIONS, wants the right version, and tells refusals as problem+json."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = _answer(view, methods, request, *args, **kwargs)
            except Refused as refused:
                response = _told(refused)
            response.headers["Tus-Resumable"] = VERSION
            response.headers["Cache-Control"] = "no-store"
            return response

        return answered

    return decorate


def _answer(view: View, methods: tuple[str, ...], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Tus-Version": VERSION, "Tus-Extension": "creation,termination,expiration"})
    if request.method not in methods:
        return HttpResponse(status=405, headers={"Allow": ", ".join(["OPTIONS", *methods])})
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refused(problem("upload.version", version=VERSION))
    return view(request, *args, **kwargs)


@signed_in
@_tus("POST")
def uploads(request: HttpRequest) -> HttpResponse:
    """Announce a file: Upload-Length, and in Upload-Metadata ``place`` and ``filename``."""
    size, told = number_of(request, "Upload-Length"), metadata_of(request)
    row = begin_upload(actor=actor_of(request), place_name=told.get("place", ""), name=told.get("filename", ""), size=size)
    return HttpResponse(status=201, headers={"Location": reverse("uploads:upload", args=[row.pk]), "Upload-Expires": _expiry(row)})


@signed_in
@_tus("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, number: UUID) -> HttpResponse:
    """How far an upload is, the next bytes of it, or its end. Those of others are not there."""
    row = own_upload(actor_of(request), number)
    if row is None:
        raise Http404
    if request.method == "DELETE":
        end_upload(actor=actor_of(request), upload=row)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        return _patch(request, row)
    told = metadata_text({"filename": row.name, "place": row.place})
    return HttpResponse(headers={**_standing(row), "Upload-Length": str(row.size), "Upload-Metadata": told})


def _patch(request: HttpRequest, row: Upload) -> HttpResponse:
    if request.content_type != _PART:
        raise Refused(problem("upload.media_type", wanted=_PART))
    offset = number_of(request, "Upload-Offset")
    # A body that says how long it is need not be read to be refused; an upload that is complete takes no more.
    announced = int(request.META["CONTENT_LENGTH"]) if str(request.META.get("CONTENT_LENGTH") or "").isdecimal() else 0
    if offset + announced > row.size:
        raise Refused(problem("upload.too_long", size=row.size))
    if not row.digest:
        append(row, offset, request.read)
    elif offset != row.offset:
        raise Refused(problem("upload.offset", told=offset, at=row.offset))
    if row.offset == row.size and not row.digest:
        complete(actor=actor_of(request), upload=row)
    return HttpResponse(status=204, headers=_standing(row))


def _standing(row: Upload) -> dict[str, str]:
    told = {"Upload-Offset": str(row.offset), "Upload-Expires": _expiry(row)}
    return {**told, "Upload-Digest": row.digest} if row.digest else told


def _expiry(row: Upload) -> str:
    return http_date(row.expires_at.timestamp())


def _told(refused: Refused) -> HttpResponse:
    """Everything wrong as RFC 9457 problem details, in Chinese, each with its code and what to do."""
    first = refused.problems[0]
    problems = [
        {"code": one.code, "zh": one.zh, "en": one.en, "remedy_zh": one.remedy_zh, "remedy_en": one.remedy_en} for one in refused.problems
    ]
    status = _STATUS.get(first.code, _REFUSED)
    told = {"type": "about:blank", "title": first.zh, "detail": first.remedy_zh, "status": status, "problems": problems}
    return JsonResponse(told, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})
