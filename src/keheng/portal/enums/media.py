"""Choices of outreach records."""

from __future__ import annotations

from django.db.models import TextChoices


class MediaKind(TextChoices):
    """What it is."""

    FEATURE = "feature", "专题报道"
    NEWS = "news", "新闻"
    REPRINT = "reprint", "转载"


class LinkState(TextChoices):
    """What was found behind the link when somebody last looked."""

    UNCHECKED = "unchecked", "未核对"
    OK = "ok", "可以打开"
    GONE = "gone", "已失效"
