"""Foreigners who work in Yunling: cases in every stage by the real acts, those of the past year, turns at the window, twelve bulletins.

All names are invented; numbers begin with 1990000, which nobody has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.numbers import draw, written
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, record
from keheng.kernel.uploads.receiving import store
from keheng.kernel.working_days import working_calendar
from keheng.matters.demo.history import History, Plan, Way, working_days_of_a_year
from keheng.matters.enums import TurnState
from keheng.matters.models import Case, Material, Turn, WindowSlot
from keheng.matters.queries.bulletins import digest_of_content, drawn
from keheng.matters.queries.cases import loaded, matter_of
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.printing import application_pdf
from keheng.matters.queries.windows import offers
from keheng.matters.rules.bulletins import templates
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.windows import windows
from keheng.matters.service import (
    MoveWish,
    book_turn,
    call_next,
    finish_turn,
    freeze_bulletin,
    move_case,
    note_correction,
    open_case,
    save_answers,
    take_walk_in,
    tick_step,
)

Progress = Callable[[str, int, int], None]
# The published form of 2022 tells of over 30,000 services in a year: as many are of the past twelve months, and of the last year.
COUNTS = {"small": 120, "full": 31_200}
TURNS_A_DAY = {"small": 1, "full": 24}
_WINDOW, _BULLETIN = "yl.foreigners-window", "yl.foreigners-monthly"
_LANDS = ("演示国甲", "演示国乙", "演示国丙", "演示国丁")
_MATTERS = {
    "yl.work-permit-extension": 32, "yl.work-permit-new-abroad": 13, "yl.work-permit-new-inside": 13, "yl.work-permit-change": 12,
    "yl.work-permit-cancel": 13, "yl.work-permit-reissue": 2, "yl.work-permit-short": 4, "yl.talent-visa-letter": 4,
    "yl.invitation-letter": 5, "yl.recommendation-letter": 2,
}  # fmt: skip
_MONTHS = 12


def load(*, scale: str, progress: Progress) -> int:
    """Load everything; how many cases there are."""
    logins = ("demo.unit.manager", "demo.window.clerk", "demo.case.officer", "demo.leader")
    firm, clerk, officer, leader = (accounts().principal(accounts().find(login), "") for login in logins)
    office = {"accept": clerk.account, "examine": officer.account, "decide": leader.account}
    plans, written_so_far = years_of_plans(COUNTS[scale]), 0
    for written_so_far in History(firm, office, 5).write(plans):
        progress("历年办件 past cases", written_so_far, len(plans))
    live = _live(firm, clerk, officer, leader)
    _past_turns(TURNS_A_DAY[scale])
    _turns(firm, clerk)
    months = _whole_months()
    for number, month in enumerate(months, 1):
        _freeze(officer, month)
        progress("动态月报 bulletins", number, len(months))
    return written_so_far + live


def _whole_months() -> list[date]:
    """Those of the last year, and those of this one that are over: twelve at least."""
    today = localdate()
    return [date(today.year + (number - 1) // _MONTHS, (number - 1) % _MONTHS + 1, 1) for number in range(1 - _MONTHS, today.month)]


def _freeze(officer: Principal, month: date) -> None:
    digest = digest_of_content(drawn(templates()[_BULLETIN], month))
    freeze_bulletin(actor=officer, code=_BULLETIN, month=month, digest=digest)


def _answers(matter: str, number: int, day: date) -> dict[str, Any]:
    """Answers of a file's own tests, on a day, for an invented person."""
    read = in_force(matter, localdate())
    if read is None:
        raise LookupError(matter)
    found = read.matter.given(read.matter.tests[0])
    told = {
        "unit_name": "云岭演示单位", "phone": f"1990000{number % 10000:04}", "person": f"SAMPLE PERSON {number}",
        "passport": f"X{number:07}", "nationality": _LANDS[number % len(_LANDS)], "pay": str(240_000 + 4_000 * (number % 60)),
        "expires": (day + timedelta(days=60)).isoformat(), "changed_on": (day - timedelta(days=3)).isoformat(),
        "lost_on": (day - timedelta(days=2)).isoformat(), "ended_on": (day - timedelta(days=1)).isoformat(),
        "stay_until": (day + timedelta(days=40)).isoformat(), "since": (day - timedelta(days=300)).isoformat(),
        "begins": (day + timedelta(days=20)).isoformat(),
        "until": (day + timedelta(days=80 if "short" in matter or "invitation" in matter else 400)).isoformat(),
    }  # fmt: skip
    return {**found, **told}


