"""Choices of surveys."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SurveyState(TextChoices):
    """Where a survey stands."""

    DRAFT = "draft", "草稿"
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class Audience(TextChoices):
    """Who is asked: whoever has the link or the code, or those who came to an activity, frozen when the survey opens."""

    LINK = "link", "持链接或二维码的人"
    ATTENDEES = "attendees", "活动到会人员"


class QuestionKind(TextChoices):
    """How a question is answered."""

    SINGLE = "single", "单选"
    MULTIPLE = "multiple", "多选"
    SCALE = "scale", "评分"
    NUMBER = "number", "数字"
    TEXT = "text", "文字"
