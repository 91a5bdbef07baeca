"""The proposed list is published, objected to, and stands; judges are paid."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.numbers import draw, written
from keheng.kernel.objections.rules import answer_problems
from keheng.kernel.objections.stated import stated
from keheng.kernel.search.indexing import index
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.kernel.working_days import working_calendar
from keheng.review.actions.rounds import target
from keheng.review.enums import RoundState, SeatState, parameter
from keheng.review.events import ListPublished, RoundClosed
from keheng.review.models import Entry, Fee, Objection, Round
from keheng.review.queries.documents import list_document
from keheng.review.rules.publicity import closing_problems, objection_problems, publishing_problems
from keheng.review.rules.rounds import DECIDE


@act("review.publish", Refused)
def publish_list(*, actor: Actor, pk: int) -> Round:
    """Publish who is proposed; the day of publication does not count, objections may come until the end of the last working day."""
    row = Round.objects.select_for_update().get(pk=pk)
    if found := publishing_problems(row, actor.account):
        raise Refused(found)
    row.state, row.published_at, row.published_by = RoundState.PUBLIC, now(), actor.account
    row.objections_until = working_calendar().add(localdate(), row.publicity or parameter("publicity_days"))
    row.save(update_fields=["state", "published_at", "published_by", "objections_until"])
    index([list_document(row)])
    record("review.publish", actor=actor, target=target(row), after=digest_of({"until": row.objections_until}))
    emit(ListPublished(row.pk, row.kind))
    return row


@act("review.object", Refused)
def file_objection(*, actor: Actor, entry: int, name: str, phone: str, body: str) -> Objection:
    """Somebody objects to an entry on a published list, by name; the answer is due within so many working days."""
    Round.objects.select_for_update().get(entries=entry)
    one = Entry.objects.select_related("round").get(pk=entry)
    today = localdate()
    if found := objection_problems(one, name, phone, body, today):
        raise Refused(found)
    made = Objection.objects.create(number=written("YY", today.year, draw("YY", today.year)), entry=one, **stated(name, phone, body, today))
    open_task(
        _task(made), kind="review.objection", title=f"处理异议 {made.number}：{one.code} {one.title}",
        url=reverse("review:objection", args=[made.pk]), permission=DECIDE,
    )  # fmt: skip
    record("review.object", actor=actor, target=f"objection:{made.pk}", after=digest_of({"entry": one.code}))
    return made


@act("review.decide", Refused)
def decide_objection(*, actor: Actor, objection: int, upheld: bool | None, answer: str) -> Objection:
    """Answer an objection; where it holds the entry leaves the list."""
    Round.objects.select_for_update().get(entries__objections=objection)
    one = Objection.objects.select_for_update(of=("self",)).select_related("entry__round").get(pk=objection)
    if found := answer_problems(one, upheld, answer):
        raise Refused(found)
    one.decide(actor.account, answer, upheld=bool(upheld))
    if upheld:
        Entry.objects.filter(pk=one.entry_id).update(proposed=False)
    close_task(_task(one))
    record("review.decide", actor=actor, target=f"objection:{one.pk}", after=digest_of({"state": one.state}))
    return one


def _task(objection: Objection) -> str:
    return f"review:objection:{objection.pk}"


@act("review.close", Refused)
def close_round(*, actor: Actor, pk: int) -> Round:
    """The list stands; judges are due their fees."""
    row = Round.objects.select_for_update().get(pk=pk)
    if found := closing_problems(row, localdate()):
        raise Refused(found)
    fen = row.fee
    panel = row.panel.annotate(read=Count("seats", filter=Q(seats__state=SeatState.SUBMITTED))).filter(read__gt=0)
    Fee.objects.bulk_create(Fee(panelist=one, entries=one.read, fen=one.read * fen, settled_at=now()) for one in panel)
    row.state, row.closed_at = RoundState.CLOSED, now()
    row.save(update_fields=["state", "closed_at"])
    record("review.close", actor=actor, target=target(row), after=digest_of({"fees": len(panel)}))
    emit(RoundClosed(row.pk, row.kind))
    return row
