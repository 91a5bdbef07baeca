"""Surveys. Who took part and what was answered stand in two tables without a link between them.

An answer has a random key and neither a time nor a number in order. It waits sealed until enough others are there, and is written
with them in random order; when the survey closes all answers and all marks are written anew, so that neither row numbers (SQLite's
rowid), nor places on disk and transaction numbers (PostgreSQL's ctid and xmin), nor times tell who said what.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from keheng.kernel.personal.sealed import SealedTextField
from keheng.portal.enums.surveys import Audience, LeftOut, SurveyState
from keheng.portal.models.activities import Activity


class Questionnaire(models.Model):
    """Questions under a code, in versions that never change once a survey uses them."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    # As ``rules.questions`` reads them.
    questions = models.JSONField()

    class Meta:
        """Each version once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "version"], name="portal_questionnaire_once")]

    def __str__(self) -> str:
        """Code and version."""
        return f"{self.code} v{self.version}"


class Survey(models.Model):
    """One round of asking. ``reached`` counts whoever was asked; NULL where whoever has the link may answer.

    ``occasion`` and ``subject`` ('' for all) say what service it is about. One that asks after it stands open between two days: ``share``
    says how many of a hundred are drawn, ``quiet_days`` for how long nobody is asked who was asked before.
    """

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    intro = models.CharField(max_length=500, default="", blank=True)
    translations = models.JSONField(default=dict)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="surveys")
    audience = models.CharField(max_length=10, choices=Audience)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="surveys")
    occasion = models.CharField(max_length=20, default="", blank=True)
    subject = models.CharField(max_length=80, default="", blank=True)
    share = models.PositiveSmallIntegerField(null=True)
    quiet_days = models.PositiveSmallIntegerField(null=True)
    begins_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=6, choices=SurveyState, default=SurveyState.DRAFT)
    closes_at = models.DateTimeField()
    reached = models.PositiveIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    author = models.CharField(max_length=40)

    class Meta:
        """Those who came are those of an activity; who is asked after a service is drawn."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(audience=Audience.LINK, activity=None)
                | Q(audience=Audience.ATTENDEES, activity__isnull=False, occasion="")
                | Q(audience=Audience.AFTER, activity=None, share__range=(1, 100), quiet_days__gte=1) & ~Q(occasion=""),
                name="portal_survey_audience",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="portal_survey_order"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"


class Participant(models.Model):
    """A mark that somebody was asked, or why not, and whether they answered; what they answered is nowhere near it."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="participants")
    ref = models.CharField(max_length=40)
    left_out = models.CharField(max_length=6, choices=LeftOut, default="", blank=True)
    answered = models.BooleanField(default=False)

    class Meta:
        """One answer for a token, and only of who was asked."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "ref"], name="portal_participant_once"),
            models.CheckConstraint(condition=Q(answered=False) | Q(left_out=""), name="portal_participant_asked"),
        ]

    def __str__(self) -> str:
        """Survey alone."""
        return f"{self.survey_id}"


class AskedCaller(models.Model):
    """That somebody without an account was asked, by a keyed mark of what another system calls them: so that nobody is asked too often."""

    mark = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        """Its number alone."""
        return f"{self.pk}"


class WaitingAnswer(models.Model):
    """An answer that waits, sealed, until it can be written among others."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="waiting")
    body = SealedTextField()

    def __str__(self) -> str:
        """Survey alone."""
        return f"{self.survey_id}"


class Answer(models.Model):
    """What somebody answered: nobody can tell who."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    body = models.JSONField()

    def __str__(self) -> str:
        """Survey alone."""
        return f"{self.survey_id}"
