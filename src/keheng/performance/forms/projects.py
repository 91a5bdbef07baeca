"""Forms of projects and their money."""

from __future__ import annotations

from typing import Any

from django import forms

from keheng.performance.actions.projects import ProjectFacts
from keheng.performance.enums import Source
from keheng.performance.forms.base import PerformanceForm, day_field, long_text, yuan_field
from keheng.performance.rules.library import layout_choices
from keheng.performance.rules.money import Payment

_FEN = 100


class ProjectForm(PerformanceForm):
    """A project's head and its budget."""

    year = forms.IntegerField(label="年度")
    code = forms.CharField(label="项目编码", max_length=40, help_text="财政预算项目编码")
    title = forms.CharField(label="项目名称", max_length=200)
    unit = forms.TypedChoiceField(label="实施单位", coerce=int)
    department = forms.TypedChoiceField(label="主管部门", coerce=int)
    office = forms.CharField(label="具体实施处室", max_length=100, required=False)
    recurring = forms.BooleanField(label="经常性项目", required=False)
    previous = forms.TypedChoiceField(label="上年的同一项目", coerce=int, empty_value=None, required=False)
    layout = forms.ChoiceField(label="自评表式", choices=layout_choices, initial="mof")
    appropriation = yuan_field("年初预算：本年财政拨款")
    carried = yuan_field("年初预算：上年结转资金", required=False)
    other = yuan_field("年初预算：其他资金", required=False)

    def __init__(self, *args: Any, units: list[tuple[int, str]], projects: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("unit", units), ("department", units), ("previous", [("", "没有"), *projects])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # these are fields with choices

    def facts(self) -> ProjectFacts:
        """The head, once it is valid."""
        return ProjectFacts(**{name: value for name, value in self.cleaned_data.items() if name not in Source.values})

    def budget(self) -> dict[str, int]:
        """The budget in fen by source."""
        return {source: int((self.cleaned_data[source] or 0) * _FEN) for source in Source.values}


class AdjustmentForm(PerformanceForm):
    """A change of the budget."""

    source = forms.ChoiceField(label="资金来源", choices=Source.choices)
    amount = yuan_field("调整金额", least=None, text="单位：元；调减填负数")
    document = forms.CharField(label="批准文号", max_length=100)
    decided_on = day_field("批准日期")
    reason = long_text("调整原因", rows=3, most=300)

    def facts(self) -> dict[str, Any]:
        """The adjustment, once it is valid."""
        values = {**self.cleaned_data}
        return {**values, "fen": int(values.pop("amount") * _FEN)}


class PaymentForm(PerformanceForm):
    """A payment."""

    voucher = forms.CharField(label="凭证号", max_length=60)
    paid_on = day_field("支付日期")
    amount = yuan_field("金额", least=None, text="单位：元；红字冲减填负数")
    source = forms.ChoiceField(label="资金来源", choices=Source.choices)
    summary = forms.CharField(label="摘要", max_length=200, required=False)

    def payment(self) -> Payment:
        """The payment, once it is valid."""
        values = {**self.cleaned_data}
        return Payment(fen=int(values.pop("amount") * _FEN), **values)
