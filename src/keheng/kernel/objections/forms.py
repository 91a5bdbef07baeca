"""Input of objections. The rules judge: nothing is required here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keheng.kernel.asking import SiteForm


class ObjectionForm(SiteForm):
    """Who objects, and why."""

    name = forms.CharField(label=_("姓名"), max_length=60, required=False, help_text=_("异议须实名提出，姓名不公开"))
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    body = forms.CharField(label=_("异议内容和依据"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6}))


class DecisionForm(SiteForm):
    """How an objection ends; ``upheld`` and ``rejected`` say what follows from it."""

    upheld = forms.TypedChoiceField(
        label="处理结论", coerce=lambda value: value == "yes", empty_value=None, required=False, widget=forms.RadioSelect
    )
    answer = forms.CharField(label="答复", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, upheld: str, rejected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["upheld"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("yes", upheld), ("no", rejected)]
