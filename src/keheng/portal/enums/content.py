"""Choices of the content: columns, articles, languages, the three steps; topics and situations from ``definitions/portal``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keheng.kernel.definitions import definitions_folder

CHINESE = "zh-hans"


class Language(models.TextChoices):
    """Languages in which content exists; their names are written in themselves."""

    ZH = CHINESE, "中文"
    EN = "en", "English"
    JA = "ja", "日本語"
    KO = "ko", "한국어"


class ColumnKind(models.TextChoices):
    """What a column holds. How old it may grow is the column's own number, by default that of its kind."""

    NEWS = "news", _("动态")
    NOTICES = "notices", _("通知公告")
    POLICIES = "policies", _("政策")
    GUIDES = "guides", _("办事指南")
    DISCLOSURE = "disclosure", _("信息公开")
    ABOUT = "about", _("机构介绍")


class ArticleKind(models.TextChoices):
    """What an article is; a policy has a number, an issuing body and a day of issue."""

    ARTICLE = "article", _("文章")
    NOTICE = "notice", _("通知")
    POLICY = "policy", _("政策")
    GUIDE = "guide", _("指南")


class Stage(models.TextChoices):
    """Where the newest version of an article stands."""

    DRAFT = "draft", "草稿"
    REVIEW = "review", "待审核"
    ISSUE = "issue", "待签发"
    SCHEDULED = "scheduled", "待发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


class Step(models.TextChoices):
    """A step of the three: writing is the first, and has no decision."""

    REVIEW = "review", "审核"
    ISSUE = "issue", "签发"


class Decision(models.TextChoices):
    """What a step came to."""

    APPROVED = "approved", "通过"
    RETURNED = "returned", "退回"


STEP_OF_STAGE = {Stage.REVIEW.value: Step.REVIEW, Stage.ISSUE.value: Step.ISSUE}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the portal's vocabulary in four languages."""

    code: str
    words: Mapping[str, str]

    def __str__(self) -> str:
        return self.words.get(get_language() or CHINESE) or self.words[CHINESE]


@cache
def definition(name: str) -> Any:
    """A file of ``definitions/portal``, read once."""
    return json.loads((definitions_folder("portal") / f"{name}.json").read_text(encoding="utf-8"))


@cache
def topics() -> Mapping[str, Term]:
    """Topics of articles and policies, by code: what people subscribe to."""
    return {code: Term(code, words) for code, words in definition("topics").items()}
