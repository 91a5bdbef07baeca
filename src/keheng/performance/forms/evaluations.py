"""Forms of self-evaluations, monitoring, re-checks and outside figures."""

from __future__ import annotations

from typing import Any

from django import forms

from keheng.performance.actions.evaluations import Proof, RowTyped
from keheng.performance.actions.outside import Figure
from keheng.performance.enums import EvidenceKind
from keheng.performance.forms.base import PerformanceForm, base_field, day_field, long_text

_STATED = [(one.value, one.label) for one in (EvidenceKind.FILE, EvidenceKind.SURVEY, EvidenceKind.MINUTES)]


class RowForm(PerformanceForm):
    """A row of the self-evaluation."""

    actual = forms.CharField(label="实际完成值", max_length=400, required=False)
    score = forms.DecimalField(label="得分", max_digits=6, decimal_places=2, required=False)
    score_reason = long_text("改分理由", required=False, rows=2, most=300, text="与建议分不同时必须写明")
    reason = long_text("偏差原因分析及改进措施", required=False, rows=3)
    definition_note = forms.CharField(
        label="指标定义变化的说明", max_length=300, required=False, help_text="系统指标的定义在年中改版时填写"
    )
    base = base_field()

    def __init__(self, *args: Any, measured: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if measured:
            del self.fields["actual"]

    def typed(self) -> RowTyped:
        """What was typed, once it is valid."""
        return RowTyped(**{name: value for name, value in self.cleaned_data.items() if name != "base"})


class ProofForm(PerformanceForm):
    """A stated source."""

    kind = forms.ChoiceField(label="依据类型", choices=_STATED)
    title = forms.CharField(label="依据名称", max_length=200, help_text="文件名称、调查名称或纪要文号")
    dated_on = day_field("日期")
    file = forms.FileField(label="文件", required=False, help_text="文件、调查报告或会议纪要的原文，必须附上；不超过 20 MB")
    page = forms.IntegerField(label="页码", min_value=1, required=False, help_text="数字在文件的第几页；依据是文件时必填")
    sample = forms.IntegerField(label="有效样本数", min_value=1, required=False, help_text="调查必填")
    population = forms.IntegerField(label="调查对象总数", min_value=1, required=False)
    method = forms.CharField(label="调查方法", max_length=200, required=False, help_text="对象范围和抽样方法；调查必填")

    def proof(self) -> Proof:
        """The source, once it is valid."""
        return Proof(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


class StoryForm(PerformanceForm):
    """The account of results."""

    achieved = long_text(
        "实际完成情况", rows=8, most=4000, text="用 {1} 引用第 1 行的实际完成值，用 {执行率} 引用预算执行率；文字与表格始终一致"
    )
    budget_reason = long_text("预算执行说明", required=False, rows=3, text="执行率低于 90% 时必须说明")
    base = base_field()


class AnswerForm(PerformanceForm):
    """What is said to a finding."""

    text = long_text("答复", rows=2)


class PointForm(PerformanceForm):
    """A date of monitoring."""

    stage = forms.CharField(label="阶段", max_length=40, help_text="如 1—7 月")
    on = day_field("截至日期")


class DeviationForm(PerformanceForm):
    """Why an indicator lags, and what is done."""

    cause = long_text("偏差原因", rows=3)
    action = long_text("改进措施", rows=3)
    responsible = forms.ChoiceField(label="责任人")
    due_on = day_field("完成期限")
    base = base_field()

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = people  # type: ignore[attr-defined]  # it is a field with choices


class ActualForm(PerformanceForm):
    """How an indicator without a measure stands."""

    actual = forms.CharField(label="目前完成值", max_length=300)


class SeedForm(PerformanceForm):
    """How a sample is drawn."""

    year = forms.IntegerField(label="年度")
    seed = forms.CharField(label="种子", max_length=40, help_text="如会议编号加日期；同一种子抽取的结果可以重现")


class RectificationForm(PerformanceForm):
    """What is to be put right."""

    place = forms.IntegerField(label="行号", required=False, min_value=1, help_text="涉及某一行指标时填写，会在明年的目标旁提示")
    text = long_text("整改要求", rows=3)
    due_on = day_field("整改期限")


class ReplyForm(PerformanceForm):
    """What was done."""

    reply = long_text("整改情况", rows=4)


class _OfUnit(PerformanceForm):
    """Something of a unit."""

    unit = forms.TypedChoiceField(label="实施单位", coerce=int)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # it is a field with choices


class UnitFileForm(_OfUnit):
    """A sheet or a certificate of a unit."""

    file = forms.FileField(label="文件", help_text="XLSX、XLS 或 CSV；或压力证书（JSON），数值和日期从证书读取")


class FigureForm(_OfUnit):
    """A figure from outside."""

    key = forms.CharField(label="数据代码", max_length=40, help_text="同一种数据用同一个代码，如 bandwidth；指标的口径范围写 key=代码")
    title = forms.CharField(label="数据名称", max_length=100)
    value = forms.DecimalField(label="数值", max_digits=20, decimal_places=4)
    measured_in = forms.CharField(label="单位", max_length=20, required=False)
    begin = day_field("开始日期")
    last = day_field("结束日期")
    origin = forms.CharField(label="来源", max_length=200, help_text="哪个系统、哪份报告")
    reference = forms.CharField(label="来源编号", max_length=80)
    file = forms.FileField(label="文件", required=False, help_text="写有这个数字的报表或报告，必须附上；不超过 20 MB")
    page = forms.IntegerField(label="页码", min_value=1, required=False)

    def figure(self) -> Figure:
        """The figure, once it is valid."""
        return Figure(**{name: value for name, value in self.cleaned_data.items() if name not in {"file", "unit"}})
