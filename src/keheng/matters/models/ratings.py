"""好差评: what applicants say of a case, and what becomes of it where they were not satisfied."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.matters.enums import Difficulty, Finding, Reached
from keheng.matters.models.cases import Case

COMMENT_LENGTH, ANSWER_LENGTH = 500, 500


class Rating(models.Model):
    """One for a case, 5 is 非常满意; never changed.

    ``edition`` is the day of the texts it was asked with, empty for those before them. ``network`` is a keyed mark of the address and
    the day, empty where none is known: it tells that ratings of one day came from one place, and nothing else.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=COMMENT_LENGTH, default="", blank=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    edition = models.DateField(null=True)
    network = models.CharField(max_length=64, null=True)  # noqa: DJ001 -- a column with a default would have SQLite copy the table and lose its triggers

    class Meta:
        """One to five; found by day."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="matters_rating_stars")]
        indexes: ClassVar = [models.Index(fields=["at"], name="matters_rating_at")]

    def __str__(self) -> str:
        """Case and stars."""
        return f"{self.case_id}: {self.stars}"


class RatingAspect(models.Model):
    """Stars for one aspect of a rating's texts. Rows are only ever added."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="aspects")
    code = models.CharField(max_length=20)
    stars = models.PositiveSmallIntegerField()

    class Meta:
        """Each aspect once, one to five."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rating", "code"], name="matters_ratingaspect_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="matters_ratingaspect_stars"),
        ]

    def __str__(self) -> str:
        """Aspect and stars."""
        return f"{self.code}: {self.stars}"


class FollowUp(models.Model):
    """差评整改: a bad rating is looked into, put right and answered, by somebody who did not handle the case.

    ``days`` are the working days it had by the limits of its day; ``due_on`` is the last of them. ``called_on`` is the day of the first
    call back. What was found, what was done and what the rater was told come with the close, all together.
    """

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="follow_up")
    opened_at = models.DateTimeField()
    difficulty = models.CharField(max_length=10, choices=Difficulty)
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    called_on = models.DateField(null=True)
    finding = models.CharField(max_length=10, choices=Finding, default="", blank=True)
    done = models.CharField(max_length=ANSWER_LENGTH, default="", blank=True)
    answer = models.CharField(max_length=ANSWER_LENGTH, default="", blank=True)
    closed_by = models.CharField(max_length=40, default="", blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        """Closed only with all of it, and not before somebody called back; the queue by what is due, figures by day."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on=None, finding="", closed_by="")
                | (Q(closed_on__isnull=False, called_on__isnull=False) & ~Q(finding="") & ~Q(done="") & ~Q(answer="") & ~Q(closed_by="")),
                name="matters_followup_closed_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="matters_followup_due"),
            models.Index(fields=["opened_at", "id"], name="matters_followup_opened"),
        ]

    def __str__(self) -> str:
        """Rating and last day."""
        return f"{self.rating_id}: {self.due_on}"


class CallBack(models.Model):
    """Somebody called a dissatisfied applicant back, or tried to: how, and what was heard. Rows are only ever added."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="calls")
    reached = models.CharField(max_length=10, choices=Reached)
    heard = models.CharField(max_length=ANSWER_LENGTH)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Follow-up and how."""
        return f"{self.follow_up_id}: {self.reached}"
