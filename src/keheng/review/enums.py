"""Choices of review, and its parameters from ``definitions/review``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from keheng.kernel.definitions import definitions_folder


class RoundState(TextChoices):
    """Where a round stands."""

    DRAFT = "draft", "准备"
    COMMITTED = "committed", "待抽取"
    SCORING = "scoring", "评审中"
    COMBINED = "combined", "待公示"
    PUBLIC = "public", _("公示中")
    CLOSED = "closed", _("已结束")


class PanelistState(TextChoices):
    """Where a member of the panel stands."""

    CALLED = "called", "待确认"
    STATED = "stated", "已声明独立"
    DECLINED = "declined", "已退出"


class SeatState(TextChoices):
    """Where a judge's reading of an entry stands."""

    OPEN = "open", "待评"
    SUBMITTED = "submitted", "已提交"
    DROPPED = "dropped", "已撤换"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of a rubric: its weight, the most points it gives, and what some points mean (anchors)."""

    code: str
    zh: str
    weight: int
    most: Decimal
    anchors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """What is judged, and by what measure; a version never changes once a round uses it."""

    code: str
    version: str
    zh: str
    criteria: tuple[Criterion, ...]

    @property
    def weights(self) -> tuple[tuple[str, int, Decimal], ...]:
        """As ``total_of`` takes them."""
        return tuple((one.code, one.weight, one.most) for one in self.criteria)


def rubric_from(content: Mapping[str, Any]) -> Rubric:
    """The rubric of its file, or of the copy a round keeps; raises ValueError for weights that are not 100 in all."""
    rubric = Rubric(
        content["code"], content["version"], content["zh"],
        tuple(
            Criterion(one["code"], one["zh"], one["weight"], Decimal(one["most"]), tuple(one["anchors"].items()))
            for one in content["criteria"]
        ),
    )  # fmt: skip
    if sum(one.weight for one in rubric.criteria) != 100:  # noqa: PLR2004 -- a hundred percent
        raise ValueError(f"{rubric.code}: weights are not 100 in all")
    return rubric


@cache
def rubrics() -> Mapping[str, Mapping[str, Any]]:
    """The rubrics that rounds may use, as their files have them, by code."""
    files = sorted((definitions_folder("review") / "rubrics").glob("*.json"))
    found = {content["code"]: content for content in (json.loads(file.read_text(encoding="utf-8")) for file in files)}
    for content in found.values():
        rubric_from(content)
    return found


@cache
def parameter(name: str) -> Any:
    """A number that may change by law or habit, with its source in ``parameters.json``."""
    return json.loads((definitions_folder("review") / "parameters.json").read_text(encoding="utf-8"))[name]["value"]
