"""What all forms of outreach share: the design, and times as people type them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from keheng.portal.queries.texts import Spoken

# Languages of the public pages beside Chinese. A field ``title_en`` holds what ``title`` is in English.
OTHERS = (("en", "英文"), ("ja", "日文"), ("ko", "韩文"))


class OutreachForm(forms.Form):
    """A form in the design of the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "k-check")
            else:
                field.widget.attrs.setdefault("class", "k-input")


def moment_field(label: str, *, required: bool = True, text: str = "") -> forms.DateTimeField:
    """A time of the installation's zone, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, required=required, help_text=text, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


def day_field(label: str, *, required: bool = True, text: str = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, required=required, help_text=text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def long_text(label: str, *, required: bool = True, text: str = "", rows: int = 6, most: int = 20_000) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, required=required, help_text=text, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


def translated(given: Mapping[str, Any], *names: str) -> dict[str, dict[str, str]]:
    """What was typed in other languages, as records keep it; nothing of what was left empty."""
    said = {code: {name: given[f"{name}_{code}"].strip() for name in names if given[f"{name}_{code}"].strip()} for code, _zh in OTHERS}
    return {code: texts for code, texts in said.items() if texts}


def translations_initial(row: Spoken, *names: str) -> dict[str, str]:
    """A record's texts in other languages as its form shows them."""
    return {f"{name}_{code}": row.translations.get(code, {}).get(name, "") for code, _zh in OTHERS for name in names}


class ReasonForm(OutreachForm):
    """Why something is done."""

    reason = long_text("原因", rows=3, most=300)


class NothingForm(OutreachForm):
    """Nothing to say but that one means it."""


class FileForm(OutreachForm):
    """A file to be read."""

    file = forms.FileField(label="文件")