def years_of_plans(count: int) -> list[Plan]:
    """So many cases of the past twelve months, and those of the last calendar year before them that make up as many."""
    year, calendar = localdate().year - 1, working_calendar()
    recent = _plans(count, working_days_of_a_year(localdate(), calendar))
    first, of_it = min(plan.day for plan in recent), sum(plan.day.year == year for plan in recent)
    begins = date(year, 1, 1)
    days = [day for day in (begins + timedelta(days=number) for number in range((first - begins).days)) if calendar.is_working(day)]
    return [*(_plans(count - of_it, days, seed=2023) if days else []), *recent]


def _plans(count: int, days: Sequence[date], seed: int = 2024) -> list[Plan]:
    """Cases spread over working days, more of them in busy months, each on its way."""
    chance = Random(seed)  # noqa: S311 -- the same city every time, nothing secret
    weights = [1 + (day.month in {3, 6, 9}) * 0.4 for day in days]
    matters = chance.choices(list(_MATTERS), list(_MATTERS.values()), k=count)
    plans, ratings = [], 0
    for number, (matter, day) in enumerate(zip(matters, sorted(chance.choices(days, weights, k=count)), strict=True), 1):
        rated = chance.random() < 0.6  # noqa: PLR2004 -- a share of a made-up year
        ratings += rated
        # 99.9 % of five stars, as published for 2022: every thousandth has four.
        stars = 0 if not rated else 4 if ratings % 1000 == 500 else 5  # noqa: PLR2004 -- the middle of each thousand
        plans.append(Plan(matter, day, _answers(matter, number, day), _way(chance, matter), stars))
    return plans


def _way(chance: Random, matter: str) -> Way:
    """How a case went: mostly straight on and within the promise; some corrected, refused, not accepted, withdrawn."""
    read = in_force(matter, localdate())
    promise = read.matter.clocks["main"].promise.days if read is not None else 1
    took = chance.randint(1, max(1, promise - 1))
    begin: list[tuple[str, int]] = [("submit", 0)]
    kind = chance.random()
    if kind < 0.01:  # noqa: PLR2004 -- one in a hundred
        return [*begin, ("withdraw", 1)]
    if kind < 0.03:  # noqa: PLR2004 -- two in a hundred
        return [*begin, ("not_accept", chance.randint(0, 3))]
    if kind < 0.15:  # noqa: PLR2004 -- twelve in a hundred
        begin += [("ask_more", chance.randint(0, 3)), ("resend", chance.randint(1, 8))]
    begin += [("accept", chance.randint(0, 1))]
    if kind > 0.98:  # noqa: PLR2004 -- two in a hundred
        return [*begin, ("fail", took), ("refuse", 0)]
    first = chance.randint(0, took)
    return [*begin, ("pass", first), ("grant", took - first), ("confirm", chance.randint(0, 3))]


def _begin(firm: Principal, matter: str, number: int, **other: Any) -> Case:
    case = open_case(actor=firm, matter=matter)
    typed = {**_answers(matter, 90_000 + number, localdate()), **other}
    save_answers(actor=firm, case=case.pk, typed=typed, seen=case.marks)
    case.refresh_from_db()
    file = store().keep(BytesIO(application_pdf(loaded(case))), MATERIAL.limits)
    rows = [
        Material(case=case, code=one.id, name=f"{one.title}.pdf", file_id=file.digest, by=firm.account, at=now())
        for one in matter_of(case).materials
    ]
    Material.objects.bulk_create(rows)
    return case


def _do(actor: Principal, case: Case, move: str, opinion: str = "", **typed: Any) -> Case:
    return move_case(actor=actor, case=case.pk, wish=MoveWish(move, case.version, typed, opinion, signed=True))


