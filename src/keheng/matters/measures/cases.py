"""Figures of cases, windows and policies.

The scopes of ``selecting`` narrow those of cases, ``window`` those of windows, ``policy`` those of pushes, ``bulletin`` those of
bulletins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import localdate

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, ratio, register, say
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.matters.enums import End, Finding, TurnState
from keheng.matters.measures.selecting import CASE_OF_ROW, CASES, PAID_CASE, ended, narrowed, submitted, within
from keheng.matters.models import Bulletin, Clock, Correction, FollowUp, Instalment, PolicyCase, PolicyPush, Rating, Turn
from keheng.matters.queries.addresses import bulletin_address
from keheng.matters.rules.acting import SEE
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.ratings import rating_texts

_GOOD_STARS, _MOST_STARS = 3, 5
_FEN_A_YUAN = 100


def _counted(period: Period, scope: Scope) -> Value:
    return Value(Decimal(submitted(period, scope).count()))


def _counted_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from submitted(period, scope).order_by("pk").values("id", "number", "matter", "submitted_at").iterator()


def _done(period: Period, scope: Scope) -> Value:
    """Of the cases submitted in the period those that have ended."""
    rows = submitted(period, scope).exclude(end="withdrawn")
    found = rows.aggregate(done=Count("pk", filter=~Q(end="")), all=Count("pk"))
    return ratio(found["done"], found["all"])


def _done_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = submitted(period, scope).exclude(end="withdrawn").order_by("pk")
    yield from rows.values("id", "number", "matter", "submitted_at", "ended_at", result=F("end")).iterator()


def _granted(period: Period, scope: Scope) -> Value:
    """Of the cases that ended in the period those that got what they asked for."""
    found = ended(period, scope).aggregate(granted=Count("pk", filter=Q(end="granted")), all=Count("pk"))
    return ratio(found["granted"], found["all"])


def _granted_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from ended(period, scope).order_by("pk").values("id", "number", "matter", "ended_at", result=F("end")).iterator()


def _kinds(period: Period, scope: Scope) -> Value:
    return Value(Decimal(submitted(period, scope).values("matter").distinct().count()))


def _kind_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from submitted(period, scope).order_by("matter").values("matter").annotate(cases=Count("pk")).iterator()


def _promises(period: Period, scope: Scope) -> QuerySet[Clock]:
    """Clocks of ended cases, with what they came to."""
    rows = Clock.objects.filter(ended__isnull=False).exclude(case__end="withdrawn")
    return within(rows, "case__ended_at", period, scope, "case__")


def _in_time(period: Period, scope: Scope) -> Value:
    found = _promises(period, scope).aggregate(kept=Count("pk", filter=Q(used__lte=F("promise"))), all=Count("pk"))
    return ratio(found["kept"], found["all"])


def _promise_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _promises(period, scope).order_by("pk").annotate(number=F("case__number"), clock=F("code"))
    yield from rows.values("case", "number", "clock", "used", "promise", "law").iterator()


def _shorter(period: Period, scope: Scope) -> Value:
    """How much shorter than the law the promises of ended cases were: 1 minus promised days over legal days, in percent."""
    found = _promises(period, scope).aggregate(promise=Sum("promise", default=0), law=Sum("law", default=0))
    return ratio(found["law"] - found["promise"], found["law"])


def _corrected() -> Exists:
    return Exists(Correction.objects.filter(case=OuterRef("pk"), told__isnull=False))


def _passed_at_once(period: Period, scope: Scope) -> Value:
    rows = ended(period, scope)
    return ratio(rows.filter(~_corrected()).count(), rows.count())


def _at_once_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = ended(period, scope).annotate(corrected=_corrected()).order_by("pk")
    yield from rows.values("id", "number", "matter", "ended_at", "corrected").iterator()


def _rated(period: Period, scope: Scope) -> QuerySet[Rating]:
    return within(Rating.objects.all(), "at", period, scope, "case__")


def _well_rated(period: Period, scope: Scope) -> Value:
    """满意 and above, and 基本满意, of all ratings; a case that nobody rated counts nowhere."""
    found = _rated(period, scope).aggregate(good=Count("pk", filter=Q(stars__gte=_GOOD_STARS)), all=Count("pk"))
    return ratio(found["good"], found["all"])


def _five_stars(period: Period, scope: Scope) -> Value:
    found = _rated(period, scope).aggregate(best=Count("pk", filter=Q(stars=_MOST_STARS)), all=Count("pk"))
    return ratio(found["best"], found["all"])


def _rated_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _told(_rated(period, scope))


def _told(rows: QuerySet[Rating]) -> Iterator[Row]:
    """Ratings with the number of their case."""
    named = rows.order_by("pk").annotate(number=F("case__number"), matter=F("case__matter"))
    yield from named.values("case", "number", "matter", "stars", "at").iterator()


def _bad(period: Period, scope: Scope) -> QuerySet[Rating]:
    """Ratings that the texts of the period's last day call bad."""
    return _rated(period, scope).filter(stars__lte=rating_texts(period.end - timedelta(days=1)).bad_up_to)


