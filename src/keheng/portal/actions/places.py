"""Places of a session: taken by a guarded update, given back, and passed on to whoever waits the longest.

Whoever calls these holds the lock of the session's row; the database's check constraint stands behind them.
"""

from __future__ import annotations

from django.db.models import F

from keheng.kernel.desk.tasks import open_task
from keheng.portal.actions.notices import announce
from keheng.portal.enums.activities import RegistrationState
from keheng.portal.models import Registration, Session
from keheng.portal.queries.addresses import manage_address

DECIDE = "portal.registration.decide"


def locked(session: int) -> Session:
    """The session, its row locked until the transaction ends; raises Session.DoesNotExist."""
    Session.objects.select_for_update().get(pk=session)
    return Session.objects.select_related("activity").get(pk=session)


def take_place(session: int) -> bool:
    """Take one place; False when there is none."""
    return Session.objects.filter(pk=session, taken__lt=F("capacity")).update(taken=F("taken") + 1) == 1


def give_back(session: int) -> None:
    """Give one place back."""
    Session.objects.filter(pk=session).update(taken=F("taken") - 1)


def somebody_waits(session: int) -> bool:
    """Whether anybody waits: then nobody overtakes them."""
    return Registration.objects.filter(session=session, state=RegistrationState.WAITING).exists()


def move_up(session: int) -> list[Registration]:
    """Give free places to those who wait, first come first served, and tell them; who moved up."""
    moved: list[Registration] = []
    moderated = Session.objects.values_list("activity__moderated", flat=True).get(pk=session)
    waiting = Registration.objects.filter(session=session, state=RegistrationState.WAITING).order_by("waiting_since", "pk")
    for one in waiting.select_related("session__activity").iterator():
        if not take_place(session):
            break
        one.state = RegistrationState.PENDING if moderated else RegistrationState.CONFIRMED
        one.save(update_fields=["state"])
        announce(one, "promoted")
        moved.append(one)
    if moved and moderated:
        ask_for_decisions(moved[0].session)
    return moved


def ask_for_decisions(session: Session) -> None:
    """Open the task of deciding on registrations of a session."""
    open_task(
        decisions_key(session.pk), kind="portal.registration", title=f"审核报名：{session.activity.title}",
        url=manage_address("activity", session.activity_id), permission=DECIDE, due_at=session.activity.closes_at,
    )  # fmt: skip


def decisions_key(session: int) -> str:
    """The key of that task."""
    return f"registrations:{session}"
