"""What a call has given away: persons and codes that stand in one case of it, places of quotas; and sheets that bring cases in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.personal.sealed import SealedTextField
from keheng.matters.models.cases import Case


class Taken(models.Model):
    """A person (by the mark of their identity number) or a unit's own code that stands in one case of a call.

    A case that ends without success gives them back: its rows are deleted.
    """

    class Kind(models.TextChoices):
        """What is taken."""

        PERSON = "person", "人员"
        CODE = "code", "编号"

    case = models.ForeignKey(Case, models.CASCADE, related_name="taken")
    matter = models.CharField(max_length=80)
    call = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=80)

    class Meta:
        """Once a call: the database lets nobody stand twice."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["matter", "call", "kind", "value"], name="matters_taken_once")]

    def __str__(self) -> str:
        """Case and kind; never the mark."""
        return f"{self.case_id}: {self.kind}"


class QuotaUse(models.Model):
    """How many places of a quota a unit or a district has used in a call; ``most`` as it was when the last one was taken."""

    matter = models.CharField(max_length=80)
    call = models.CharField(max_length=60)
    quota = models.CharField(max_length=40)
    # The number of a unit, or the code of a district.
    holder = models.CharField(max_length=20)
    taken = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField()

    class Meta:
        """Never more than there are."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "call", "quota", "holder"], name="matters_quota_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="matters_quota_within"),
        ]

    def __str__(self) -> str:
        """Quota, holder and how far it is used."""
        return f"{self.quota}/{self.holder}: {self.taken} of {self.most}"


class CaseImport(models.Model):
    """A sheet that brings many cases in: read and written by a job that tells how far it is.

    Sheets hold people, often minors: they stand sealed, as base64. The one that came is emptied when it was worked off, the error
    sheet after some days.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "等待处理"
        CHECKING = "checking", "正在检查"
        WRITING = "writing", "正在写入"
        DONE = "done", "已完成"
        REFUSED = "refused", "没有导入"

    matter = models.CharField(max_length=80)
    account = models.CharField(max_length=40)
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    sheet = SealedTextField(default="", blank=True)
    # Whether good rows come in although others are faulty.
    partly = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    # Why the whole file was refused, in words; rows with faults are told in the sheet that comes back.
    refusal = models.TextField(default="", blank=True)
    answer = SealedTextField(default="", blank=True)
    forgotten = models.BooleanField(default=False)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """The latest of somebody first."""

        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="matters_import_account")]

    def __str__(self) -> str:
        """Matter and state."""
        return f"{self.matter}: {self.state}"
