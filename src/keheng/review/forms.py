"""Input of review."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keheng.review.enums import Rubric


class ReviewForm(forms.Form):
    """A form in the design of the site. What must be given is for the rules to say: a browser would tell one thing at a time."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            checks = isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect)
            field.widget.attrs.setdefault("class", "k-check" if checks else "k-input")


class NothingForm(ReviewForm):
    """Nothing to say but that one means it."""


class ReasonForm(ReviewForm):
    """Why something is done. The rules judge: nothing is required here."""

    reason = forms.CharField(label="理由", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class StatementForm(ReviewForm):
    """The statement of independence."""

    agreed = forms.BooleanField(
        required=False,
        label="本人与所评项目的申报单位和人员没有亲属、师生、合作、任职或其他利害关系；独立评审，不与他人商议分数；对评审内容保密。",
    )


class CallForm(ReviewForm):
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


class ObserverForm(ReviewForm):
    """Who observes."""

    login = forms.CharField(label="观察员的登录名", max_length=80)


class HalfForm(ReviewForm):
    """Half of a key."""

    half = forms.CharField(label="密钥", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ScoreForm(ReviewForm):
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


class ObjectionForm(ReviewForm):
    """An objection to a published entry. The rules judge: nothing is required here."""

    name = forms.CharField(label=_("姓名"), max_length=60, required=False, help_text=_("异议须实名提出，姓名不公开"))
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    body = forms.CharField(label=_("异议内容和依据"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6}))


class DecisionForm(ReviewForm):
    """How an objection ends."""

    upheld = forms.TypedChoiceField(
        label="处理结论", choices=[("yes", "成立，移出名单"), ("no", "不成立，维持结果")], coerce=lambda value: value == "yes",
        empty_value=None, required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(label="答复", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
