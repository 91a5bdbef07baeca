"""Whether a round may be opened, filled, drawn and judged: everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from keheng.kernel.errors import Problem, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor
from keheng.review.enums import PanelistState, Rubric, SeatState, parameter, rubrics
from keheng.review.models import Entry, Observer, Panelist, Round, Seat
from keheng.review.rules.combining import combinations
from keheng.review.rules.resting import served_lately

SEE, MANAGE, DECIDE, JUDGE = "review.round.see", "review.round.manage", "review.result.decide", "review.score"


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Who should not judge a subject, as the applicant wrote it: a person, those of a unit, or a person of a unit; and why."""

    name: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that judges may open: the title they see, its digest, and the name it was handed in under."""

    title: str
    digest: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A table whose lines name their evidence: each line has its cells, and the title of the paper behind it ('' for none)."""

    label: str
    columns: tuple[str, ...]
    lines: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be judged, as whoever opens a round hands it over.

    ``unit`` is the applicant's organisation, ``account`` the applicant's own, ``units`` are others whose judges keep away (employers),
    ``people`` are the applicants, ``excluded`` experts whom they do not want to judge, ``unwanted`` those whom they name without
    knowing the pool.
    ``document`` is what judges read: it must not tell whose it is. ``papers`` are files they may open, but for those in which any
    of the ``hidden`` words is found. ``cited`` are tables that judges read with those papers beside the lines.
    """

    reference: str
    title: str
    unit: int | None
    document: str
    field: str = ""
    people: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    unwanted: tuple[Unwanted, ...] = ()
    account: str = ""
    units: tuple[int, ...] = ()
    papers: tuple[Paper, ...] = ()
    hidden: tuple[str, ...] = ()
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What is said of a round: seats of an entry by kind of judge, most entries a judge, how many may be proposed.

    ``line``: none below so many points is proposed; ``publicity``: working days, where the programme has its own;
    ``rests``: whoever judged in so many of the last rounds of the kind judges nothing in this one.
    ``listed``: what entries on its list are called; ``fee``: of a reading in fen, where the programme has its own.
    """

    title: str
    kind: str
    rubric: str
    combination: str
    seats: Mapping[str, int]
    most: int
    quota: int
    scoring_until: date
    line: Decimal | None = None
    publicity: int | None = None
    rests: int = 0
    listed: str = "列入名单"
    fee: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """An expert who is asked to judge, with the account they use and the kind of seat they take."""

    expert: int
    account: str
    kind: str


def rounds_within(actor: Principal) -> Q:
    """Rounds whose staff pages an actor may open."""
    return actor.within(SEE, own="organiser")


def rounds_open_to(actor: Principal) -> Q:
    """Rounds that an actor may look into: those of their staff pages, and those they observe."""
    within = rounds_within(actor)
    # An empty condition reaches everything; joined by "or" it would vanish.
    return within | Q(pk__in=Observer.objects.filter(account=actor.account).values("round")) if within else within


def opinions_open(row: Round, actor: Actor) -> bool:
    """Whether points by criterion and comments are shown: to observers as they come, to others once there are results."""
    return row.has_results or Observer.objects.filter(round=row, account=actor.account).exists()


def state_problems(found: Round, *states: str) -> list[Problem]:
    """The round must stand in one of these states."""
    return [] if found.state in states else [problem("REVIEW_STATE", state=found.get_state_display())]


def opening_problems(facts: RoundFacts, subjects: Sequence[Subject], today: date) -> list[Problem]:
    """What forbids a round."""
    found: list[Problem] = []
    if not facts.title.strip():
        found.append(problem("REVIEW_TITLE", "title"))
    if facts.rubric not in rubrics():
        found.append(problem("REVIEW_RUBRIC", "rubric"))
    if facts.combination not in combinations():
        found.append(problem("REVIEW_COMBINATION", "combination"))
    if not facts.seats or min(facts.seats.values()) < 1:
        found.append(problem("REVIEW_SEATS", "seats"))
    elif sum(facts.seats.values()) % 2 == 0:
        found.append(problem("REVIEW_EVEN", "seats", count=sum(facts.seats.values())))
    if facts.most < 1:
        found.append(problem("REVIEW_MOST", "most"))
    if facts.scoring_until < today:
        found.append(problem("REVIEW_PAST", "scoring_until"))
    if not subjects:
        found.append(problem("REVIEW_NOTHING", "subjects"))
    if not 0 < facts.quota <= max(len(subjects), 1):
        found.append(problem("REVIEW_QUOTA", "quota", count=len(subjects)))
    references = [one.reference for one in subjects]
    if doubled := sorted({one for one in references if references.count(one) > 1}) if len(set(references)) < len(references) else []:
        found.append(problem("REVIEW_DOUBLED", "subjects", references="、".join(doubled[:5])))
    most = parameter("exclusions_most")
    if over := [one.reference for one in subjects if len(one.excluded) + len(one.unwanted) > most]:
        found.append(problem("REVIEW_EXCLUSIONS", "subjects", most=most, references="、".join(over[:5])))
    return found


