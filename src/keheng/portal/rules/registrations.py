"""Whether somebody may register: all problems at once. No name and no number is repeated in a problem: refusals stand on the trail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keheng.kernel.errors import Problem, problem
from keheng.kernel.trail.record import mark
from keheng.portal.enums.activities import LIVE, ActivityState, RegistrationState
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Activity, Registration, Session

_PHONE = re.compile(r"\+?[0-9]{7,15}")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person who wants to come; the phone in its normal form. Never shown by ``repr``: it would be in a traceback."""

    name: str
    phone: str

    def __repr__(self) -> str:
        """Neither name nor number."""
        return "Attendee(…)"

    @property
    def mark(self) -> str:
        """By which the same person is known again."""
        return mark(self.phone)


def attendee(name: str, phone: str) -> Attendee:
    """A person from what was typed: half width, a Chinese number without its country code."""
    half = unicodedata.normalize("NFKC", phone)
    plain = re.sub(r"[\s()-]", "", half)
    local = re.sub(r"^(?:\+|00)86(?=1)", "", plain)
    return Attendee(" ".join(unicodedata.normalize("NFKC", name).split()), local)


def firm_key(unit: int | None, title: str) -> str:
    """By what firms are told apart; '' for people who come for nobody."""
    if unit is not None:
        return f"u:{unit}"
    plain = "".join(unicodedata.normalize("NFKC", title).lower().split())
    return f"n:{plain}"[:202] if plain else ""


def person_problems(one: Attendee) -> list[Problem]:
    """What is wrong with a name and a number."""
    found: list[Problem] = []
    if not one.name or len(one.name) > LONGEST_NAME:
        found.append(problem("REG_NAME", "name", most=LONGEST_NAME))
    if not _PHONE.fullmatch(one.phone):
        found.append(problem("REG_PHONE", "phone"))
    return found


def window_problems(activity: Activity, moment: datetime) -> list[Problem]:
    """Whether one may register now: by the state, and by the clock where the state lags behind."""
    if activity.state == ActivityState.OPEN and activity.opens_at <= moment < activity.closes_at:
        return []
    before = activity.state == ActivityState.PUBLISHED or (activity.state == ActivityState.OPEN and moment < activity.opens_at)
    return [problem("REG_NOT_YET") if before else problem("REG_OVER")]


def registration_problems(session: Session, people: Sequence[Attendee], firm: str, moment: datetime) -> list[Problem]:
    """What stands in the way of registering these people for a session; places are another matter."""
    activity, found = session.activity, window_problems(session.activity, moment)
    if not people:
        found.append(problem("REG_NOBODY", "people"))
    most = parameter("most_people")
    if len(people) > most:
        found.append(problem("REG_TOO_MANY", "people", most=most))
    for one in people:
        found += [wrong for wrong in person_problems(one) if wrong not in found]
    marks = [one.mark for one in people]
    live = Registration.objects.filter(session=session, state__in=sorted(LIVE))
    if len(set(marks)) < len(marks):
        found.append(problem("REG_TWICE_HERE", "people"))
    elif live.filter(phone_mark__in=marks).exists():
        found.append(problem("REG_TWICE", "phone"))
    if activity.per_unit and firm and live.filter(firm=firm).count() + len(people) > activity.per_unit:
        found.append(problem("REG_PER_UNIT", "people", most=activity.per_unit))
    if not activity.waiting_list and session.left < len(people):
        found.append(problem("REG_FULL", left=session.left))
    return found


def cancel_problems(registration: Registration, moment: datetime) -> list[Problem]:
    """Whether a registration may still be given up: as long as it stands and the session has not begun."""
    if registration.state not in {RegistrationState.PENDING, RegistrationState.CONFIRMED, RegistrationState.WAITING}:
        return [problem("REG_STATE", state=registration.get_state_display())]
    return [problem("REG_BEGUN")] if registration.session.begins_at <= moment else []


def decision_problems(registration: Registration, *, agreed: bool, reason: str) -> list[Problem]:
    """Whether a registration waits for a decision; a refusal says why."""
    found = [] if registration.state == RegistrationState.PENDING else [problem("REG_STATE", state=registration.get_state_display())]
    if not agreed and not reason.strip():
        found.append(problem("ACT_REASON", "reason"))
    return found
