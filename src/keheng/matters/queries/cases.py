"""Cases for whoever may see them, and a case as the engine sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import localdate

from keheng.kernel.errors import Problem, problem
from keheng.kernel.powers import Principal
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Case, CaseEvent, Clock, Material, Party, Substitution
from keheng.matters.queries.calls import joined_problems, taken_problems
from keheng.matters.queries.hanging import Hanging
from keheng.matters.rules.acting import APPLY, seen_by
from keheng.matters.rules.calls import inner_problems
from keheng.matters.rules.citing import citing_problems
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.points import bound
from keheng.matters.rules.files.shelf import matter_of_text
from keheng.matters.rules.flow.clocks import Run, Stop
from keheng.matters.rules.flow.situation import Situation, Voice, World
from keheng.matters.rules.form.answers import eligibility_problems, facts_of, form_problems, material_problems

_BATCH = 500


@dataclass(frozen=True)
class Loaded:
    """A case with its matter and its situation; what hangs on it and what happened is read once, when it is asked for."""

    case: Case
    matter: Matter
    at: Situation

    @cached_property
    def hung(self) -> Hanging:
        """Corrections, materials, letters, outputs and ticks."""
        return Hanging(self.case)

    @cached_property
    def files(self) -> Mapping[str, list[Material]]:
        """The files handed in, by material, without those that were taken back."""
        found: dict[str, list[Material]] = {}
        for row in self.hung.of(Material):
            if row.removed_at is None:
                found.setdefault(row.code, []).append(row)
        return found

    def numbered(self, code: str) -> Mapping[int, Material]:
        """The files of a material by their numbers: each keeps its own, whichever were taken back."""
        rows = [row for row in self.hung.of(Material) if row.code == code]
        return {number: row for number, row in enumerate(rows, 1) if row.removed_at is None}

    @cached_property
    def events(self) -> list[CaseEvent]:
        """What happened, in its order."""
        return list(CaseEvent.objects.filter(case=self.case).order_by("version"))


def matter_of(case: Case) -> Matter:
    """The matter of the edition a case runs on."""
    return matter_of_text(case.edition.text)


def loaded(case: Case) -> Loaded:
    """The situation of a case: its row, its clocks and their suspensions."""
    at = Situation(
        state=case.state,
        entered=case.entered_on,
        answers=all_answers(case),
        spent=frozenset(case.spent),
        voices=tuple(Voice(*one) for one in case.voices),
        runs={clock.code: run for clock, run in runs_of(Clock.objects.filter(case=case))},
    )
    return Loaded(case, matter_of(case), at)


def look_at(case: int) -> Loaded:
    """A case by its number in the database, for functions that files name; raises Case.DoesNotExist."""
    return loaded(Case.objects.select_related("edition").get(pk=case))


def run_of(clock: Clock) -> Run:
    """A clock as the engine sees it."""
    stops = sorted(clock.stops.all(), key=lambda stop: stop.pk)
    return Run(clock.started, clock.added, tuple(Stop(stop.state, stop.since, stop.until) for stop in stops), clock.ended)


def runs_of(clocks: QuerySet[Clock]) -> Iterator[tuple[Clock, Run]]:
    """Clocks in the order they began, with their suspensions, in one query."""
    rows = clocks.annotate(stop=F("stops__pk"), state=F("stops__state"), since=F("stops__since"), until=F("stops__until")).order_by(
        "pk", "stop"
    )
    for _, same in groupby(rows.iterator(_BATCH), key=lambda clock: clock.pk):
        some: list[Any] = list(same)
        stops = tuple(Stop(row.state, row.since, row.until) for row in some if row.stop is not None)
        yield some[0], Run(some[0].started, some[0].added, stops, some[0].ended)


def all_answers(case: Case) -> dict[str, Any]:
    """Open and sealed answers together."""
    return {**case.answers, **private_answers(case)}


def private_answers(case: Case) -> dict[str, Any]:
    """The sealed answers, opened."""
    found: dict[str, Any] = json.loads(case.private) if case.private else {}
    return found


def given_by(account: str, day: date) -> list[str]:
    """Accounts that somebody substitutes on a day."""
    if not account:
        return []
    return list(Substitution.objects.filter(taker=account, since__lte=day, until__gt=day).values_list("giver", flat=True).distinct())


def world_of(one: Loaded, day: date | None = None) -> World:
    """What a case sees of the rest."""
    today = day or localdate()
    return World(
        today, working_calendar(), lambda name: guard_of(one, name), lambda: lacking(one, today), lambda name: reasons_of(one, name)
    )


def guard_of(one: Loaded, name: str) -> bool | None:
    """The answer of a registered guard; None when nobody has bound it."""
    guard = bound("guards", name)
    return None if guard is None else guard(one)


def reasons_of(one: Loaded, name: str) -> list[Problem]:
    """Why a registered guard is not met; nothing where nobody tells."""
    reasons = bound("reasons", name)
    return [] if reasons is None else list(reasons(one))


def applied_on(case: Case) -> date | None:
    """The day of the application; None for a draft."""
    return localdate(case.submitted_at) if case.submitted_at is not None else None


def lacking(one: Loaded, day: date, files: Mapping[str, int] | None = None) -> list[Problem]:
    """Everything that the form and the materials lack: on a day, but on that of the application once it was handed in.

    Who applied in time is not late because of a correction. ``files`` are how many there are of each material, where that is known.
    """
    day = applied_on(one.case) or day
    facts = facts_of(one.matter, one.at.answers, day)
    return [
        *form_problems(one.matter, one.at.answers, day),
        *eligibility_problems(one.matter, facts),
        *material_problems(one.matter, facts, held(one.case) if files is None else files, lambda name: is_waived(one, name)),
        *_expired(one, day),
        *citing_problems(one.matter, one.at.answers, one.numbered),
        *inner_problems(one.matter, one.at.answers, facts),
        *taken_problems(one.case, one.matter, one.at.answers, day),
        *joined_problems(one.case, one.matter, one.at.answers, day),
    ]


def _expired(one: Loaded, day: date) -> list[Problem]:
    """Materials with a document that was valid when it was uploaded and is not any more."""
    dated = {each.id: each.title for each in one.matter.materials if each.valid}
    if not dated:
        return []
    over = Material.objects.filter(case=one.case, code__in=dated, removed_at=None, valid_until__lt=day)
    codes = sorted(set(over.values_list("code", flat=True)))
    return [problem("MATTER_MATERIAL_OVER", f"material-{code}", title=dated[code]) for code in codes]


def held(case: Case) -> Mapping[str, int]:
    """How many files there are of each material."""
    found = Material.objects.filter(case=case, removed_at=None).values("code").annotate(n=Count("pk")).order_by()
    return {row["code"]: row["n"] for row in found}


def is_waived(one: Loaded, name: str) -> bool:
    """Whether shared data make a material needless."""
    waiver = bound("waivers", name)
    return waiver is not None and bool(waiver(one))


def own_cases(actor: Principal) -> QuerySet[Case]:
    """Cases somebody opened, and those of the unit acted for, where something happened last first."""
    own = Q(applicant=actor.account) if actor.account else Q(pk__in=[])
    return Case.objects.filter(own | actor.within(APPLY, unit="unit")).order_by("-touched_at", "-pk")


def personal_cases(actor: Principal) -> QuerySet[Case]:
    """Cases somebody opened, where something happened last first."""
    return (Case.objects.filter(applicant=actor.account) if actor.account else Case.objects.none()).order_by("-touched_at", "-pk")


def unit_cases(actor: Principal) -> QuerySet[Case]:
    """Cases of the unit acted for, of whoever may apply for it, where something happened last first."""
    return Case.objects.filter(actor.within(APPLY, unit="unit"), unit=int(actor.unit or 0)).order_by("-touched_at", "-pk")


def cases_for(actor: Principal) -> QuerySet[Case]:
    """Cases of the office's side that an actor may see."""
    named = Party.objects.filter(account__in={actor.account, *given_by(actor.account, localdate())} - {""})
    return Case.objects.filter(seen_by(actor, named if named.exists() else None))


def children_done(one: Loaded) -> bool | None:
    """Whether all child cases have ended; None when there is none."""
    ended = list(Case.objects.filter(parent=one.case).values_list("ended_at", flat=True))
    return all(one is not None for one in ended) if ended else None


def unit_is_registered(one: Loaded) -> bool:
    """Whether a case is for a unit whose registration the directory holds: its licence need not be handed in."""
    unit = one.case.unit
    return unit is not None and unit.status == "active" and unit.credit_code is not None
