"""Choices of the directory. Kinds, districts and fields of work are data in ``definitions/directory``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import TextChoices

from keheng.kernel.definitions import definitions_folder


class Status(TextChoices):
    """Whether an organisation still exists as a record of its own."""

    ACTIVE = "active", "正常"
    CLOSED = "closed", "已注销"
    MERGED = "merged", "已并入其他记录"


class PersonStatus(TextChoices):
    """Whether a person is still a record of their own."""

    ACTIVE = "active", "正常"
    MERGED = "merged", "已并入其他记录"


class NameUse(TextChoices):
    """What a name of an organisation is: the registered one, or a short one in use."""

    OFFICIAL = "official", "登记名称"
    SHORT = "short", "简称"


class PartyKind(TextChoices):
    """Why two parties count as related."""

    INVESTMENT = "investment", "投资或持股"
    SAME_CONTROLLER = "same_controller", "受同一方控制"
    OFFICE = "office", "任职或兼职"
    KIN = "kin", "负责人之间有亲属关系"
    CONTRACT = "contract", "长期业务往来"


class ExpertState(TextChoices):
    """Where an expert stands."""

    APPLIED = "applied", "待批准"
    POOL = "pool", "在库"
    SUSPENDED = "suspended", "暂停"
    LEFT = "left", "已出库"


class AvoidanceKind(TextChoices):
    """Why an expert should not judge somebody."""

    KIN = "kin", "亲属"
    ADVISER = "adviser", "师生"
    PROJECT = "project", "共同承担项目"
    PAPER = "paper", "共同发表成果"
    REFUSED = "refused", "曾被申请回避"
    DECLARED = "declared", "专家自行申报"


class Side(TextChoices):
    """A record's part in a merge: the one that stays, and the one that goes into it."""

    SURVIVOR = "survivor", "保留的记录"
    LOSER = "loser", "被并入的记录"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation. ``user``: counts as a user unit. ``binds``: units below the same one are related to each other."""

    code: str
    zh: str
    en: str
    ja: str
    ko: str
    user: bool
    binds: bool

    def name(self, language: str) -> str:
        """What it is called in a language of the site."""
        return {"en": self.en, "ja": self.ja, "ko": self.ko}.get(language, self.zh)


@dataclass(frozen=True, slots=True)
class FieldOfWork:
    """A field of work in the tree; ``parent`` is '' at the top."""

    code: str
    zh: str
    parent: str


def _definition(name: str) -> Any:
    return json.loads((definitions_folder("directory") / f"{name}.json").read_text(encoding="utf-8"))


@cache
def kinds() -> Mapping[str, Kind]:
    """Kinds of organisations by code, in their printed order."""
    return {code: Kind(code, **entry) for code, entry in _definition("kinds").items()}


@cache
def districts() -> Mapping[str, str]:
    """Names of the city's districts by code."""
    return dict(_definition("districts")["districts"])


@cache
def city() -> str:
    """The city's name, which many organisations carry in front of theirs."""
    return str(_definition("districts")["city"])


@cache
def fields_of_work() -> Mapping[str, FieldOfWork]:
    """The tree of fields of work by code, each branch followed by its leaves."""
    found: dict[str, FieldOfWork] = {}
    for branch, entry in _definition("fields").items():
        found[branch] = FieldOfWork(branch, entry["zh"], "")
        found |= {leaf: FieldOfWork(leaf, zh, branch) for leaf, zh in entry["below"].items()}
    return found


@dataclass(frozen=True, slots=True)
class Relations:
    """When units count as related: a holding from so many percent on; for how many years a past post, and work done together, count."""

    share_from: int
    years_after_post: int
    years_together: int


@cache
def relations() -> Relations:
    """Parameters of relatedness, with their sources, from ``relations.json``."""
    entry = _definition("relations")
    return Relations(*(entry[name]["value"] for name in ("share_from", "years_after_post", "years_together")))
