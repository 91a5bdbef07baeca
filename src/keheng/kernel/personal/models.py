"""Tables of personal data: consent, requests of persons about their data, proofs of erasure, legal holds, runs of retention."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.personal.sealed import SealedTextField


class Consent(models.Model):
    """A person agreed to a version of a notice (个人信息保护法 art. 14 to 17); withdrawn by a later moment, never removed."""

    class How(models.TextChoices):
        """By what way consent was given."""

        PAGE = "page", "网上"
        PAPER = "paper", "书面"
        PHONE = "phone", "电话录音"

    # ``account:id`` or ``person:id``.
    person_key = models.CharField(max_length=60, db_index=True)
    notice = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    how = models.CharField(max_length=8, choices=How)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One consent in force for a person and a version; withdrawn after it was given."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_key", "notice", "version"], condition=Q(withdrawn_at__isnull=True), name="personal_consent_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")), name="personal_consent_order"
            ),
        ]

    def __str__(self) -> str:
        """Notice and version."""
        return f"{self.notice} {self.version}"


class DataRequest(models.Model):
    """What a person asks about the own data (art. 44 to 50): a work order with a clock, decided by somebody else."""

    class Kind(models.TextChoices):
        """What is asked."""

        CORRECT = "correct", "更正、补充"
        ERASE = "erase", "删除"

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "待处理"
        DONE = "done", "已办结"
        REFUSED = "refused", "未同意"

    kind = models.CharField(max_length=8, choices=Kind)
    # The account's id, and all keys of its person at the time of asking, by blanks.
    account = models.CharField(max_length=40)
    person_keys = models.CharField(max_length=200)
    detail = SealedTextField(default="", blank=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_by = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = SealedTextField(default="", blank=True)
    # False once retention blanked both texts: a sealed column cannot be asked.
    texts_kept = models.BooleanField(default=True)

    class Meta:
        """One open request of a kind for an account; nobody decides on the own request; decided means by whom and when."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind"], condition=Q(state="open"), name="personal_request_once"),
            models.CheckConstraint(condition=~Q(decided_by=F("account")), name="personal_request_second_person"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by="", decided_at__isnull=True)
                | (~Q(state="open") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="personal_request_decided",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="personal_request_due")]

    def __str__(self) -> str:
        """Number, kind and state."""
        return f"{self.pk}: {self.kind} {self.state}"


class ErasureProof(models.Model):
    """That data of a person were erased by one holder: counts, reasons and a keyed mark, no value. Rows are only ever added."""

    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="proofs")
    holder = models.CharField(max_length=40)
    person_mark = models.CharField(max_length=32, db_index=True)
    erased = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    kept_until = models.DateField(null=True)
    kept_because = models.CharField(max_length=300, default="", blank=True)
    decided_by = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Holder and counts."""
        return f"{self.holder}: {self.erased} erased, {self.kept} kept"


class LegalHold(models.Model):
    """What must not be erased while an authority or a court needs it: a person, one record, or everything of a retention rule."""

    # A person key, ``app.Model:id``, or ``rule:id``.
    target = models.CharField(max_length=120, db_index=True)
    # The document that demands it.
    document = models.CharField(max_length=200)
    placed_by = models.CharField(max_length=40)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=40, default="", blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        """A document holds a target once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "document"], condition=Q(lifted_at__isnull=True), name="personal_hold_once")
        ]

    def __str__(self) -> str:
        """Target and document."""
        return f"{self.target}: {self.document}"


class RetentionRun(models.Model):
    """What one run of one rule did."""

    rule = models.CharField(max_length=60)
    holder = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    disposed = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    # The oldest moment still held after the run; NULL when nothing is left.
    oldest_left = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Rule and count."""
        return f"{self.rule} {self.at:%Y-%m-%d}: {self.disposed}"
