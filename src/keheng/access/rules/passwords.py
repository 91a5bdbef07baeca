"""What a password must be (GB/T 22239-2019, identity: complex, changed, not one of the last)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from keheng.access.models import Account, PastPassword
from keheng.access.rules.policy import policy
from keheng.kernel.errors import problem
from keheng.kernel.spoken import in_a_line


def _is_sign(one: str) -> bool:
    return not one.isalnum()


class ComplexPassword:
    """Long enough, of several classes of characters, without the login name in it. Django calls it for every new password."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError with everything that is wrong."""
        wanted = policy("password")
        classes = [str.islower, str.isupper, str.isdigit, _is_sign]
        found = []
        if len(password) < wanted["shortest"]:
            found.append(problem("ACC_PASSWORD_SHORT", shortest=wanted["shortest"]))
        if sum(any(kind(one) for one in password) for kind in classes) < wanted["classes"]:
            found.append(problem("ACC_PASSWORD_PLAIN", classes=wanted["classes"]))
        if user is not None and user.login and user.login.lower() in password.lower():
            found.append(problem("ACC_PASSWORD_LOGIN"))
        if found:
            raise ValidationError([ValidationError(in_a_line(one), code=one.code) for one in found])

    def get_help_text(self) -> str:
        """What to type."""
        wanted = policy("password")
        return _("至少 %(shortest)s 位，大写字母、小写字母、数字、符号中至少 %(classes)s 类，不含登录名") % wanted


class NewPassword:
    """Not one of the last few; remembers the one that is set."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the password was used lately."""
        if user is None or user.pk is None:
            return
        remembered = policy("password")["remembered"]
        past = user.past_passwords.order_by("-set_at").values_list("hash", flat=True)[:remembered]
        if any(check_password(password, hashed) for hashed in past):
            one = problem("ACC_PASSWORD_USED", remembered=remembered)
            raise ValidationError(in_a_line(one), code=one.code)

    def password_changed(self, _password: str, user: Account) -> None:
        """Remember the new password's hash and when it was set."""
        PastPassword.objects.create(account=user, hash=user.password)
        Account.objects.filter(pk=user.pk).update(password_set_at=now(), must_change_password=False)

    def get_help_text(self) -> str:
        """What not to type."""
        return _("不能与最近 %(remembered)s 次用过的密码相同") % policy("password")


class OneLaneArgon2(Argon2PasswordHasher):
    """Argon2id with one lane: what one check costs is what a rush of sign-ins costs (OWASP's minimum: 19 MiB, two rounds)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


def password_is_old(account: Account) -> bool:
    """Whether the password must be changed now: it was reset by another, or its time is over."""
    if account.must_change_password:
        return True
    if not account.has_usable_password() or account.password_set_at is None:
        return False
    return account.password_set_at + timedelta(days=policy("password")["days"]) < now()