def _bad_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_bad(period, scope).count()))


def _bad_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _told(_bad(period, scope))


def _fell_due(period: Period, scope: Scope) -> QuerySet[FollowUp]:
    """Follow-ups whose last day lies in the period: those that were closed, and those that were not although it has passed."""
    rows = FollowUp.objects.filter(due_on__gte=period.begin, due_on__lt=period.end)
    return narrowed(rows.filter(Q(closed_on__isnull=False) | Q(due_on__lt=localdate())), scope, "rating__case__")


def _remedied(period: Period, scope: Scope) -> Value:
    found = _fell_due(period, scope).aggregate(kept=Count("pk", filter=Q(closed_on__lte=F("due_on"))), all=Count("pk"))
    return ratio(found["kept"], found["all"])


def _remedied_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _fell_due(period, scope).order_by("pk")
    named = rows.annotate(case=F("rating__case"), number=F("rating__case__number"))
    yield from named.values("case", "number", "due_on", "closed_on", "finding").iterator()


def _users(period: Period, scope: Scope) -> Value:
    return Value(Decimal(submitted(period, scope).values("applicant").distinct().count()))


def _user_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from submitted(period, scope).order_by("applicant").values("applicant").annotate(cases=Count("pk")).iterator()


def _units(period: Period, scope: Scope) -> Value:
    return Value(Decimal(submitted(period, scope).exclude(unit=None).values("unit").distinct().count()))


def _unit_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from (
        submitted(period, scope).exclude(unit=None).order_by("unit").values("unit", "unit__name").annotate(cases=Count("pk")).iterator()
    )


def _districts(period: Period, scope: Scope) -> Value:
    return Value(Decimal(submitted(period, scope).exclude(district="").values("district").distinct().count()))


def _district_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = submitted(period, scope).exclude(district="").order_by("district")
    yield from rows.values("district").annotate(cases=Count("pk"), units=Count("unit", distinct=True)).iterator()


def _turns(period: Period, scope: Scope) -> QuerySet[Turn]:
    """Turns of the days, but those that were given back in time."""
    rows = Turn.objects.filter(day__gte=period.begin, day__lt=period.end).exclude(state=TurnState.CANCELLED)
    return rows.filter(window=scope["window"]) if "window" in scope else rows


def _served(period: Period, scope: Scope) -> QuerySet[Turn]:
    return _turns(period, scope).filter(state=TurnState.DONE)


def _served_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_served(period, scope).count()))


def _turn_rows(rows: QuerySet[Turn]) -> Iterator[Row]:
    yield from rows.order_by("pk").values("id", "number", "day", "ticket", "state", "arrived_at", "called_at", "ended_at").iterator()


def _kept(period: Period, scope: Scope) -> Value:
    rows = _turns(period, scope).exclude(slot=None).filter(state__in=[TurnState.DONE, TurnState.MISSED])
    found = rows.aggregate(came=Count("pk", filter=Q(state=TurnState.DONE)), all=Count("pk"))
    return ratio(found["came"], found["all"])


def _kept_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _turn_rows(_turns(period, scope).exclude(slot=None).filter(state__in=[TurnState.DONE, TurnState.MISSED]))


