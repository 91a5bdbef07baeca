"""Requests of persons about their data: read, take along, have corrected, have erased (个人信息保护法 art. 44 to 50)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.personal.holders import Section, all_holders, keys_of, sections_of
from keheng.kernel.personal.holds import hold_on
from keheng.kernel.personal.models import DataRequest, ErasureProof
from keheng.kernel.trail.record import Actor, act, digest_of, mark, record
from keheng.kernel.working_days import working_calendar

Kind, State = DataRequest.Kind, DataRequest.State
_LONGEST_REASON = 300


@cache
def policy() -> Mapping[str, Any]:
    """Working days for an answer, whose calendar, and the shortest reason in characters."""
    found: dict[str, Any] = json.loads((definitions_folder("personal") / "requests.json").read_text(encoding="utf-8"))
    return found


def due_on(asked: date) -> date:
    """The last day to answer a request of that day."""
    return working_calendar(policy()["calendar"]).add(asked, policy()["working_days"])


def requests_of(account: str) -> QuerySet[DataRequest]:
    """The own requests, newest first."""
    return DataRequest.objects.filter(account=account).prefetch_related("proofs").order_by("-pk")


@act("personal.own.read", Refused)
def read_own(*, actor: Actor) -> list[Section]:
    """Everything held about the person who asks, unmasked; the reading is on the trail."""
    sections = sections_of(actor.account)
    record("personal.own.read", actor=actor, target=f"account:{actor.account}")
    return sections


@act("personal.own.export", Refused)
def export_own(*, actor: Actor, form: str) -> list[Section]:
    """The same to take along, as ``json`` or ``pdf``; the trail has it with its counts."""
    sections = sections_of(actor.account)
    counts = {section.code: len(section.rows) for section in sections}
    record("personal.own.export", actor=actor, target=f"account:{actor.account}", after=digest_of(counts), reason=form)
    return sections


@act("personal.request.ask", Refused)
def ask_request(*, actor: Actor, kind: DataRequest.Kind, detail: str) -> DataRequest:
    """Open a request with its clock; raises Refused when one of the kind is open, or a correction does not say what is wrong."""
    found = []
    if kind is Kind.CORRECT and len(detail.strip()) < policy()["shortest_reason"]:
        found.append(problem("personal.detail_missing", "detail"))
    if DataRequest.objects.filter(account=actor.account, kind=kind, state=State.OPEN).exists():
        found.append(problem("personal.request_open"))
    if found:
        raise Refused(found)
    keys = " ".join(keys_of(actor.account))
    try:
        with transaction.atomic():
            made = DataRequest.objects.create(
                kind=kind,
                account=actor.account,
                person_keys=keys,
                detail=detail.strip(),
                asked_at=datetime.now(UTC),
                due_on=due_on(localdate()),
            )
    except IntegrityError:
        raise Refused(problem("personal.request_open")) from None
    record("personal.request.ask", actor=actor, target=f"data_request:{made.pk}", after=_digest(made))
    return made


@act("personal.request.decide", Refused)
def decide_request(*, actor: Actor, request_id: int, approve: bool, reason: str) -> DataRequest:
    """Answer a request; an erasure that is approved is carried out in the same transaction, with a proof for each holder.

    Raises Refused with every problem: own request, decided already, no reason for a refusal, a legal hold.
    """
    asked = DataRequest.objects.select_for_update().get(pk=request_id)
    found = list(_problems(asked, actor, approve=approve, reason=reason))
    if found:
        raise Refused(found)
    before, moment = _digest(asked), datetime.now(UTC)
    asked.state = State.DONE if approve else State.REFUSED
    asked.decided_by, asked.decided_at, asked.answer = actor.account, moment, reason.strip()
    if approve and asked.kind == Kind.ERASE:
        _erase(asked, actor, moment)
        asked.detail = ""
    asked.save(update_fields=["state", "decided_by", "decided_at", "answer", "detail"])
    record(
        "personal.request.decide", actor=actor, target=f"data_request:{asked.pk}", before=before, after=_digest(asked), reason=asked.state
    )
    return asked


def _problems(asked: DataRequest, actor: Actor, *, approve: bool, reason: str) -> Iterator[Problem]:
    keys = asked.person_keys.split()
    if asked.state != State.OPEN:
        yield problem("personal.request_decided")
    # The same person under a second account is no second person.
    if asked.account == actor.account or set(keys) & set(keys_of(actor.account)):
        yield problem("personal.own_request")
    if not (approve and asked.kind == Kind.ERASE) and len(reason.strip()) < policy()["shortest_reason"]:
        yield problem("personal.reason_short", "reason", shortest=policy()["shortest_reason"])
    hold = hold_on(keys) if approve and asked.kind == Kind.ERASE else None
    if hold is not None:
        yield problem("personal.held", document=hold.document)


def _erase(asked: DataRequest, actor: Actor, moment: datetime) -> None:
    for holder in all_holders():
        for key in asked.person_keys.split():
            done = holder.erase(key, actor)
            if not done.erased and not done.kept:
                continue
            ends = [kept.until for kept in done.kept]
            ErasureProof.objects.create(
                request=asked,
                holder=holder.code,
                person_mark=mark(key),
                erased=done.erased,
                kept=sum(kept.count for kept in done.kept),
                # None among them: no end is set for some.
                kept_until=None if None in ends else max((end for end in ends if end is not None), default=None),
                kept_because="；".join(kept.because_zh for kept in done.kept)[:_LONGEST_REASON],
                decided_by=actor.account,
                at=moment,
            )


def _digest(asked: DataRequest) -> str:
    return digest_of(
        {
            "kind": asked.kind,
            "account": asked.account,
            "detail": mark(asked.detail),
            "state": asked.state,
            "due_on": asked.due_on,
            "decided_by": asked.decided_by,
            "decided_at": asked.decided_at,
            "answer": mark(asked.answer),
        }
    )
