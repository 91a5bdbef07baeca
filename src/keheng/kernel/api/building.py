"""The API itself: one class for all operations, so that every one refuses, limits and documents alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.security import HttpBearer

from keheng.kernel.api.limits import TooFastError, count_request, limits
from keheng.kernel.api.problems import MEDIA, TITLES, Conflict, ProblemOut, answer, item
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal

# Tells whose token it is and what it may do, None for a token that is not valid; its second part names the caller in limits.
Identify = Callable[[str, str], tuple[Principal, str] | None]
_identify: list[Identify] = []
_MOST_TOLD = 20


def identify_with(identify: Identify) -> None:
    """Let the capability that keeps tokens answer for them."""
    _identify[:] = [identify]


class Bearer(HttpBearer):
    """A token in the header ``Authorization: Bearer …``."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        """Who asks, counted; None for a token that is not valid."""
        found = _identify[0](token, _address(request)) if _identify else None
        if found is None:
            return None
        actor, caller = found
        most = limits()["requests_a_minute"]["token"]
        paced(request, caller, most)
        request.actor = actor  # type: ignore[attr-defined]  # what pages find there too
        return actor


class BearerOrVisitor(Bearer):
    """A token, or nobody's: for what is public anyway. A token that is not valid is refused, not overlooked."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """Who asks; a visitor by address."""
        if request.headers.get(self.header):
            return super().__call__(request)
        address = _address(request)
        paced(request, f"visitor:{address}", limits()["requests_a_minute"]["visitor"])
        request.actor = Principal("", address=address)  # type: ignore[attr-defined]  # as above, for visitors
        return request.actor  # type: ignore[attr-defined]  # set on the line before


def paced(request: HttpRequest, caller: str, most: int) -> None:
    """Count a request of a caller; raises TooFastError above so many a minute."""
    request.pace = (most, count_request(caller, most))  # type: ignore[attr-defined]  # told in the headers of the answer


def _address(request: HttpRequest) -> str:
    actor: Principal = request.actor  # type: ignore[attr-defined]  # set by the site's middleware before any view
    return actor.address


class Renderer(BaseRenderer):
    """JSON with Chinese as it is."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:  # noqa: ARG002 -- the library calls it so
        """The text."""
        return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False)


class KehengAPI(NinjaAPI):
    """The API with the house's problems, limits and documentation on every operation."""

    def __init__(self, **given: Any) -> None:
        super().__init__(docs_url=None, openapi_url=None, renderer=Renderer(), auth=Bearer(), **given)
        for kind, handler in _HANDLERS.items():
            self.add_exception_handler(kind, handler)

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """The answer to be filled, with what remains of the caller's minute; raises Refused for a parameter that nobody reads."""
        self._refuse_unread(request)
        response: HttpResponse = super().create_temporal_response(request)
        most, left = getattr(request, "pace", (0, 0))
        if most:
            response["RateLimit-Limit"], response["RateLimit-Remaining"] = str(most), str(left)
        return response

    def _refuse_unread(self, request: HttpRequest) -> None:
        """A parameter written wrong would otherwise be passed over, and the answer taken for what was asked."""
        route = request.resolver_match.route if request.resolver_match is not None else ""
        known = self._query_names.get((re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{route}"), str(request.method)))
        if known is not None and (unread := sorted(set(request.GET) - set(known))):
            told = "、".join(known) or "—"
            raise Refused([problem("API_PARAMETER", name[:80], name=name[:80], known=told) for name in unread[:_MOST_TOLD]])

    @cached_property
    def _query_names(self) -> Mapping[tuple[str, str], list[str]]:
        """Names of parameters in the query by path and method."""
        return {
            (path, method.upper()): [one["name"] for one in told.get("parameters", ()) if one["in"] == "query"]
            for path, methods in self.get_openapi_schema()["paths"].items()
            for method, told in methods.items()
        }

    def get_openapi_schema(self, *given: Any, **named: Any) -> OpenAPISchema:
        """The description, with the refusals that every operation may answer."""
        schema = super().get_openapi_schema(*given, **named)
        schema["components"].setdefault("schemas", {}).update(_problem_schemas())
        content = {MEDIA: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                # Numbers of statuses here, so that those of the operation itself are told apart.
                known = {int(status): told for status, told in operation["responses"].items()}
                for status, (_, title) in TITLES.items():
                    known.setdefault(status, {"description": title, "content": content})
                operation["responses"] = {str(status): known[status] for status in sorted(known)}
        return schema


def _problem_schemas() -> Mapping[str, Any]:
    described = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**described.pop("$defs"), "ProblemOut": described}


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {
            "code": f"API_{str(one['type']).upper()}",
            "field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
            "zh": "值不符合接口说明",
            "en": str(one["msg"]),
            "remedy_zh": "请对照接口说明修改",
            "remedy_en": "see the description of the operation",
        }
        for one in error.errors
    ]
    return answer(422, errors=errors)


def _too_large(error: HttpError) -> bool:
    """Whether a body could not be read for its size: the library says only that it could not be read."""
    return isinstance(error.__cause__, RequestDataTooBig)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    return answer(422, "；".join(one.zh for one in error.problems), [item(one) for one in error.problems])


_HANDLERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: _refused,
    ValidationError: _invalid,
    AuthenticationError: lambda _request, _error: answer(401, headers={"WWW-Authenticate": "Bearer"}),
    PermissionDenied: lambda _request, error: answer(403, f"{TITLES[403][0]}：{error}"),
    Http404: lambda _request, _error: answer(404),
    TooFastError: lambda _request, error: answer(429, headers={"Retry-After": str(error.wait)}),
    HttpError: lambda _request, error: answer(413 if _too_large(error) else error.status_code, "" if _too_large(error) else str(error)),
    RequestDataTooBig: lambda _request, _error: answer(413),
    Conflict: lambda _request, error: answer(409, "；".join(one.zh for one in error.problems), [item(one) for one in error.problems]),
}
