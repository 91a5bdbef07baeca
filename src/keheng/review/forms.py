"""Input of review."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from keheng.kernel.asking import SiteForm
from keheng.review.enums import Rubric


class NothingForm(SiteForm):
    """Nothing to say but that one means it."""


class ReasonForm(SiteForm):
    """Why something is done. The rules judge: nothing is required here."""

    reason = forms.CharField(label="理由", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class StatementForm(SiteForm):
    """The statement of independence."""

    agreed = forms.BooleanField(
        required=False,
        label="本人与所评项目的申报单位和人员没有亲属、师生、合作、任职或其他利害关系；独立评审，不与他人商议分数；对评审内容保密。",
    )


class CallForm(SiteForm):
    """An expert, the account they use, and the kind of seat they take."""

    expert = forms.ChoiceField(label="专家")
    login = forms.CharField(label="专家的登录名", max_length=80)
    kind = forms.ChoiceField(label="席位类别")

    def __init__(self, *args: Any, experts: list[tuple[str, str]], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("expert", experts), ("kind", [(one, one) for one in kinds])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class ObserverForm(SiteForm):
    """Who observes."""

    login = forms.CharField(label="观察员的登录名", max_length=80)


class HalfForm(SiteForm):
    """Half of a key."""

    half = forms.CharField(label="密钥", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ScoreForm(SiteForm):
    """Points for each criterion of a rubric, and the reasons."""

    comment = forms.CharField(label="评语", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for one in rubric.criteria:
            attrs = {
                "class": "k-input",
                "min": "0",
                "max": str(one.most),
                "step": "0.5",
                "data-weight": str(one.weight),
                "inputmode": "decimal",
            }
            self.fields[one.code] = forms.DecimalField(
                label=f"{one.zh}（{one.weight}%）", required=False, widget=forms.NumberInput(attrs=attrs)
            )
        self.order_fields([*(one.code for one in rubric.criteria), "comment"])

    def points(self) -> Mapping[str, Decimal | None]:
        """Points by criterion, None where nothing was given."""
        return {one.code: self.cleaned_data.get(one.code) for one in self.rubric.criteria}

    def rows(self) -> list[tuple[Any, Any]]:
        """Each criterion with its field."""
        return [(one, self[one.code]) for one in self.rubric.criteria]
