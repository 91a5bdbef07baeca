"""免申即享: a case is opened for a unit that meets a policy by shared data; it only confirms. Withdrawn when it no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.utils.timezone import localdate, now

from keheng.access.service import managers_by_unit
from keheng.directory.service import organisations_for
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, attempt, problem
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.matters.actions.applying import begin_case
from keheng.matters.actions.moving import MoveWish, move_case
from keheng.matters.actions.telling import KIND
from keheng.matters.models import Case, PolicyPush
from keheng.matters.queries.addresses import address
from keheng.matters.queries.policies.offers import offered_policies, offers_due, offers_lost
from keheng.matters.rules.acting import APPLY
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.matching.policy import Policy

OFFER = "matters.policy.offer"
# Who makes the moves that the platform makes by itself: no role of people holds this permission.
PLATFORM = Principal(SYSTEM.account, powers=(Power(OFFER, Reach.ALL),))
_SEE_UNITS = "directory.organisation.see"


def follow_offers() -> int:
    """Open what is due, withdraw what no longer holds; how many of both. Each is an act of its own, safe to be called again."""
    opened = [attempt(partial(offer_policy, actor=SYSTEM, unit=unit, policy=name)) for unit, name in offers_due(localdate())]
    gone = [attempt(partial(_withdraw, case)) for case in offers_lost()]
    return sum(not problems for problems in [*opened, *gone])


@act("policy.offer", Refused)
def offer_policy(*, actor: Actor, unit: int, policy: str) -> Case:
    """Open the case of a policy for a unit and ask its managers to accept.

    Raises Refused where it is not due: the unit does not meet the policy, has nobody to accept, or was offered it before.
    """
    # The unit is locked first: of two offers at once the second sees the first. Cases that begin for it meanwhile are not held up.
    everybody = Principal(SYSTEM.account, powers=(Power(_SEE_UNITS, Reach.ALL),))
    locked = organisations_for(everybody).select_for_update(no_key=True).filter(pk=unit).first()
    found, today = offered_policies(localdate()).get(policy), localdate()
    read = in_force(found.applied_by, today) if found is not None else None
    if locked is None or found is None or read is None or (unit, policy) not in offers_due(today, [unit]):
        raise Refused(problem("POLICY_OFFER", name=policy))
    return open_offer(actor=actor, unit=unit, found=found, read=read, accept=managers_by_unit([unit])[unit])


def open_offer(*, actor: Actor, unit: int, found: Policy, read: Read, accept: Sequence[str]) -> Case:
    """Open the case, and ask the accounts that may accept it, of which the first stands as the applicant. Part of the act around it."""
    powers = (Power(APPLY, Reach.UNIT, unit=unit), Power(_SEE_UNITS, Reach.ALL))
    case = begin_case(Principal(accept[0], unit=str(unit), powers=powers), read, unit, None, offered=True)
    case = move_case(actor=PLATFORM, case=case.pk, wish=MoveWish("offer", 0))
    PolicyPush.objects.get_or_create(unit_id=unit, policy=found.id, version=found.version, defaults={"told": len(accept), "at": now()})
    # Whoever stands as the applicant was told by the move.
    tell(
        accept[1:], kind=KIND, key=f"policy:{case.pk}", title=f"{case.subject}可以直接享受“{found.title}”",
        body=f"{found.gives}。平台已按共享数据备好，确认即可。", url=address("case", case.pk),
    )  # fmt: skip
    record("policy.offer", actor=actor, target=f"case:{case.pk}", after=digest_of({"policy": found.id, "version": f"{found.version}"}))
    return case


def _withdraw(case: int) -> Case:
    seen = Case.objects.only("version").get(pk=case).version
    return move_case(actor=PLATFORM, case=case, wish=MoveWish("retract", seen))
