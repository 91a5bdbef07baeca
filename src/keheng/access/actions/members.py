"""Who acts for a unit: invited by its manager, accepted by the person, ended by the manager."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.timezone import now

from keheng.access.actions.grants import give
from keheng.access.models import Account, Grant, Invitation
from keheng.access.rules.policy import policy
from keheng.access.rules.roles import roles
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, act, mark, record


def digest(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@act("member.invite", Refused)
def invite_member(*, actor: Actor, unit_id: int, email: str, role: str) -> tuple[Invitation, str]:
    """Invite someone to act for a unit; the invitation and the token of its link, which is kept nowhere."""
    found = []
    if role not in roles() or roles()[role].granting != "unit":
        found.append(problem("ACC_ROLE_UNKNOWN", "role", role=role))
    try:
        validate_email(email.strip())
    except ValidationError:
        found.append(problem("ACC_EMAIL_SHAPE", "email"))
    if found:
        raise Refused(found)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        unit_id=unit_id, role=role, email=email.strip().lower(), token_digest=digest(token), invited_by_id=int(actor.account),
        expires_at=now() + timedelta(days=policy("invitation")["days"]),
    )  # fmt: skip
    record("member.invite", actor=actor, target=f"invitation:{invitation.pk}", after=mark(invitation.email))
    return invitation, token


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a link while it can be accepted."""
    return (
        Invitation.objects.select_related("unit", "invited_by")
        .filter(token_digest=digest(token), accepted_by=None, withdrawn=False, expires_at__gt=now())
        .first()
    )


@act("member.accept", Refused)
def accept_invitation(*, actor: Actor, token: str) -> Grant:
    """Take an invitation up with the account that acts; raises Refused when it is dead or meant for another address."""
    invitation = open_invitation(token)
    if invitation is None:
        raise Refused(problem("ACC_INVITATION_DEAD"))
    account = Account.objects.get(pk=actor.account)
    if account.email.lower() != invitation.email:
        raise Refused(problem("ACC_INVITATION_OTHER"))
    # Of two who follow the link at once the database lets one through.
    if not Invitation.objects.filter(pk=invitation.pk, accepted_by=None).update(accepted_by=account):
        raise Refused(problem("ACC_INVITATION_DEAD"))
    record("member.accept", actor=actor, target=f"invitation:{invitation.pk}")
    return give(actor, account, invitation.role, invitation.unit_id)


@act("member.withdraw", Refused)
def withdraw_invitation(*, actor: Actor, unit_id: int, invitation_id: int) -> None:
    """Make an open invitation of the unit void; raises Refused when it is not open."""
    if not Invitation.objects.filter(pk=invitation_id, unit=unit_id, accepted_by=None, withdrawn=False).update(withdrawn=True):
        raise Refused(problem("ACC_INVITATION_DEAD"))
    record("member.withdraw", actor=actor, target=f"invitation:{invitation_id}")