def _wait(period: Period, scope: Scope) -> Value:
    """From the later of arrival and the booked time to the call; who was called before the booked time did not wait."""
    spans = _served(period, scope).exclude(called_at=None).values_list("called_at", "arrived_at", "queued_for")
    waits = [max(0, (called - max(arrived, queued or arrived)).total_seconds()) for called, arrived, queued in spans if arrived and called]
    minutes = Decimal(str(sum(waits))) / 60
    return Value(minutes / len(waits) if waits else None, minutes, Decimal(len(waits)))


def _wait_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _turn_rows(_served(period, scope).exclude(called_at=None))


def _pushed(period: Period, scope: Scope) -> QuerySet[PolicyPush]:
    """Tellings of newly met policies; scope ``policy`` narrows them."""
    rows = PolicyPush.objects.filter(policy=scope["policy"]) if "policy" in scope else PolicyPush.objects.all()
    return within(rows, "at", period, {})


def _pushed_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_pushed(period, scope).count()))


def _had(period: Period, scope: Scope) -> QuerySet[PolicyCase]:
    """Cases by which units got what a policy gives; scope ``policy`` narrows them."""
    rows = PolicyCase.objects.filter(case__end=End.GRANTED)
    return within(rows.filter(policy=scope["policy"]) if "policy" in scope else rows, "case__ended_at", period, {})


def _had_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_had(period, scope).count()))


def _unasked(period: Period, scope: Scope) -> Value:
    found = _had(period, scope).aggregate(offered=Count("pk", filter=Q(offered=True)), all=Count("pk"))
    return ratio(found["offered"], found["all"])


def _had_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _had(period, scope).order_by("pk").annotate(number=F("case__number"), ended_at=F("case__ended_at"))
    yield from rows.values("case", "number", "policy", "version", "unit", "offered", "ended_at").iterator()


def _paid(period: Period, scope: Scope) -> QuerySet[Instalment]:
    """What was paid on policies; scope ``policy`` narrows it."""
    rows = Instalment.objects.filter(paid_for__policy_case__isnull=False)
    return within(rows.filter(paid_for__policy_case__policy=scope["policy"]) if "policy" in scope else rows, "paid_at", period, {})


def _paid_sum(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_paid(period, scope).aggregate(fen=Sum("paid_fen", default=0))["fen"]) / _FEN_A_YUAN)


def _paid_rows(period: Period, scope: Scope) -> Iterator[Row]:
    named = (
        _paid(period, scope)
        .order_by("pk")
        .annotate(case=F("paid_for"), number_of_case=F("paid_for__number"), policy=F("paid_for__policy_case__policy"))
    )
    for row in named.values("case", "number_of_case", "policy", "paid_at", amount=F("paid_fen")).iterator():
        yield {**row, "amount": Decimal(row["amount"]) / _FEN_A_YUAN}


def _told_units(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_pushed(period, scope).values("unit").distinct().count()))


def _told_unit_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _pushed(period, scope).order_by("unit").values("unit", "unit__district").annotate(times=Count("pk")).iterator()


def _told_districts(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_pushed(period, scope).exclude(unit__district="").values("unit__district").distinct().count()))


def _told_district_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _pushed(period, scope).exclude(unit__district="").order_by("unit__district")
    yield from rows.values("unit__district").annotate(units=Count("unit", distinct=True), times=Count("pk")).iterator()


def _bulletins(period: Period, scope: Scope) -> QuerySet[Bulletin]:
    """Frozen ones of the months that begin in the period."""
    rows = Bulletin.objects.filter(month__gte=period.begin, month__lt=period.end)
    return rows.filter(code=scope["bulletin"]) if "bulletin" in scope else rows


def _bulletin_count(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_bulletins(period, scope).count()))


def _bulletin_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _bulletins(period, scope).order_by("pk").values("id", "code", "month", "title", "digest", "frozen_at").iterator()


def _pushed_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _pushed(period, scope).order_by("pk").values("id", "unit", "policy", "version", "told", "at").iterator()


def _title(matter: str) -> str:
    versions = shelf().get(matter)
    return versions[-1].matter.title if versions else matter


