"""Tokens for programs: made by the person for whom they act, shown once, withdrawn at any time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils.timezone import now

from keheng.access.models import Account, ApiToken
from keheng.access.queries import standing, tokens_of
from keheng.kernel.api.limits import limits
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.powers import Principal, permissions
from keheng.kernel.trail.record import act, digest_of, record

_START = 12


def grantable(actor: Principal) -> list[str]:
    """Permissions a token of the actor's may carry: what it holds, but nothing that asks a person to prove again who they are."""
    return sorted({power.permission for power in actor.powers if not permissions()[power.permission].dangerous})


@act("token.make", Refused)
def make_token(*, actor: Principal, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """A token for so many days within some of the actor's permissions; it and its text, which is told once."""
    found: list[Problem] = []
    if not name.strip():
        found.append(problem("ACC_TOKEN_NAME", "name"))
    allowed = grantable(actor)
    found += [problem("ACC_TOKEN_SCOPE", "scopes", scope=one) for one in scopes if one not in allowed]
    if not 1 <= days <= limits()["token_longest_days"]:
        found.append(problem("ACC_TOKEN_DAYS", "days", most=limits()["token_longest_days"]))
    account = Account.objects.select_for_update().get(pk=actor.account)
    if tokens_of(actor).count() >= limits()["tokens_per_account"]:
        found.append(problem("ACC_TOKENS_MANY", "", most=limits()["tokens_per_account"]))
    if found:
        raise Refused(found)
    text = f"kh_{secrets.token_urlsafe(32)}"
    new = ApiToken.objects.create(
        account=account,
        name=name.strip(),
        unit_id=int(actor.unit) if actor.unit else None,
        scopes=sorted(set(scopes)),
        digest=token_digest(text),
        start=text[:_START],
        ends_at=now() + timedelta(days=days),
    )
    record("token.make", actor=actor, target=f"token:{new.pk}", after=digest_of({"scopes": new.scopes, "ends": new.ends_at}))
    return new, text


@act("token.withdraw", ())
def withdraw_token(*, actor: Principal, token: ApiToken) -> None:
    """It opens nothing any more."""
    token.withdrawn_at = now()
    token.save(update_fields=["withdrawn_at"])
    record("token.withdraw", actor=actor, target=f"token:{token.pk}")


def identify(text: str, address: str) -> tuple[Principal, str] | None:
    """Whose token it is and what it may do now: what the account still holds, within the token's permissions. None: not valid."""
    token = ApiToken.objects.select_related("account").filter(digest=token_digest(text), withdrawn_at=None, ends_at__gt=now()).first()
    if token is None or not token.account.is_active:
        return None
    today = now().date()
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)
    held = standing(token.account, token.unit_id)
    if held.unit != token.unit_id:
        return None
    whole = held.principal(address)
    powers = tuple(power for power in whole.powers if power.permission in token.scopes)
    return Principal(whole.account, whole.role, whole.unit, address, powers), f"token:{token.pk}"


def token_digest(text: str) -> str:
    """What is kept of a token: it is long and random, so that a plain digest is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
