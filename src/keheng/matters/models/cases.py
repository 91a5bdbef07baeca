"""Cases, what happened to them, and the text they run on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from keheng.kernel.personal.sealed import SealedTextField

SUBJECT_LENGTH = 100


class Edition(models.Model):
    """A matter's file as it was when the first case began on it; running cases stay on it. Rows are only ever added."""

    digest = models.CharField(max_length=64, primary_key=True)
    matter = models.CharField(max_length=80)
    version = models.DateField()
    text = models.TextField()

    class Meta:
        """Found by matter and version."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["matter", "version"], name="matters_edition_once")]

    def __str__(self) -> str:
        """Matter and version."""
        return f"{self.matter} {self.version}"


class Case(models.Model):
    """One application, pinned to an edition. ``version`` counts moves: a move names the one it saw.

    ``subject`` says in a list what the case is about: the answer that its file names, or who applies; never a sealed one.
    ``touched_at`` is when something last happened in it: typed, handed in, moved, written.
    ``due_on`` and ``lapse_on`` are copies for lists and the nightly job; what counts is derived from the clocks and the state.
    """

    number = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001 -- NULL until it is submitted; empty ones would be equal
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="cases")
    matter = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=SUBJECT_LENGTH, default="", blank=True)
    applicant = models.CharField(max_length=40)
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    district = models.CharField(max_length=12, default="", blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    state = models.CharField(max_length=40)
    std = models.CharField(max_length=12)
    end = models.CharField(max_length=12, default="", blank=True)
    version = models.PositiveIntegerField(default=0)
    entered_on = models.DateField()
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(default=now)
    due_on = models.DateField(null=True)
    lapse_on = models.DateField(null=True)
    answers = models.JSONField(default=dict)
    private = SealedTextField(default="", blank=True)
    # How often each answer was changed, by field: of two who change the same one the second is told.
    marks = models.JSONField(default=dict)
    spent = models.JSONField(default=list)
    voices = models.JSONField(default=list)
    # Accounts of colleagues named in the form, by role.
    named = models.JSONField(default=dict)

    class Meta:
        """Lists: by what is due, by matter and step, of an applicant, of a unit; the nightly job by what lapses."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end="") | Q(ended_at__isnull=False), name="matters_case_ended"),
            models.CheckConstraint(condition=Q(submitted_at=None) | Q(number__isnull=False), name="matters_case_numbered"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id", "submitted_at"], name="matters_case_due", condition=Q(ended_at=None)),
            models.Index(fields=["matter", "std", "due_on", "id"], name="matters_case_queue", condition=Q(ended_at=None)),
            models.Index(
                fields=["matter", "due_on", "id", "submitted_at"], name="matters_case_ended_of", condition=Q(ended_at__isnull=False)
            ),
            models.Index(fields=["subject", "id"], name="matters_case_subject", condition=Q(ended_at=None)),
            models.Index(fields=["applicant", "-touched_at", "-id"], name="matters_case_applicant"),
            models.Index(fields=["unit", "-touched_at", "-id"], name="matters_case_unit"),
            models.Index(fields=["district", "due_on", "id", "submitted_at"], name="matters_case_district", condition=Q(ended_at=None)),
            models.Index(fields=["district", "matter", "due_on", "id"], name="matters_case_district_of", condition=Q(ended_at=None)),
            # SQLite takes an index of all cases for one of the few that have not ended: those of what has ended hold only that.
            models.Index(
                fields=["district", "ended_at", "id", "submitted_at"],
                name="matters_case_district_ended",
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=["district", "matter", "due_on", "id"], name="matters_case_district_past", condition=Q(ended_at__isnull=False)
            ),
            models.Index(fields=["submitted_at", "id"], name="matters_case_submitted"),
            models.Index(fields=["submitted_at", "id"], name="matters_case_open", condition=Q(ended_at=None)),
            models.Index(fields=["number", "id"], name="matters_case_open_number", condition=Q(ended_at=None)),
            models.Index(fields=["ended_at", "id"], name="matters_case_ended_at", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["lapse_on"], name="matters_case_lapse", condition=Q(lapse_on__isnull=False)),
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number or self.pk} {self.title}"

    @property
    def called(self) -> str:
        """The subject before the matter's title: two cases of one matter are told apart."""
        return f"{self.subject} · {self.title}" if self.subject else self.title


class Party(models.Model):
    """A colleague named in a case's form, so that lists find the case: the same as ``Case.named``, written with it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    account = models.CharField(max_length=40)

    class Meta:
        """Found by account."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "case"], name="matters_party_once")]

    def __str__(self) -> str:
        """Case and account."""
        return f"{self.case_id}: {self.account}"


class CaseEvent(models.Model):
    """A move of a case. Rows are only ever added. ``version`` is the case's after it: no two moves follow the same one.

    ``by`` acted as ``role``, ``instead_of`` somebody when substituting; ``given`` are the answers of the move, or the open answers
    that were submitted; ``signature`` is the digest of what was signed.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    do = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    by = models.CharField(max_length=40)
    role = models.CharField(max_length=40, default="", blank=True)
    instead_of = models.CharField(max_length=40, default="", blank=True)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    opinion = models.TextField(default="", blank=True)
    given = models.JSONField(default=dict)
    signature = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        """One event a version; newest of a person."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "version"], name="matters_event_once")]
        indexes: ClassVar = [
            models.Index(fields=["by", "at"], name="matters_event_by"),
            models.Index(fields=["at", "do"], name="matters_event_at"),
        ]

    def __str__(self) -> str:
        """Case and move."""
        return f"{self.case_id}/{self.version}: {self.do}"


class Substitution(models.Model):
    """On days ``[since, until)`` the taker may act where the giver is named."""

    giver = models.CharField(max_length=40)
    taker = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        """It ends after it begins, and nobody stands in for themselves."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("since")) & ~Q(giver=F("taker")), name="matters_substitution_span"),
        ]
        indexes: ClassVar = [models.Index(fields=["taker", "until"], name="matters_substitution_taker")]

    def __str__(self) -> str:
        """Both and the days."""
        return f"{self.giver} → {self.taker}: {self.since}–{self.until}"
