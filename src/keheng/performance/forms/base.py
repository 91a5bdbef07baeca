"""What all forms of performance share: the design, amounts in yuan, days, what the page was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder

from keheng.performance.models import SelfEvaluation
from keheng.performance.rules.lengths import room_for


class PerformanceForm(forms.Form):
    """A form in the design of the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            check = isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple)
            field.widget.attrs.setdefault("class", "k-check" if check else "k-input")


class FileForm(PerformanceForm):
    """A file to be read."""

    file = forms.FileField(label="文件", help_text="XLSX、XLS 或 CSV")


class ReasonForm(PerformanceForm):
    """Why something is done."""

    # As much as is kept of it: the form and the act have one limit.
    reason = forms.CharField(label="原因", max_length=room_for(SelfEvaluation, "returned"), widget=forms.Textarea(attrs={"rows": 3}))


class NothingForm(PerformanceForm):
    """Nothing to say but that one means it."""


def yuan_field(label: str, *, required: bool = True, least: int | None = 0, text: str = "单位：元") -> forms.DecimalField:
    """An amount in yuan."""
    return forms.DecimalField(label=label, required=required, max_digits=15, decimal_places=2, min_value=least, help_text=text)


def day_field(label: str, *, required: bool = True, text: str = "") -> forms.DateField:
    """A day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=text, widget=widget)


def long_text(label: str, *, required: bool = True, text: str = "", rows: int = 4, most: int = 500) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, required=required, help_text=text, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


def base_field() -> forms.CharField:
    """What the page was made from, carried along so that what others change meanwhile is seen."""
    return forms.CharField(required=False, widget=forms.HiddenInput)


def packed(values: Mapping[str, object]) -> str:
    """Values for a base field."""
    return json.dumps(values, ensure_ascii=False, cls=DjangoJSONEncoder)


def unpacked(text: str, like: Mapping[str, object]) -> dict[str, object]:
    """What a base field held, in the types of the stored values; nothing where it was tampered with."""
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError:
        return {}
    if not isinstance(found, dict):
        return {}
    same = json.loads(packed(like))
    # A value that reads as the stored one is the stored one: days and points are texts in the page.
    return {name: like[name] if value == same[name] else value for name, value in found.items() if name in like}
