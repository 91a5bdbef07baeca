"""Who may act in a case, and as what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from keheng.kernel.powers import Principal, Reach
from keheng.kernel.trail.record import SYSTEM, Actor
from keheng.matters.models import Case, Party
from keheng.matters.rules.files.parts import Matter

SEE, APPLY, SEE_PAYMENTS = "matters.case.see", "matters.case.apply", "matters.payment.see"
ARRANGE = "matters.substitution.arrange"
READ_ARCHIVE, APPROVE_ARCHIVE = "matters.archive.read", "matters.archive.approve"
APPRAISE, DESTROY = "matters.archive.appraise", "matters.archive.destroy"


def applies_in(actor: Actor, case: Case) -> bool:
    """Whether somebody is on the applicant's side: the one who opened it, or who may apply for the unit acted for."""
    if not actor.account:
        return False
    if actor.account == case.applicant:
        return True
    powers = actor.powers if isinstance(actor, Principal) else ()
    return case.unit_id is not None and any(
        power.permission == APPLY and power.reach is Reach.UNIT and power.unit == case.unit_id for power in powers
    )


def unit_applied_for(actor: Principal) -> int | None:
    """The unit for which somebody applies now; None for oneself."""
    return int(actor.unit) if actor.unit and actor.may(APPLY) else None


def reaches(actor: Actor, permission: str, case: Case) -> bool:
    """Whether a permission of an actor reaches a case."""
    for power in actor.powers if isinstance(actor, Principal) else ():
        if power.permission != permission:
            continue
        near = (power.reach is Reach.UNIT and power.unit is not None and power.unit == case.unit_id) or (
            power.reach is Reach.DISTRICT and power.district != "" and power.district == case.district
        )
        if power.reach is Reach.ALL or near:
            return True
    return False


def roles_of(actor: Actor, case: Case, matter: Matter, givers: Iterable[str] = ()) -> dict[str, str]:
    """The roles of the file that somebody has in a case, with the account stood in for ('' for none).

    Nobody decides on what they apply for themselves; a colleague of the same unit may check it where the file says so. ``givers`` are
    those who are substituted by the actor today.
    """
    own = applies_in(actor, case)
    found: dict[str, str] = {}
    for name, role in matter.roles.items():
        if role.applies:
            if own:
                found[name] = ""
        elif role.unit:
            if own and actor.account != case.applicant and role.holds is not None and reaches(actor, role.holds, case):
                found[name] = ""
        elif own:
            continue
        elif role.named is not None:
            account = case.named.get(name, "")
            if account and account == actor.account:
                found[name] = ""
            elif account and account in givers:
                found[name] = account
        elif role.holds is not None and reaches(actor, role.holds, case):
            found[name] = ""
    return found


def may_see(actor: Actor, case: Case, matter: Matter, givers: Iterable[str] = ()) -> bool:
    """Whether a case is open to somebody: the applicant's side, who acts in it, and who may see cases within reach."""
    if actor == SYSTEM or roles_of(actor, case, matter, givers):
        return True
    return case.submitted_at is not None and reaches(actor, SEE, case)


def seen_by(actor: Principal, parties: QuerySet[Party] | None) -> Q:
    """Cases of the office's side that an actor may see, as one condition; drafts are the applicant's alone.

    ``parties`` name the actor, or whom the actor substitutes, in cases; None where no case does: the database then needs one index.
    """
    reached = actor.within(SEE, unit="unit", district="district")
    handed_in = Q(submitted_at__isnull=False)
    # An empty condition reaches everything; joined by "or" it would vanish.
    if not reached:
        return handed_in
    if parties is None:
        return reached & handed_in
    return (reached | Q(pk__in=parties.values("case"))) & handed_in
