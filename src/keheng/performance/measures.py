"""Figures of performance: what came from outside, and the money of projects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, ratio, register, say
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.performance.enums import Origin, Source
from keheng.performance.models import Execution, OutsideFigure, Project
from keheng.performance.queries.money import funds_of_all, in_all
from keheng.performance.queries.projects import projects_for
from keheng.performance.rules.money import Funds

_YUAN = Decimal(100)
_TOLD = ("id", "key", "title", "value", "measured_in", "begin", "end", "origin", "reference", "digest")
# What a row of money is: the budget of a source, or a voucher; with its project it makes the row's key.
_BUDGET, _VOUCHER = "budget", "voucher"


def _figures(period: Period, scope: Scope, *, certified: bool = False) -> QuerySet[OutsideFigure]:
    """Records wholly within the period; ``key`` and ``unit`` narrow them. Those of certificates are no sums."""
    found = OutsideFigure.objects.filter(begin__gte=period.begin, end__lte=period.end, key=scope.get("key", ""))
    found = found.filter(unit__pk=int(scope["unit"])) if "unit" in scope else found
    return found.filter(certificate__isnull=not certified)


def _outside(period: Period, scope: Scope) -> Value:
    """The sum; None where records of one key are counted in several units, which do not add up."""
    found = _figures(period, scope).aggregate(n=Sum("value"), units=Count("measured_in", distinct=True))
    return Value(found["n"] if found["units"] == 1 else None)


def _outside_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _figures(period, scope).order_by("pk").values(*_TOLD, "page").iterator()


def _latest(period: Period, scope: Scope) -> Iterator[OutsideFigure]:
    """The figure of the latest certificate; ``database`` narrows them to those measured on one (``postgresql``, ``sqlite``)."""
    found = _figures(period, scope, certified=True)
    if "database" in scope:
        found = found.filter(certificate__database__startswith=scope["database"])
    yield from found.order_by("-end", "-pk")[:1]


def _certified(period: Period, scope: Scope) -> Value:
    return Value(next((one.value for one in _latest(period, scope)), None))


def _certified_rows(period: Period, scope: Scope) -> Iterator[Row]:
    for one in _latest(period, scope):
        yield {name: getattr(one, name) for name in _TOLD} | (one.certificate or {})


def _files(actor: Principal, figures: Collection[int]) -> Mapping[int, str]:
    """The files of figures, for who sees projects of their unit."""
    found = OutsideFigure.objects.filter(pk__in=figures, unit__in=projects_for(actor).values("unit")).exclude(digest="")
    return {pk: reverse("uploads:file", args=[digest, title]) for pk, digest, title in found.values_list("pk", "digest", "file_title")}


def _projects(period: Period, scope: Scope) -> QuerySet[Project]:
    """Projects of the period's year; ``project`` and ``unit`` narrow them."""
    found = Project.objects.filter(year=period.begin.year)
    found = found.filter(pk=scope["project"]) if "project" in scope else found
    return found.filter(unit__pk=int(scope["unit"])) if "unit" in scope else found


def _funds(period: Period, scope: Scope) -> Funds:
    by_project = funds_of_all(list(_projects(period, scope).values_list("pk", flat=True)), period.last_day)
    return sum((in_all(one) for one in by_project.values()), Funds())


def _budget(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_funds(period, scope).annual) / _YUAN if _projects(period, scope).exists() else None)


def _budget_rows(period: Period, scope: Scope) -> Iterator[Row]:
    projects = {one.pk: one for one in _projects(period, scope)}
    for pk, by_source in sorted(funds_of_all(list(projects), period.last_day).items()):
        for source, funds in by_source.items():
            yield {
                "part": f"{pk}/{_BUDGET}/{source}",
                "entry": f"{projects[pk].code} {Source(source).label}预算",
                "project": projects[pk].code,
                "source": source,
                "initial": Decimal(funds.initial) / _YUAN,
                "annual": Decimal(funds.annual) / _YUAN,
            }


def _payments(period: Period, scope: Scope) -> QuerySet[Execution]:
    return Execution.objects.filter(project__in=_projects(period, scope), paid_on__gte=period.begin, paid_on__lt=period.end)


def _payment_rows(period: Period, scope: Scope) -> Iterator[Row]:
    names = ("project", "voucher", "fen", "project__code", "source", "paid_on", "origin")
    for pk, voucher, fen, code, *told in _payments(period, scope).order_by("pk").values_list(*names).iterator():
        known = {"project": code, **dict(zip(names[4:], told, strict=True))}
        yield {"part": f"{pk}/{_VOUCHER}/{voucher}", "entry": voucher, "amount": Decimal(fen) / _YUAN, **known}


def _rate(period: Period, scope: Scope) -> Value:
    return ratio(_payments(period, scope).aggregate(n=Sum("fen"))["n"] or 0, _funds(period, scope).annual)


def _rate_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _budget_rows(period, scope)
    yield from _payment_rows(period, scope)


def _project_of(part: str) -> str:
    return part.partition("/")[0]


def _project_pages(actor: Principal, parts: Collection[str]) -> Mapping[str, str]:
    """The pages of the projects whose money it is, for who sees them."""
    wanted = {one: int(_project_of(one)) for one in parts}
    seen = set(projects_for(actor).filter(pk__in=set(wanted.values())).values_list("pk", flat=True))
    return {one: reverse("performance:project", args=[pk]) for one, pk in wanted.items() if pk in seen}


def _moves_money(act: str, part: str, new: bool) -> bool:  # noqa: FBT001 -- as Records asks
    """A budget changes by documents. A voucher is never changed: what is wrong is reversed by another one, so acts make new ones only."""
    if part.split("/")[1] == _BUDGET:
        return act == "project.adjust"
    return new and act.startswith("execution.")


say("source", lambda code: dict(Source.choices).get(code, code))
say("origin", lambda code: dict(Origin.choices).get(code, code))
_MONEY = Records("project", "part", "entry", _project_pages, whole=_project_of, accounts=_moves_money)

_FIGURES = Records("outside", "id", "title", _files, file="digest")
register(Measure(
    "performance.outside", "", "期内登记的外部数据之和（按数据代码，有来源编号和文件）", 1, _outside, _outside_rows, _FIGURES,
))  # fmt: skip
register(Measure(
    "performance.certified", "", "期内最近一份压力证书的数字（按数据代码，签名已核验）", 1, _certified, _certified_rows, _FIGURES,
))  # fmt: skip
register(Measure("performance.budget", "元", "年度项目调整后的预算数（到期末）", 2, _budget, _budget_rows, _MONEY))
register(Measure(
    "performance.execution_rate", "%", "期内执行数 ÷ 到期末调整后的预算数（按凭证，红字冲减）", 2, _rate, _rate_rows, _MONEY,
))  # fmt: skip
