"""The API ``/api/v1``: where the operations of all capabilities meet, its description, and the page to try it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from keheng import __version__
from keheng.access import api as access
from keheng.directory import api as directory
from keheng.kernel import measures
from keheng.kernel.api.building import KehengAPI
from keheng.kernel.api.hooks.operations import router as hooks
from keheng.kernel.api.limits import limits
from keheng.kernel.api.paging import Cursor, Limit, Page, page_of_rows
from keheng.kernel.api.problems import answer
from keheng.kernel.doors import actor_of, public, shared
from keheng.kernel.errors import Refused, problem
from keheng.kernel.periods import Period
from keheng.matters import api as matters
from keheng.performance import api as performance
from keheng.portal import api as portal
from keheng.portal.views.public import not_found as page_not_found
from keheng.site import task_list

_DESCRIPTION = (
    "这里列出的操作与页面用同一套动作和校验。写入须带 `Idempotency-Key`；错误为 application/problem+json，一次说明全部问题；"
    "列表按游标翻页。What is listed here goes by the same acts and validators as the pages: writes carry an `Idempotency-Key`, "
    "refusals are problem+json."
)
_MEASURES = "site.measures.see"
_WHOLE: list[str] = []
figures = Router(tags=["指标 measures"])
Day = Annotated[date, Query(ge=date(1990, 1, 1), le=date(2100, 1, 1))]
# Limits of a figure by name, such as ``district:990102``.
Limits = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,40}:[^\x00]{1,200}$")]],
    Query(max_length=5, description="Limits as name:value, such as district:990102; what a measure does not know is refused"),
]
MeasureCode = Annotated[str, StringConstraints(pattern=r"^[a-z_.]+$", max_length=80)]


class MeasureOut(Schema):
    """What a figure is."""

    code: str
    unit: str
    definition: str
    version: int


class ReadingOut(MeasureOut):
    """A figure with what proves it: the digest is over the evidence rows."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    begin: date
    end: date = Field(description="First day after the period")
    scope: dict[str, str]
    rows: int
    digest: str
    taken_at: datetime


@figures.get("", response=list[MeasureOut], summary="全部指标 all measures")
def list_measures(request: HttpRequest) -> list[measures.Measure]:
    """Every figure the platform can prove."""
    _may_see(request)
    return measures.all_measures()


@figures.get("/{code}", response=ReadingOut, summary="读取指标 a reading")
def read_measure(request: HttpRequest, code: MeasureCode, begin: Day, end: Day, scope: Limits = _WHOLE) -> dict[str, Any]:
    """The figure for the days from ``begin`` up to, not including, ``end``, within a scope."""
    measure = _measure(request, code)
    reading = _reading(code, _period(begin, end), scope)
    return {
        "code": code, "unit": measure.unit, "definition": measure.definition, "version": reading.version, "value": reading.value.value,
        "numerator": reading.value.numerator, "denominator": reading.value.denominator, "begin": begin, "end": end, "rows": reading.rows,
        "scope": dict(reading.scope), "digest": reading.digest, "taken_at": reading.taken_at,
    }  # fmt: skip


@figures.get("/{code}/evidence", response=Page[dict[str, Any]], summary="指标的依据 its evidence")
def read_evidence(
    request: HttpRequest, code: MeasureCode, begin: Day, end: Day, scope: Limits = _WHOLE, cursor: Cursor = "",
    limit: Limit = 20,
) -> dict[str, Any]:  # fmt: skip
    """Rows behind the figure, in their order, a page from where the one before ended."""
    measure, period = _measure(request, code), _period(begin, end)
    within = dict(_reading(code, period, scope).scope)
    return page_of_rows(lambda: measure.evidence(period, within), cursor, limit)


def _may_see(request: HttpRequest) -> None:
    actor_of(request).demand(_MEASURES)


def _measure(request: HttpRequest, code: str) -> measures.Measure:
    _may_see(request)
    found = next((one for one in measures.all_measures() if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _reading(code: str, period: Period, scope: list[str]) -> measures.Reading:
    try:
        return measures.read(code, period, dict(one.split(":", 1) for one in scope))
    except measures.UnknownScopeError as error:
        raise Refused(problem("SITE_SCOPE", "scope", names="、".join(error.names), known="、".join(error.known) or "—")) from error


def _period(begin: date, end: date) -> Period:
    if end <= begin:
        raise Refused(problem("SITE_PERIOD", "end"))
    return Period(begin, end, "days")


api = KehengAPI(title="科衡接口 Keheng API", version=__version__, description=_DESCRIPTION, urls_namespace="api")
api.add_router("/me", access.router)
api.add_router("/organisations", directory.router)
api.add_router("/articles", portal.articles)
api.add_router("/events", portal.events)
api.add_router("/halls", portal.halls)
api.add_router("/feedback", portal.feedback)
api.add_router("/services", portal.services)
api.add_router("/matters", matters.matters)
api.add_router("/cases", matters.cases)
api.add_router("/office-cases", matters.office)
api.add_router("/tasks", task_list.router)
api.add_router("/measures", figures)
api.add_router("/outside-figures", performance.router)
api.add_router("/webhooks", hooks)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is not there: a program is told as a program, a person gets a page that helps."""
    if request.path.startswith("/api/v1/"):
        return answer(404, "没有这个操作，全部操作见 /api/ ; no such operation, /api/ lists all")
    return page_not_found(request, exception)


@cache
def _described() -> dict[str, Any]:
    """The description, which does not change while the process lives: making it takes 60 ms."""
    return api.get_openapi_schema()


@shared
def description(_request: HttpRequest) -> JsonResponse:
    """The OpenAPI 3.1 description."""
    return JsonResponse(_described(), json_dumps_params={"ensure_ascii": False})


@public
@never_cache
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, described and ready to be tried."""
    schema = _described()
    context = {"groups": _groups().items(), "info": schema["info"], "limits": limits(), "demand": "Idempotency-Key"}
    return render(request, "site/api.html", context)


@cache
def _groups() -> dict[str, list[dict[str, Any]]]:
    """The operations as the page shows them, by what they are about."""
    schema = _described()
    operations: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            operations.setdefault(told["tags"][0], []).append({"path": path, "method": method.upper(), **_asked(told, schema)})
    return operations


def _asked(told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """An operation as the page shows it: parameters, an example of its body, what it may answer."""
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": told["operationId"],
        "example": f"{told['operationId']}-example",
        "summary": told.get("summary", ""),
        "text": told.get("description", ""),
        "parameters": [
            {
                "name": one["name"],
                "place": one["in"],
                "needed": one.get("required", False),
                "text": one.get("schema", {}).get("description", ""),
            }
            for one in told.get("parameters", [])
        ],
        "body": _example(body, schema) if body else None,
        "answers": [(status, one["description"]) for status, one in told["responses"].items()],
    }


def _example(shape: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of a shape, to begin with."""
    if "$ref" in shape:
        return _example(schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]], schema)
    if shape.get("type") == "object":
        return {name: _example(one, schema) for name, one in shape.get("properties", {}).items()}
    if "default" in shape:
        return shape["default"]
    return {"array": [], "integer": 0, "boolean": False, "number": 0}.get(str(shape.get("type")), "")
