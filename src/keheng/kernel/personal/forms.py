"""Input of the pages of personal data; what is wrong with it is said by the acts."""

from __future__ import annotations

from django import forms

from keheng.kernel.personal.models import DataRequest
from keheng.kernel.personal.reveal import policy

_INPUT = {"class": "k-input"}


def _reasons() -> list[tuple[str, str]]:
    return [("", "请选择，或在下面写明"), *((one["code"], one["zh"]) for one in policy()["reasons"])]


class RevealForm(forms.Form):
    """Why a value is needed: a usual reason, or one's own words."""

    usual = forms.ChoiceField(label="用途", choices=_reasons, required=False, widget=forms.Select(_INPUT))
    reason = forms.CharField(
        label="其他用途", required=False, max_length=200, widget=forms.TextInput(_INPUT), help_text="不要在这里填写个人信息"
    )

    def words(self) -> str:
        """The code of the usual reason, or the words; to be called after validation, '' for neither."""
        return str(self.cleaned_data.get("usual") or self.cleaned_data.get("reason", ""))


class AskForm(forms.Form):
    """A request about one's own data."""

    kind = forms.ChoiceField(label="请求", choices=DataRequest.Kind.choices, widget=forms.Select(_INPUT))
    detail = forms.CharField(
        label="说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea({**_INPUT, "rows": 4}),
        help_text="更正时写明哪一项有误、正确的内容是什么",
    )


class DecideForm(forms.Form):
    """The answer to a request."""

    reason = forms.CharField(
        label="答复",
        required=False,
        max_length=2000,
        widget=forms.Textarea({**_INPUT, "rows": 4}),
        help_text="本人可以看到；不同意时必须说明理由",
    )


class HoldForm(forms.Form):
    """A legal hold."""

    target = forms.CharField(
        label="保全对象",
        max_length=120,
        widget=forms.TextInput(_INPUT),
        help_text="person:编号、account:编号、模型名:编号 或 rule:规则编号",
    )
    document = forms.CharField(label="文书名称和文号", max_length=200, widget=forms.TextInput(_INPUT))
