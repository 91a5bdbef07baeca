"""Accounts: opened, stopped, started; sessions ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.access.models import Account, PastPassword
from keheng.access.queries import dormant_accounts
from keheng.access.rules.grants import is_last_holder, reason_problems
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, mark, record

if TYPE_CHECKING:
    from keheng.directory.models import Person

_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,63}")


def account_problems(login: str, email: str, password: str, name: str) -> list[Problem]:
    """Everything that forbids a new account, at once."""
    found: list[Problem] = []
    if not _LOGIN.fullmatch(login):
        found.append(problem("ACC_LOGIN_SHAPE", "login"))
    elif Account.objects.filter(login__iexact=login).exists():
        found.append(problem("ACC_LOGIN_TAKEN", "login", login=login))
    try:
        validate_email(email)
    except ValidationError:
        found.append(problem("ACC_EMAIL_SHAPE", "email"))
    else:
        if EmailAddress.objects.filter(email__iexact=email).exists():
            found.append(problem("ACC_EMAIL_TAKEN", "email"))
    if not name.strip():
        found.append(problem("ACC_NAME_MISSING", "name"))
    try:
        validate_password(password, Account(login=login, name=name, email=email))
    except ValidationError as error:
        found.extend(problem("ACC_PASSWORD_WEAK", "password", what=message) for message in error.messages)
    return found


@act("account.open", Refused)
def open_account(*, actor: Actor, login: str, email: str, password: str, name: str, person: Person | None = None) -> Account:
    """Open an account that can sign in once its address is confirmed; raises Refused with every problem."""
    login, email, name = login.strip(), email.strip().lower(), name.strip()
    found = account_problems(login, email, password, name)
    if found:
        raise Refused(found)
    account = Account(login=login, email=email, name=name, person=person)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        # Two sign-ups took the name at once; the database let one through.
        raise Refused(problem("ACC_LOGIN_TAKEN", "login", login=login)) from error
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=False)
    record("account.open", actor=actor, target=f"account:{account.pk}", after=digest_of({"login": mark(login), "email": mark(email)}))
    return account


@act("account.stop", Refused)
def stop_account(*, actor: Actor, account_id: int, reason: str) -> None:
    """Stop an account and end its sessions; raises Refused for one's own, or the last holder of a post."""
    account = Account.objects.select_for_update().get(pk=account_id)
    found = []
    if str(account.pk) == actor.account:
        found.append(problem("ACC_OWN_ACCOUNT"))
    found += reason_problems(reason, "reason")
    if any(is_last_holder(grant) for grant in account.grants.all()):
        found.append(problem("ACC_POST_LAST", role="管理员"))
    if found:
        raise Refused(found)
    _stop(account, actor, reason.strip())


def _stop(account: Account, actor: Actor, reason: str) -> None:
    account.is_active, account.stopped_because, account.stopped_at = False, reason, now()
    account.save(update_fields=["is_active", "stopped_because", "stopped_at"])
    _end_sessions(account)
    record("account.stop", actor=actor, target=f"account:{account.pk}", reason=reason)


def _end_sessions(account: Account) -> None:
    for session in UserSession.objects.filter(user=account):
        session.end()


@act("account.start", Refused)
def start_account(*, actor: Actor, account_id: int) -> None:
    """Let a stopped account sign in again, with a new password; raises Refused for one's own."""
    if str(account_id) == actor.account:
        raise Refused(problem("ACC_OWN_ACCOUNT"))
    if Account.objects.exclude(erased_at=None).filter(pk=account_id).exists():
        raise Refused(problem("ACC_ACCOUNT_ERASED"))
    Account.objects.filter(pk=account_id).update(
        stopped_at=None, is_active=True, stopped_because="", must_change_password=True, usable_since=now()
    )
    record("account.start", actor=actor, target=f"account:{account_id}")


@act("sign-in.ended", ())
def end_session(*, actor: Actor, session: UserSession) -> None:
    """Sign a device out."""
    session.end()
    record("sign-in.ended", actor=actor, target=f"session:{session.pk}")


def stop_dormant() -> int:
    """Stop accounts that were not used for too long or whose time is over, but never the last holder of a post; how many."""
    stopped = 0
    for account in list(dormant_accounts()):
        if any(is_last_holder(grant) for grant in account.grants.all()):
            continue
        over = account.ends_on is not None and account.ends_on <= localdate()
        with transaction.atomic():
            _stop(account, SYSTEM, "到期" if over else "长期未登录")
        stopped += 1
    return stopped


@act("account.anonymise", ())
def anonymise(actor: Actor, account: Account) -> bool:
    """Take everything personal from an account and shut it for good; what it did stays, under its number."""
    _end_sessions(account)
    for related in (EmailAddress, Authenticator, SocialAccount, PastPassword):
        owner = "account" if related is PastPassword else "user"
        related.objects.filter(**{owner: account}).delete()
    gone = f"erased-{account.pk}"
    account.login, account.name, account.email, account.person = gone, "已注销", "", None
    account.is_active, account.stopped_because, account.erased_at = False, "已注销", now()
    account.set_unusable_password()
    account.save()
    record("account.anonymise", actor=actor, target=f"account:{account.pk}")
    return True
