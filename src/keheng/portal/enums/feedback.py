"""Choices of feedback."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedbackKind(models.TextChoices):
    """Why somebody writes."""

    QUESTION = "question", _("咨询")
    ADVICE = "advice", _("建议")
    COMPLAINT = "complaint", _("投诉")
    CORRECTION = "correction", _("网站纠错")


class FeedbackState(models.TextChoices):
    """How far an answer has come."""

    OPEN = "open", _("办理中")
    ANSWERED = "answered", _("已答复")