def calling_problems(
    row: Round, calls: Sequence[Call], in_pool: Mapping[int, int], officers: Collection[str], people: Mapping[str, Collection[int]]
) -> list[Problem]:
    """Who may not judge: strangers to the pool, officers of rounds, observers, kinds without a seat, those called already.

    ``in_pool`` are the people of the experts who may be called, ``people`` those whom the accounts are known to belong to.
    """
    found = state_problems(row, "draft")
    known = set(Panelist.objects.filter(round=row).values_list("expert_id", flat=True))
    watching = set(Observer.objects.filter(round=row).values_list("account", flat=True))
    for call in calls:
        if call.expert not in in_pool:
            found.append(problem("REVIEW_NOT_IN_POOL", "experts", expert=call.expert))
        if not call.account:
            found.append(problem("REVIEW_NO_ACCOUNT", "experts", expert=call.expert))
        if call.expert in in_pool and people.get(call.account) and in_pool[call.expert] not in people[call.account]:
            found.append(problem("REVIEW_ACCOUNT_OTHER", "login"))
        if call.account in officers or call.account == row.organiser:
            found.append(problem("REVIEW_OFFICER", "experts", expert=call.expert))
        if call.account in watching:
            found.append(problem("REVIEW_OBSERVES", "experts", expert=call.expert))
        if call.kind not in row.seats:
            found.append(problem("REVIEW_KIND", "experts", kind=call.kind))
    experts = [call.expert for call in calls]
    if known & set(experts) or len(set(experts)) < len(experts):
        found.append(problem("REVIEW_CALLED", "experts"))
    return found


def observer_problems(row: Round, account: str) -> list[Problem]:
    """An observer is neither judge nor organiser, and is named before the draw is committed."""
    found = state_problems(row, "draft")
    if not account:
        found.append(problem("REVIEW_OBSERVER_UNKNOWN", "login"))
    if account == row.organiser or Panelist.objects.filter(round=row, account=account).exists():
        found.append(problem("REVIEW_OBSERVER_PARTY", "login"))
    return found


def commit_problems(row: Round) -> list[Problem]:
    """Before the pool is fixed there must be a panel that can fill the seats of one entry."""
    found, resting = state_problems(row, "draft"), served_lately(row)
    for kind, count in row.seats.items():
        called = Panelist.objects.filter(round=row, kind=kind).exclude(state=PanelistState.DECLINED)
        ready = called.exclude(expert__in=resting).count()
        if ready < count:
            found.append(problem("REVIEW_TOO_FEW", "experts", kind=kind, have=ready, need=count))
    return found


def reveal_problems(row: Round) -> list[Problem]:
    """Every half that was committed to must have been handed in."""
    found = state_problems(row, "committed")
    missing = Observer.objects.filter(round=row, half="").exclude(commitment="").count()
    return [*found, *([problem("REVIEW_HALF_MISSING", count=missing)] if missing else [])]


def judging_problems(panelist: Panelist, actor: Actor) -> list[Problem]:
    """Only the judge themselves, while the round is being scored, and after the statement of independence."""
    found = state_problems(panelist.round, "scoring")
    if panelist.account != actor.account:
        found.append(problem("REVIEW_NOT_YOURS"))
    if panelist.state == PanelistState.DECLINED:
        found.append(problem("REVIEW_LEFT"))
    return found


def applying_among(panel: Iterable[Panelist]) -> Callable[[Entry], set[Panelist]]:
    """Who of a panel applies with an entry: by their account, or as one of its people. Nothing seats them on it."""
    known: dict[tuple[str, object], Panelist] = {}
    for one in panel:
        known |= {("account", one.account): one, ("person", one.expert.person_id): one}

    def applying(entry: Entry) -> set[Panelist]:
        keys = [("account", entry.account), *(("person", number) for number in entry.people)]
        return {known[key] for key in keys if key in known}

    return applying


def scoring_problems(seat: Seat, actor: Actor, rubric: Rubric, points: Mapping[str, Decimal | None], comment: str) -> list[Problem]:
    """What forbids handing in: every criterion needs points within its range, in halves at the finest."""
    found = judging_problems(seat.panelist, actor)
    if seat.panelist.state != PanelistState.STATED:
        found.append(problem("REVIEW_STATEMENT"))
    if applying_among([seat.panelist])(seat.entry):
        found.append(problem("REVIEW_OWN"))
    if seat.state != SeatState.OPEN:
        found.append(problem("REVIEW_LOCKED", state=seat.get_state_display()))
    for one in rubric.criteria:
        given = points.get(one.code)
        if given is None:
            found.append(problem("REVIEW_POINTS_MISSING", one.code, criterion=one.zh))
        elif not 0 <= given <= one.most or given * 2 % 1:
            found.append(problem("REVIEW_POINTS_RANGE", one.code, criterion=one.zh, most=one.most))
    if not comment.strip():
        found.append(problem("REVIEW_COMMENT", "comment"))
    return found


def third_problems(entry: Entry) -> list[Problem]:
    """A further reading is asked for while scoring, once all readings are in and none is under way."""
    found = state_problems(entry.round, "scoring")
    if entry.seats.filter(state=SeatState.OPEN).exists() or not entry.seats.filter(state=SeatState.SUBMITTED).exists():
        found.append(problem("REVIEW_READING_OPEN", entry=entry.code))
    return found


def combining_problems(row: Round) -> list[Problem]:
    """Results are made of complete readings."""
    found = state_problems(row, "scoring")
    waiting = Seat.objects.filter(entry__round=row, state=SeatState.OPEN).count()
    if waiting:
        found.append(problem("REVIEW_WAITING", count=waiting))
    short = (
        Entry.objects.filter(round=row, withdrawn_at=None)
        .exclude(pk__in=Seat.objects.filter(state=SeatState.SUBMITTED).values("entry"))
        .count()
    )
    if short:
        found.append(problem("REVIEW_UNREAD", count=short))
    return found
