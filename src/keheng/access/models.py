"""Tables of access: accounts, what they were granted, invitations, past passwords, failed sign-ins and the queue before the door."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.timezone import now


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by login name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of that login name; raises DoesNotExist."""
        return self.get(login__iexact=username)


class Account(AbstractBaseUser):
    """Whom the system knows when someone signs in. There is no superuser: rights come from grants alone."""

    login = models.CharField("登录名", max_length=64, unique=True)
    name = models.CharField("显示名", max_length=80)
    email = models.EmailField("电子邮箱", blank=True)
    # The natural person behind the account, so that one person's two accounts cannot hold two posts.
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField("可用", default=True)
    stopped_because = models.CharField("停用原因", max_length=200, default="", blank=True)
    stopped_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    # Accounts of outsourced staff end with their contract.
    ends_on = models.DateField("到期日", null=True)
    # When it was opened or started again: what was never used since counts from here.
    usable_since = models.DateTimeField(default=now)
    password_set_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = AccountManager()

    class Meta:
        """Login names differ by more than case."""

        indexes: ClassVar = [models.Index(fields=["last_login", "id"], name="access_account_seen")]
        constraints: ClassVar = [models.UniqueConstraint(models.functions.Lower("login"), name="access_login_once")]

    def get_full_name(self) -> str:
        """The name, as identity tokens tell it."""
        return self.name

    def __str__(self) -> str:
        """Name and login."""
        return f"{self.name}（{self.login}）"


class Grant(models.Model):
    """A role given to an account for a time: asked for by one person, decided by another."""

    class State(models.TextChoices):
        """Where a grant stands."""

        APPLIED = "applied", "待审批"
        IN_FORCE = "in_force", "有效"
        REFUSED = "refused", "未同意"
        REVOKED = "revoked", "已收回"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.CharField(max_length=20, default="", blank=True)
    begins = models.DateField()
    ends = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State)
    applied_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        """A grant ends after it begins; the one who decides is not the one who asked."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gt=models.F("begins")), name="access_grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("applied_by")) | models.Q(decided_by=None), name="access_grant_by_two_persons"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "state"], name="access_grant_held"),
            # The list's orders and choices, among a million rows.
            *(models.Index(fields=[one, "id"], name=f"access_grant_{one}") for one in ("begins", "ends", "role", "state")),
        ]

    def __str__(self) -> str:
        """Role and account."""
        return f"{self.role} → {self.account_id}"


class Invitation(models.Model):
    """A unit's manager asks someone to act for the unit; only a digest of the link's token is kept."""

    unit = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    email = models.EmailField()
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Role and state."""
        return f"{self.role}: {'accepted' if self.accepted_by_id else 'open'}"


class PastPassword(models.Model):
    """A password's hash, so that it is not chosen again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """When."""
        return f"{self.account_id}: {self.set_at}"


class FailedSignIn(models.Model):
    """Failed attempts by (login name, address); an empty mark counts the address alone. The name is a keyed mark."""

    login_mark = models.CharField(max_length=32)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        """One counter for a pair."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["login_mark", "address"], name="access_failed_once")]

    def __str__(self) -> str:
        """Address and count."""
        return f"{self.address}: {self.failures}"


class Waiting(models.Model):
    """A place in the queue before the door, kept while its owner asks again."""

    ticket = models.CharField(max_length=32, unique=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Place."""
        return f"{self.pk}"


class ApiToken(models.Model):
    """Lets a program act as an account, within some of its permissions and for a time; only a digest of the token is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=80)
    unit = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    scopes = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    # The first characters, by which its owner knows it again.
    start = models.CharField(max_length=12)
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Beginning and purpose."""
        return f"{self.start}… {self.name}"
