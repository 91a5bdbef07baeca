"""Steps decided by people without an account: a link that the inviter hands over, and a code that goes to their mail."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.personal.sealed import seal_text
from keheng.kernel.trail.record import Actor, act, mark, record
from keheng.portal.actions.articles import locked, newest_of, refuse
from keheng.portal.actions.steps import settle_step
from keheng.portal.enums.content import STEP_OF_STAGE, Step, definition
from keheng.portal.models import OutsideApproval
from keheng.portal.rules.content import STEP_PERMISSION, authors_of, reviewers_of, right_problems

SEND_CODE = "portal.send_code"
_SALT = "portal.outside"


@act("outside.invite", Refused)
def invite_outsider(*, actor: Actor, article: int, name: str, email: str) -> tuple[OutsideApproval, str]:
    """Hand the step at which an article stands to somebody outside; the approval and the token of its link, shown this once.

    Only who could decide the step may hand it over: the step keeps its person, the author stays out.
    """
    present = locked(article)
    step = STEP_OF_STAGE.get(present.stage)
    if step is None:
        raise Refused(problem("PORTAL_STAGE", "", stage=present.get_stage_display()))
    found = right_problems(actor, STEP_PERMISSION[step])
    if actor.account in authors_of(present):
        found.append(problem("PORTAL_OWN_TEXT"))
    if step == Step.ISSUE and actor.account in reviewers_of(present):
        found.append(problem("PORTAL_SAME_PERSON"))
    if not name.strip():
        found.append(problem("PORTAL_NAME_MISSING", "name"))
    if "@" not in email.strip()[1:-1]:
        found.append(problem("PORTAL_EMAIL", "email"))
    refuse(found)
    secret = secrets.token_urlsafe(24)
    approval = OutsideApproval.objects.create(
        version=newest_of(present), step=step, invited_by=actor.account, name=name.strip(), email=email.strip(), token_mark=mark(secret),
        made_at=now(), expires_at=now() + timedelta(hours=definition("site")["outside"]["hours"]),
    )  # fmt: skip
    record("outside.invite", actor=actor, target=f"article:{present.pk}", reason=f"outside:{approval.pk} {step}")
    return approval, signing.dumps(secret, salt=_SALT)


def approval_of(token: str) -> OutsideApproval | None:
    """The approval that a link opens while it may be used."""
    try:
        secret = signing.loads(token, salt=_SALT, max_age=definition("site")["outside"]["hours"] * 3600)
    except signing.BadSignature:
        return None
    open_ones = OutsideApproval.objects.filter(used_at__isnull=True, expires_at__gt=now())
    return open_ones.select_related("version__article").filter(token_mark=mark(str(secret))).first()


@act("outside.code", Refused)
def send_code(*, actor: Actor, approval: int) -> None:
    """Send a new code to the mail address of an approval, so often at most."""
    limits = definition("site")["outside"]
    row = OutsideApproval.objects.select_for_update().get(pk=approval)
    if row.codes_sent >= limits["codes"]:
        raise Refused(problem("PORTAL_CODES_SPENT", "", most=limits["codes"]))
    code = f"{secrets.randbelow(10**6):06d}"
    row.code_mark, row.code_until, row.tries = mark(f"{row.pk}:{code}"), now() + timedelta(minutes=limits["minutes"]), 0
    row.codes_sent += 1
    row.save(update_fields=["code_mark", "code_until", "tries", "codes_sent"])
    # The code is not in the queue in plain: the job opens the seal when it sends.
    enqueue(SEND_CODE, {"approval": row.pk, "code": seal_text(code, SEND_CODE)}, key=f"{row.pk}:{row.codes_sent}")
    record("outside.code", actor=actor, target=f"outside:{row.pk}")


@act("outside.try", ())
def try_code(*, actor: Actor, approval: int, code: str) -> tuple[Problem, ...]:
    """Count a try and tell what is wrong with the code; the count stands whatever becomes of the decision."""
    row = OutsideApproval.objects.select_for_update().get(pk=approval)
    row.tries += 1
    row.save(update_fields=["tries"])
    good = (
        row.tries <= definition("site")["outside"]["tries"]
        and row.code_until is not None
        and now() < row.code_until
        and constant_time_compare(row.code_mark, mark(f"{row.pk}:{code.strip()}"))
    )
    record("outside.try", actor=actor, target=f"outside:{row.pk}", succeeded=good)
    return () if good else (problem("PORTAL_CODE_WRONG", "code"),)


@act("outside.decide", Refused)
def decide_outside(*, actor: Actor, approval: int, decision: str, reason: str = "") -> None:
    """The decision of somebody outside whose code was right; the link is spent."""
    # Used once: of two that come together one finds the row.
    if not OutsideApproval.objects.filter(pk=approval, used_at__isnull=True, expires_at__gt=now()).update(used_at=now(), code_mark=""):
        raise Refused(problem("PORTAL_LINK_SPENT"))
    row = OutsideApproval.objects.select_related("version").get(pk=approval)
    settle_step(
        actor=actor, by=f"outside:{row.pk}", article=row.version.article_id, version=row.version_id, step=row.step, decision=decision,
        reason=reason,
    )  # fmt: skip
    record("outside.decide", actor=actor, target=f"outside:{row.pk}", reason=decision)
