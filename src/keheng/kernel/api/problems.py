"""Refusals as ``application/problem+json`` (RFC 9457), every problem of an input at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Schema
from pydantic import Field

from keheng.kernel.errors import Problem, Refused

MEDIA = "application/problem+json"
TITLES = {
    400: ("请求无法读取", "the request cannot be read"),
    401: ("需要有效的令牌", "a valid token is needed"),
    403: ("令牌没有这项权限", "the token does not reach this"),
    404: ("没有这条记录，或不在您的范围内", "no such record within your reach"),
    409: ("与现状或先前的请求冲突", "in conflict with how things stand or with an earlier request"),
    413: ("请求太大", "the request is too large"),
    422: ("有需要处理的问题", "the input has problems"),
    429: ("请求太频繁", "too many requests"),
}


# Answers of the framework, which belong to no operation.
_OTHERS = {405: ("这个地址不接受这种方法，见 Allow", "this address does not take that method, see Allow")}
_KEPT = ("Allow", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "WWW-Authenticate")


class ProblemItem(Schema):
    """One thing wrong with the input."""

    code: str = Field(description="Stable code of the problem")
    field: str = Field(description="Field of the input, empty for the whole")
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


class Conflict(Refused):
    """Refused for how things stand, not for what was sent: answered with 409."""


class ProblemOut(Schema):
    """What went wrong (RFC 9457); ``errors`` lists everything wrong with the input."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ProblemItem] = Field(default_factory=list)


def answer(status: int, detail: str = "", errors: Sequence[dict[str, Any]] = (), headers: dict[str, str] | None = None) -> HttpResponse:
    """The response for a status, with what is wrong in detail."""
    zh, en = (TITLES | _OTHERS).get(status, ("请求没有完成", "the request was not done"))
    body = {"type": "about:blank", "title": en, "status": status, "detail": detail or zh, "errors": list(errors)}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA, headers=headers or {})


def as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """A refusal in the API's own form, whoever wrote it; anything else as it is."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith(MEDIA):  # noqa: PLR2004 -- HTTP's range of refusals
        return response
    return answer(response.status_code, headers={name: response.headers[name] for name in _KEPT if name in response.headers})


def item(problem: Problem) -> dict[str, str]:
    """A problem as the API tells it."""
    return {name: str(getattr(problem, name)) for name in ProblemItem.model_fields}
