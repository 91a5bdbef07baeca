"""Rounds are opened with what is to be judged; judges are called, observers named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused
from keheng.kernel.numbers import draw as draw_number
from keheng.kernel.numbers import written
from keheng.kernel.personal.holders import keys_of
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.review.actions.baring import bare
from keheng.review.enums import rubrics
from keheng.review.models import Entry, Evidence, Observer, Panelist, Round
from keheng.review.queries.evidence import tells
from keheng.review.queries.pools import in_pool
from keheng.review.rules.rounds import SEE, Call, RoundFacts, Subject, calling_problems, observer_problems, opening_problems

KIND = "review.round"


@act("review.open", Refused)
def open_round(*, actor: Actor, facts: RoundFacts, subjects: Sequence[Subject]) -> Round:
    """Open a round for subjects of one kind; they get codes in the order they are told."""
    if found := opening_problems(facts, subjects, localdate()):
        raise Refused(found)
    row = made_round(actor, facts)
    digits = max(3, len(str(len(subjects))))
    entries = Entry.objects.bulk_create(entry_of(row, f"E{place:0{digits}d}", one) for place, one in enumerate(subjects, 1))
    for entry, one in zip(entries, subjects, strict=True):
        give_papers(entry, one)
    record("review.open", actor=actor, target=target(row), after=digest_of({"title": row.title, "entries": len(subjects)}))
    return row


def made_round(actor: Actor, facts: RoundFacts, batch: str = "") -> Round:
    """A new round without anything to judge yet, in the caller's act."""
    year = localdate().year
    return Round.objects.create(
        number=written("PS", year, draw_number("PS", year)), title=facts.title.strip(), kind=facts.kind, organiser=actor.account,
        rubric=dict(rubrics()[facts.rubric]), combination=facts.combination, seats=dict(facts.seats), most=facts.most, quota=facts.quota,
        line=facts.line, publicity=facts.publicity, rests=facts.rests, listed=facts.listed, fee_fen=facts.fee, batch=batch,
        scoring_until=facts.scoring_until, opened_at=now(),
    )  # fmt: skip


def entry_of(row: Round, code: str, one: Subject) -> Entry:
    """A subject as an entry of a round, not saved yet."""
    return Entry(
        round=row, code=code, reference=one.reference, title=one.title, unit_id=one.unit, field=one.field, people=list(one.people),
        excluded=list(one.excluded), unwanted=[[who.name, who.unit, who.reason] for who in one.unwanted], document=one.document,
        account=one.account, units=list(one.units), cited=[asdict(table) for table in one.cited],
    )  # fmt: skip


def give_papers(entry: Entry, one: Subject) -> None:
    """The files of a subject, without those that tell whose it is; a blind round shows them bare. Both are counted, for the office."""
    given = [paper for paper in one.papers if not tells(paper, one.hidden)]
    shown = [bare(paper.digest) if one.hidden else paper.digest for paper in given]
    Evidence.objects.bulk_create(
        Evidence(entry=entry, title=paper.title, file_id=digest or paper.digest) for paper, digest in zip(given, shown, strict=True)
    )
    withheld, unbared = len(one.papers) - len(given), shown.count(None)
    if withheld or unbared:
        Entry.objects.filter(pk=entry.pk).update(withheld=withheld, unbared=unbared)


@act("review.call", Refused)
def call_judges(*, actor: Principal, pk: int, calls: Sequence[Call]) -> list[Panelist]:
    """Ask experts of the pool to judge; they are told, and may decline."""
    row = Round.objects.select_for_update().get(pk=pk)
    pool = dict(in_pool().filter(pk__in=[call.expert for call in calls]).values_list("pk", "person"))
    officers = {call.account for call in calls if call.account and accounts().principal(call.account, "").may(SEE)}
    people = {call.account: _people_of(call.account) for call in calls}
    if found := calling_problems(row, calls, pool, officers, people):
        raise Refused(found)
    last = int((Panelist.objects.filter(round=row).aggregate(last=Max("code"))["last"] or "J000")[1:])
    panel = Panelist.objects.bulk_create(
        Panelist(round=row, expert_id=call.expert, account=call.account, kind=call.kind, code=f"J{last + place:03}")
        for place, call in enumerate(calls, 1)
    )
    tell(
        [one.account for one in panel], kind=KIND, key=f"review:{row.pk}:called", title=f"邀请您参加评审：{row.title}",
        body="请在抽取前确认是否参加，并作独立性声明。", url=reverse("review:desk"),
    )  # fmt: skip
    record("review.call", actor=actor, target=target(row), after=digest_of({"called": [one.code for one in panel]}))
    return panel


def _people_of(account: str) -> set[int]:
    """Whom the directory knows behind an account."""
    return {int(number) for kind, _, number in (key.partition(":") for key in keys_of(account)) if kind == "person"}


@act("review.observer", Refused)
def name_observer(*, actor: Actor, pk: int, account: str) -> Observer:
    """Let somebody see everything in a round and change nothing."""
    row = Round.objects.select_for_update().get(pk=pk)
    if found := observer_problems(row, account):
        raise Refused(found)
    one, _ = Observer.objects.get_or_create(round=row, account=account)
    tell(
        [account],
        kind=KIND,
        key=f"review:{row.pk}:observer",
        title=f"请您观察评审：{row.title}",
        url=reverse("review:observe", args=[row.pk]),
    )
    record("review.observer", actor=actor, target=target(row), after=digest_of({"observer": account}))
    return one


def target(row: Round) -> str:
    """The round on the trail."""
    return f"review:{row.pk}"
