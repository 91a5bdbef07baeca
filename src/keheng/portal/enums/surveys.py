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
    """Who is asked: whoever has the link or the code; those who came to an activity, frozen when the survey opens; each after a service."""

    LINK = "link", "持链接或二维码的人"
    ATTENDEES = "attendees", "活动到会人员"
    AFTER = "after", "办完一次服务的人"


class LeftOut(TextChoices):
    """Why somebody whom a standing survey might have asked was not; '' for who was asked."""

    SAMPLE = "sample", _("没有抽中")
    RECENT = "recent", _("近期已问过")
    NOBODY = "nobody", _("没有账号，无法送达")


class QuestionKind(TextChoices):
    """How a question is answered."""

    SINGLE = "single", "单选"
    MULTIPLE = "multiple", "多选"
    SCALE = "scale", "评分"
    NUMBER = "number", "数字"
    TEXT = "text", "文字"
