"""Figures of how an office runs: what it completed, how soon it answers, what was found, whether what it offers is used.

``matters.answered_so`` reads the question and the answer that count from its scope: ``of=found:停用``; ``matters.completed_amount`` the
question whose amounts it adds: ``of=grant``.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from keheng.kernel.measures import Measure, Row, Scope, Value, ratio, register
from keheng.kernel.periods import Period
from keheng.matters.enums import End, Finding
from keheng.matters.measures.selecting import CASES, answer_is, ended, matters_about, submitted
from keheng.matters.models import Case, FollowUp
from keheng.matters.rules.files.shelf import shelf

_HOUR, _FEN_A_YUAN = Decimal(3600), 100


def _completed(period: Period, scope: Scope) -> QuerySet[Case]:
    return ended(period, scope).filter(end=End.GRANTED)


def _completed_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_completed(period, scope).count()))


def _completed_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _completed(period, scope).order_by("pk")
    yield from rows.values("id", "number", "matter", "ended_at", result=F("end")).iterator()


def _granted_amounts(period: Period, scope: Scope) -> QuerySet[Any]:
    """Completed cases in which the question of the scope was answered by an amount, or any number."""
    return _completed(period, scope).annotate(fen=KeyTransform(scope.get("of", ""), "answers")).exclude(fen__isnull=True)


def _amount(period: Period, scope: Scope) -> Value:
    """In yuan; None where no answer is an amount."""
    found = [one for one in _granted_amounts(period, scope).values_list("fen", flat=True) if type(one) is int]
    return Value(Decimal(sum(found)) / _FEN_A_YUAN if found else None)


def _amount_rows(period: Period, scope: Scope) -> Iterator[Row]:
    for row in _granted_amounts(period, scope).order_by("pk").values("id", "number", "matter", "ended_at", amount=F("fen")).iterator():
        yield {**row, "amount": Decimal(row["amount"]) / _FEN_A_YUAN if type(row["amount"]) is int else None}


def _handled(period: Period, scope: Scope) -> QuerySet[Any]:
    """Cases handed in, with the moment at which somebody other than the applicant first did something in them."""
    first = Min("events__at", filter=~Q(events__by=F("applicant")))
    return submitted(period, scope).exclude(end="withdrawn").annotate(first_at=first)


def _first_answer(period: Period, scope: Scope) -> Value:
    spans = _handled(period, scope).exclude(first_at=None).values_list("submitted_at", "first_at")
    seconds = [Decimal(int((first - handed).total_seconds())) for handed, first in spans if handed is not None]
    return ratio(sum(seconds, Decimal(0)) / _HOUR, len(seconds), Decimal(1))


def _taken_up(period: Period, scope: Scope) -> Value:
    found = _handled(period, scope).values_list("first_at", flat=True)
    return ratio(sum(first is not None for first in found), len(found))


def _handled_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _handled(period, scope).order_by("pk").values("id", "number", "matter", "submitted_at", "first_at").iterator()


def _answers(period: Period, scope: Scope) -> QuerySet[Any]:
    """Ended cases in which the question of the scope was answered."""
    field = scope.get("of", "").partition(":")[0]
    return ended(period, scope).annotate(said=KeyTextTransform(field, "answers")).exclude(said__isnull=True)


def _answered_so(period: Period, scope: Scope) -> Value:
    field, _, value = scope.get("of", "").partition(":")
    rows = _answers(period, scope)
    return ratio(rows.filter(answer_is(field, value)).count(), rows.count())


def _answer_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _answers(period, scope).order_by("pk").values("id", "number", "matter", "ended_at", "said").iterator()


def _judged(period: Period, scope: Scope) -> QuerySet[Any]:
    """Ended cases; ``faulty`` where looking into a bad rating showed that the applicant was right."""
    wrong = FollowUp.objects.filter(rating__case=OuterRef("pk"), finding=Finding.VALID)
    return ended(period, scope).annotate(faulty=Exists(wrong))


def _accurate(period: Period, scope: Scope) -> Value:
    found = _judged(period, scope).aggregate(good=Count("pk", filter=Q(faulty=False)), all=Count("pk"))
    return ratio(found["good"], found["all"])


def _judged_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _judged(period, scope).order_by("pk").values("id", "number", "matter", "ended_at", "faulty").iterator()


def _offered(scope: Scope) -> list[str]:
    """The matters on the shelf that a scope is about."""
    found = matters_about(scope["topic"]) if "topic" in scope else list(shelf())
    return sorted(name for name in found if scope.get("matter", name) == name)


def _use_rows(period: Period, scope: Scope) -> Iterator[Row]:
    """One row for each matter on the shelf, with how many cases of it were handed in."""
    used = dict(submitted(period, scope).values_list("matter").annotate(n=Count("pk")))
    yield from ({"matter": name, "cases": used.get(name, 0)} for name in _offered(scope))


def _used(period: Period, scope: Scope) -> Value:
    counts = [row["cases"] for row in _use_rows(period, scope)]
    return ratio(sum(count != 0 for count in counts), len(counts))


register(Measure("matters.completed", "件", "期内办结且准予（通过、完成）的办件数", 1, _completed_count, _completed_rows, CASES))
register(Measure(
    "matters.completed_amount", "元", "期内办结且准予（通过、完成）的办件中，某一项金额之和（范围 of 写明哪一项，如 of=grant）", 1,
    _amount, _amount_rows, CASES,
))  # fmt: skip
register(Measure(
    "matters.first_answer", "小时", "期内提交的办件，从提交到申请人以外的人第一次处理的平均小时数（自然时；尚未处理的、撤回的不计）", 1,
    _first_answer, _handled_rows, CASES,
))  # fmt: skip
register(Measure(
    "matters.taken_up", "%", "期内提交的办件中，申请人以外的人已经处理的比例（撤回的不计）", 1, _taken_up, _handled_rows, CASES,
))  # fmt: skip
register(Measure(
    "matters.answered_so", "%", "期内办结、填写了某一项的办件中，该项为某一答复的比例（范围 of 写明哪一项、哪个答复）", 1,
    _answered_so, _answer_rows, CASES,
))  # fmt: skip
register(Measure(
    "matters.accurate", "%", "期内办结的办件中，没有因差评核实属实而认定办理有误的比例（撤回的不计）", 1, _accurate, _judged_rows, CASES,
))  # fmt: skip
register(Measure("matters.kinds_used", "%", "办事目录内的事项中，期内有办件提交的比例", 1, _used, _use_rows))