def _bulletin_pages(actor: Principal, bulletins: Collection[int]) -> Mapping[int, str]:
    """Where bulletins are read, for who sees cases."""
    found = Bulletin.objects.filter(pk__in=bulletins) if actor.may(SEE) else ()
    return {one.pk: bulletin_address(one) for one in found}


_BULLETINS = Records("bulletin", "id", "title", _bulletin_pages)

say("matter", _title)
say("finding", lambda finding: dict(Finding.choices).get(finding, finding))
say("result", lambda end: dict(End.choices).get(end, end))
register(
    Measure(
        "matters.policy_pushed",
        "条",
        "期内告知企业新符合一项政策的次数（一家企业、一项政策、一个版本一次）",
        1,
        _pushed_count,
        _pushed_rows,
    )
)
register(Measure("matters.policy_units", "家", "期内被告知新符合某项政策的企业数", 1, _told_units, _told_unit_rows))
register(Measure("matters.policy_districts", "个", "期内被告知新符合某项政策的企业所在的区县数", 1, _told_districts, _told_district_rows))
register(Measure("matters.policy_had", "件", "期内兑现的政策办件数", 1, _had_count, _had_rows, CASE_OF_ROW))
register(Measure("matters.policy_unasked", "%", "期内兑现的政策办件中免申即享的比例", 1, _unasked, _had_rows, CASE_OF_ROW))
register(Measure("matters.policy_paid", "元", "期内已拨付的政策兑现资金", 1, _paid_sum, _paid_rows, PAID_CASE))
register(Measure("matters.bulletins", "期", "期内各月份中已定稿的月报数", 1, _bulletin_count, _bulletin_rows, _BULLETINS))
register(Measure("matters.turns", "人次", "期内在窗口办完的人次", 1, _served_count, lambda *of: _turn_rows(_served(*of))))
register(Measure("matters.turns_kept", "%", "期内的预约中到场办完的比例（取消的不计）", 1, _kept, _kept_rows))
register(Measure("matters.window_wait", "分钟", "从到场（早到的从预约时间）到叫号的平均分钟", 1, _wait, _wait_rows))
register(Measure("matters.cases", "件", "期内提交的办件数", 1, _counted, _counted_rows, CASES))
register(Measure("matters.ended", "%", "期内提交的办件中已办结的比例（撤回的不计）", 1, _done, _done_rows, CASES))
register(Measure("matters.granted", "%", "期内办结的办件中准予、通过的比例（撤回的不计）", 1, _granted, _granted_rows, CASES))
register(Measure("matters.kinds", "项", "期内有办件提交的事项数", 1, _kinds, _kind_rows))
register(Measure("matters.in_time", "%", "期内办结的办件各时限中未超过承诺的比例（撤回的不计）", 2, _in_time, _promise_rows, CASE_OF_ROW))
register(Measure("matters.at_once", "%", "期内办结的办件中没有告知补正的比例（撤回的不计）", 1, _passed_at_once, _at_once_rows, CASES))
register(Measure("matters.shorter", "%", "1 − 承诺天数 ÷ 法定天数，按期内办结的办件的各时限合计", 2, _shorter, _promise_rows, CASE_OF_ROW))
register(Measure("matters.well_rated", "%", "期内评价中三星以上的比例", 2, _well_rated, _rated_rows, CASE_OF_ROW))
register(Measure("matters.five_stars", "%", "期内评价中五星的比例", 2, _five_stars, _rated_rows, CASE_OF_ROW))
register(Measure("matters.bad_ratings", "件", "期内的差评（一星、二星）数", 1, _bad_count, _bad_rows, CASE_OF_ROW))
register(Measure("matters.remedied", "%", "期内到期的差评整改中在期限内核实、整改并答复的比例", 1, _remedied, _remedied_rows, CASE_OF_ROW))
register(Measure("matters.users", "人", "期内提交办件的账号数", 1, _users, _user_rows))
register(Measure("matters.units", "家", "期内提交办件的单位数", 1, _units, _unit_rows))
register(Measure("matters.districts", "个", "期内有办件提交的区县数", 1, _districts, _district_rows))
