"""改派: what was asked of one colleague by name is asked of another, for this case alone.

Who may arrange it never gives it to themselves. The application keeps the name it was handed in with: where it comes back to its
applicant and is handed in again, the form counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.timezone import now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.moving import locked
from keheng.matters.actions.telling import KIND, awaited_roles, case_title, task_key, tasks_of
from keheng.matters.models import Case, CaseEvent, Party
from keheng.matters.queries.addresses import work_address
from keheng.matters.queries.cases import Loaded, loaded
from keheng.matters.rules.acting import ARRANGE, reaches

REASSIGN = "reassign"
_LONGEST = 200


def reassignable(one: Loaded) -> list[str]:
    """The roles that a case waits for now and that a colleague holds by name."""
    return [role for role in awaited_roles(one.matter, one.at) if one.matter.roles[role].named is not None and one.case.named.get(role)]


@act("case.reassign", Refused)
def reassign(*, actor: Principal, case: int, role: str, seen: int, login: str, reason: str) -> Case:
    """Ask a colleague for what another one was asked for; ``seen`` is the version on the page. Raises Refused with everything wrong."""
    one = loaded(locked(case))
    row = one.case
    if row.submitted_at is None or not reaches(actor, ARRANGE, row):
        raise Refused(problem("MATTER_CASE_GONE"))
    if row.version != seen or role not in reassignable(one):
        raise Refused(problem("MATTER_MOVED_MEANWHILE"))
    giver, taker = row.named[role], accounts().find(login)
    if found := list(_problems(actor, row, taker, login, reason)):
        raise Refused(found)
    named = {**row.named, role: taker}
    # Of two who reassign at once the database lets one through.
    if not Case.objects.filter(pk=row.pk, version=seen).update(named=named, version=seen + 1):
        raise Refused(problem("MATTER_MOVED_MEANWHILE"))
    row.named, row.version = named, seen + 1
    _carried(actor, one, role, giver, reason.strip()[:_LONGEST])
    return row


def _problems(actor: Principal, case: Case, taker: str, login: str, reason: str) -> Iterator[Problem]:
    if not taker:
        yield problem("MATTER_COLLEAGUE", "login", login=login.strip()[:80])
    elif taker == actor.account:
        yield problem("MATTER_REASSIGN_SELF", "login")
    elif taker == case.applicant:
        yield problem("MATTER_REASSIGN_APPLICANT", "login")
    elif taker in case.named.values():
        yield problem("MATTER_REASSIGN_NAMED", "login", name=accounts().names([taker]).get(taker, ""))
    if not reason.strip():
        yield problem("MATTER_OPINION", "reason", title="改派")


def _carried(actor: Principal, one: Loaded, role: str, giver: str, reason: str) -> None:
    """The event, the list of the new colleague, the one task, the audit entry, a message to both."""
    case, taker = one.case, one.case.named[role]
    names = accounts().names([giver, taker])
    title = f"改派：{names.get(giver, '同事')} → {names.get(taker, '同事')}"
    CaseEvent.objects.create(
        case=case, version=case.version, at=now(), do=REASSIGN, title=title[:200], by=actor.account, before=case.state, after=case.state,
        opinion=reason,
    )  # fmt: skip
    Party.objects.get_or_create(case=case, account=taker)
    for key, asked in tasks_of(case, one.matter, one.at):
        if key == task_key(case, role):
            open_task(key, **asked)
    before, after = digest_of({"role": role, "account": giver}), digest_of({"role": role, "account": taker, "version": case.version})
    record("case.reassign", actor=actor, target=f"case:{case.pk}", before=before, after=after, reason=reason)
    tell(
        [giver, taker], kind=KIND, key=f"reassign:{case.pk}:{case.version}", title=f"{title}，{case_title(case)}", body=reason,
        url=work_address(case.pk),
    )  # fmt: skip