def _live(firm: Principal, clerk: Principal, officer: Principal, leader: Principal) -> int:
    """Cases of these days, by the real acts: one in each stage."""
    _begin(firm, "yl.work-permit-new-abroad", 1)
    before = Case.objects.count()
    for number, matter in enumerate(_MATTERS, 2):
        _do(firm, _begin(firm, matter, number), "submit")
    # By video: two steps are ticked, the others wait.
    half = _do(firm, _begin(firm, "yl.work-permit-new-inside", 20, channel="视频连线"), "submit")
    whole = _do(firm, _begin(firm, "yl.work-permit-new-abroad", 21, channel="视频连线"), "submit")
    steps = [step.id for step in matter_of(whole).checklists["video"].steps]
    for case, ticked in ((half, steps[:2]), (whole, steps)):
        for step in ticked:
            tick_step(actor=clerk, case=case.pk, checklist="video", step=step, remark="清晰" if step == "passport" else "")
    _do(clerk, whole, "accept")
    # Somebody names class A whose answers lead to B, and one is asked to complete the application.
    _do(clerk, _do(firm, _begin(firm, "yl.work-permit-new-abroad", 22, grade="A类"), "submit"), "accept_green")
    fix = _do(firm, _begin(firm, "yl.invitation-letter", 23), "submit")
    note_correction(actor=clerk, case=fix.pk, target="plan", text="日程请写明每天的地点")
    _do(clerk, fix, "ask_more")
    done = _do(clerk, _do(firm, _begin(firm, "yl.talent-visa-letter", 24), "submit"), "accept")
    _do(leader, _do(officer, done, "pass", "材料齐全，符合条件。"), "grant")
    return 1 + Case.objects.count() - before


def _past_turns(most_a_day: int) -> None:
    """Turns at the window on past days, written in bulk like the cases of the year."""
    chance, window, calendar = Random(7), windows()[_WINDOW], working_calendar()  # noqa: S311 -- the same city every time, nothing secret
    slots: dict[datetime, WindowSlot] = {}
    turns: list[Turn] = []
    for day in working_days_of_a_year(localdate(), calendar):
        times = list(window.times(day, calendar))
        for number in range(chance.randint(most_a_day // 2, most_a_day + 1)):
            time = chance.choice(times)
            slot = slots.setdefault(time.begins, WindowSlot(window=_WINDOW, begins_at=time.begins, ends_at=time.ends, places=time.places))
            booked = slot.taken < slot.places and chance.random() < 0.7  # noqa: PLR2004 -- seven of ten
            slot.taken += booked
            turns.append(_past_turn(chance, day, number, slot, booked=booked))
    with transaction.atomic():
        for turn in turns:
            turn.number = written("YY", turn.day.year, draw("matters.turn", turn.day.year))
        WindowSlot.objects.bulk_create(slots.values())
        Turn.objects.bulk_create(turns)
        record("window.take_over", actor=SYSTEM, target="turns", reason=f"{len(turns)} 个历史号")


def _past_turn(chance: Random, day: date, number: int, slot: WindowSlot, *, booked: bool) -> Turn:
    early, wait, counter = chance.randint(0, 12), chance.randint(0, 9), f"{chance.randint(1, 3)}号"
    arrived = slot.begins_at - timedelta(minutes=early) if booked else slot.begins_at + timedelta(minutes=early)
    made = Turn(window=_WINDOW, day=day, slot=slot if booked else None, state=TurnState.DONE, made_at=arrived)
    if booked and chance.random() < 0.06:  # noqa: PLR2004 -- six of a hundred do not come
        made.state, made.ended_at = TurnState.MISSED, slot.ends_at
        return made
    made.ticket, made.arrived_at, made.counter = f"{'A' if booked else 'B'}{number + 1:03}", arrived, counter
    made.queued_for = slot.begins_at if booked else arrived
    made.called_at = made.queued_for + timedelta(minutes=wait)
    made.ended_at = made.called_at + timedelta(minutes=chance.randint(5, 25))
    return made


def _turns(firm: Principal, clerk: Principal) -> None:
    """Appointments of the coming days, and people in the hall today."""
    window = windows()[_WINDOW]
    found = [offer for offered in offers(window, localdate(), window.ahead).values() for offer in offered]
    matters: Mapping[int, str] = dict(enumerate(_MATTERS))
    for number, offer in enumerate(found[3 : 3 + (window.most - 1) * 4 : 4]):
        book_turn(actor=firm, window=_WINDOW, begins=offer.time.begins, matter=matters[number])
    for number in range(4):
        take_walk_in(actor=clerk, window=_WINDOW, matter=matters[number])
    first = call_next(actor=clerk, window=_WINDOW, counter=window.counters[0])
    finish_turn(actor=clerk, turn=first.pk)
    call_next(actor=clerk, window=_WINDOW, counter=window.counters[0])
