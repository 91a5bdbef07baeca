"""Forms of targets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from keheng.performance.enums import EvidenceKind
from keheng.performance.forms.base import PerformanceForm, base_field, long_text
from keheng.performance.queries.readings import measure_choices
from keheng.performance.rules.library import classes, library
from keheng.performance.rules.targets import LONGEST_GOAL, IndicatorFacts


def _labels(level: str) -> list[tuple[str, str]]:
    return [(code, entry["zh"]) for code, entry in classes()[level].items()]


def _known() -> list[str]:
    return sorted({one.title for one in library().values()})


class GoalForm(PerformanceForm):
    """The goal in words."""

    goal = long_text("年度总体目标", rows=6, most=LONGEST_GOAL, text="写明全年要做到什么、做到多少；数字应与指标一致")
    base = base_field()


class DocumentForm(PerformanceForm):
    """The document that asks for other targets."""

    document = forms.CharField(label="调整目标的文号", max_length=100)


class NoteForm(PerformanceForm):
    """Why indicators of last year are left out."""

    note = long_text("说明", rows=3, most=300)


class IndicatorForm(PerformanceForm):
    """A row of the targets."""

    title = forms.CharField(label="三级指标", max_length=200, help_text="可从指标库选用常用名称")
    level1 = forms.ChoiceField(label="一级指标", choices=lambda: _labels("level1"))
    level2 = forms.ChoiceField(label="二级指标", choices=lambda: [("", "没有"), *_labels("level2")], required=False)
    target = forms.CharField(label="年度指标值", max_length=400, help_text="如 ≥1000万次、≤2秒、80~90%、12月底前、完善")
    weight = forms.DecimalField(label="分值", max_digits=6, decimal_places=2)
    evidence = forms.ChoiceField(
        label="用什么证明", choices=EvidenceKind.choices, help_text="平台能计量的请选“系统指标”，实际完成值不用手填"
    )
    measure = forms.ChoiceField(label="系统指标", choices=lambda: [("", "不绑定"), *measure_choices()], required=False)
    scope = forms.CharField(label="口径范围", required=False, max_length=200, help_text="缩小指标的范围，如 hall=kechuang；多个用空格隔开")
    direction = forms.ChoiceField(label="方向", choices=[("more", "越高越好"), ("less", "越低越好"), ("either", "不判断")], required=False)
    rule = forms.CharField(label="评分规则", required=False, max_length=500, help_text="2019 年表式要求的，用文字写明")
    base = base_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["list"] = "known-indicators"

    @staticmethod
    def known() -> list[str]:
        """Usual names for the list beside the field."""
        return _known()

    def clean_scope(self) -> dict[str, str]:
        """``hall=kechuang kind=channel`` as a mapping."""
        found: dict[str, str] = {}
        for part in self.cleaned_data["scope"].split():
            name, equals, value = part.partition("=")
            if not (name and equals and value):
                raise ValidationError("请写成 名称=值，多个用空格隔开")
            found[name] = value
        return found

    def facts(self) -> IndicatorFacts:
        """The row, once it is valid."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "base"}
        values["direction"] = values["direction"] or "more"
        return IndicatorFacts(**values)

    def so_far(self) -> IndicatorFacts:
        """The row while it is typed: what cannot be understood yet is as if it were left out."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "base"}
        return IndicatorFacts(**{"level1": "output", **values, "direction": values.get("direction") or "more"})

    @staticmethod
    def shown(facts: IndicatorFacts) -> dict[str, Any]:
        """A stored row as the form shows it."""
        return {**facts.plain(), "scope": " ".join(f"{name}={value}" for name, value in facts.scope.items())}


class DecisionForm(PerformanceForm):
    """Approved, or sent back with a reason."""

    approved = forms.ChoiceField(label="决定", choices=[("yes", "批复"), ("no", "退回修改")])
    reason = long_text("意见", required=False, rows=3, most=300, text="退回时必须写明")
