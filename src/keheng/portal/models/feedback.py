"""Feedback with its clock and its answer; subscriptions by topic."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from keheng.kernel.personal.sealed import SealedTextField
from keheng.portal.enums.content import Language
from keheng.portal.enums.feedback import FeedbackKind, FeedbackState

ABOUT_LENGTH = 160


class Feedback(models.Model):
    """What somebody wrote, and what came of it. What is shown in public are texts of their own, without personal data."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=FeedbackKind)
    language = models.CharField(max_length=8, choices=Language, default=Language.ZH)
    title = models.CharField(max_length=80)
    body = SealedTextField()
    name = SealedTextField(default="")
    contact = SealedTextField(default="")
    # What it is about, in words (an event's number and title, a hall), and the page of that, where the visitor came from one.
    about = models.CharField(max_length=ABOUT_LENGTH, default="")
    page = models.CharField(max_length=300, default="")
    account = models.CharField(max_length=40, default="")
    # Keyed marks: of the network address for the limit, of the code that opens the answer.
    address_mark = models.CharField(max_length=32)
    code_mark = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=FeedbackState, default=FeedbackState.OPEN)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.TextField(default="")
    answered_by = models.CharField(max_length=40, default="")
    answered_at = models.DateTimeField(null=True)
    public_question = models.TextField(default="")
    public_answer = models.TextField(default="")
    published_by = models.CharField(max_length=40, default="")
    published_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Answered means that there is an answer with its time; published means answered."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=FeedbackState.OPEN, answered_at__isnull=True)
                | (Q(state=FeedbackState.ANSWERED, answered_at__isnull=False) & ~Q(answer="")),
                name="portal_feedback_answered",
            ),
            models.CheckConstraint(condition=Q(published_at__isnull=True) | ~Q(public_answer=""), name="portal_feedback_published"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on"], name="portal_feedback_due"),
            models.Index(fields=["received_at", "id"], name="portal_feedback_time"),
            models.Index(fields=["due_on", "id"], name="portal_feedback_term"),
            models.Index(fields=["kind", "received_at", "id"], name="portal_feedback_kind"),
            models.Index(fields=["state", "received_at", "id"], name="portal_feedback_state"),
            models.Index(fields=["address_mark", "received_at"], name="portal_feedback_address"),
            models.Index(fields=["-published_at"], name="portal_feedback_public"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def late(self) -> bool:
        """Whether the answer is due and not there."""
        return self.state == FeedbackState.OPEN and localdate() > self.due_on

    @property
    def due_soon(self) -> bool:
        """Whether the answer is due today or tomorrow."""
        return self.state == FeedbackState.OPEN and not self.late and localdate() + timedelta(days=1) >= self.due_on


class Subscription(models.Model):
    """Who is told when something on a topic is published: an account, or an address that was confirmed by mail."""

    topic = models.CharField(max_length=30)
    account = models.CharField(max_length=40, default="")
    email = SealedTextField(default="")
    email_mark = models.CharField(max_length=32, default="")
    language = models.CharField(max_length=8, choices=Language, default=Language.ZH)
    # Of the link that confirms and, once confirmed, of the one that ends it.
    token_mark = models.CharField(max_length=32, default="", db_index=True)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """One of an account or an address for a topic, once."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(account="") & Q(email_mark="")) | (Q(account="") & ~Q(email_mark="")), name="portal_subscription_one_way"
            ),
            models.UniqueConstraint(fields=["topic", "account", "email_mark"], name="portal_subscription_once"),
        ]

    def __str__(self) -> str:
        """Its topic."""
        return self.topic
