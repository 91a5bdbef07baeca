"""What the office does besides moves: collect corrections, write letters."""

from __future__ import annotations

from django.utils.timezone import localdate, now

from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.concerned import readers_of_letter
from keheng.matters.actions.keeping import note_touched
from keheng.matters.actions.moving import locked
from keheng.matters.actions.telling import KIND, case_title
from keheng.matters.models import Case, Correction, Letter
from keheng.matters.queries.cases import given_by, loaded, matter_of
from keheng.matters.rules.acting import applies_in, may_see, roles_of

_LONGEST, _LONGEST_LETTER = 500, 2_000


def _of_office(actor: Principal, case: int) -> Case:
    """The case, for who acts in it on the office's side."""
    row = locked(case)
    matter = matter_of(row)
    roles = roles_of(actor, row, matter, given_by(actor.account, localdate()))
    if not any(not matter.roles[name].applies for name in roles):
        raise Refused(problem("MATTER_CASE_GONE"))
    return row


@act("correction.note", Refused)
def note_correction(*, actor: Principal, case: int, target: str, text: str) -> Correction:
    """Collect something that must be put right; nobody is told before all are collected."""
    row = _of_office(actor, case)
    matter = matter_of(row)
    found = [] if text.strip() else [problem("MATTER_CORRECTION_TEXT", "text")]
    known = {"", *(field.id for field in matter.fields if field.formula is None), *(one.id for one in matter.materials)}
    if target not in known:
        found.append(problem("MATTER_CORRECTION_TARGET", "target"))
    moves = [move for move in matter.moves_of(row.state) if move.correct]
    if not moves or all(move.once and move.do in row.spent for move in moves):
        found.append(problem("MATTER_CORRECTION_TOLD"))
    if found:
        raise Refused(found)
    made = Correction.objects.create(case=row, target=target, text=text.strip()[:_LONGEST], by=actor.account, at=now())
    record("correction.note", actor=actor, target=f"case:{case}", after=digest_of({"target": target, "text": made.text}))
    return made


@act("correction.drop", Refused)
def drop_correction(*, actor: Principal, case: int, correction: int) -> None:
    """Leave something out that was collected and not told yet."""
    row = _of_office(actor, case)
    if not Correction.objects.filter(case=row, pk=correction, told=None).delete()[0]:
        raise Refused(problem("MATTER_CORRECTION_TOLD"))
    record("correction.drop", actor=actor, target=f"case:{case}", before=digest_of({"correction": correction}))


@act("case.write", Refused)
def write_letter(*, actor: Principal, case: int, text: str) -> Letter:
    """Write to the other side about a case."""
    row = locked(case)
    if not may_see(actor, row, matter_of(row), given_by(actor.account, localdate())):
        raise Refused(problem("MATTER_CASE_GONE"))
    if not text.strip() or len(text) > _LONGEST_LETTER:
        raise Refused(problem("MATTER_LETTER", "text", most=_LONGEST_LETTER))
    own = applies_in(actor, row)
    made = Letter.objects.create(
        case=row, side=Letter.Side.APPLICANT if own else Letter.Side.OFFICE, by=actor.account, at=now(), text=text.strip()
    )
    note_touched(row)
    to = readers_of_letter(loaded(row)) if own else [row.applicant]
    tell(to, kind=KIND, key=f"letter:{made.pk}", title=f"新留言：{case_title(row)}", body=made.text[:200])
    record("case.write", actor=actor, target=f"case:{case}", after=digest_of({"letter": made.pk}))
    return made
