"""Input of the pages."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from keheng.access.models import Account, Grant
from keheng.access.rules.roles import roles


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Login name or e-mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = _("登录名或电子邮箱"), _("密码")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "k-input"


class _UsedOnce:
    """A code opens once. The library forgets a used one after its own half minute, but it holds for the steps beside it too."""

    user: Account

    def clean_code(self) -> str:
        """The code; raises ValidationError for a wrong one and for one that was used."""
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that this stands before
        steps = 1 + 2 * mfa.TOTP_TOLERANCE
        if not cache.add(f"access.code:{self.user.pk}:{code}", 1, timeout=steps * mfa.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_UsedOnce, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second factor at sign-in."""


class CodeAgainForm(_UsedOnce, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second factor as a proof in the middle of something."""


class KForm(forms.Form):
    """A form whose inputs carry the class of the design."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "k-input")


class RegisterForm(KForm):
    """A new account: for oneself, or on an invitation."""

    login = forms.CharField(label=_("登录名"), max_length=64, help_text=_("3 至 64 位字母、数字、点、横线、下划线，字母开头"))
    name = forms.CharField(label=_("姓名"), max_length=80)
    email = forms.CharField(label=_("电子邮箱"), max_length=254, widget=forms.EmailInput)
    password = forms.CharField(
        label=_("密码"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，大写、小写、数字、符号中至少三类"),
    )  # fmt: skip


class GrantForm(KForm):
    """An application for a role."""

    account = forms.ModelChoiceField(Account.objects.filter(is_active=True), label="授予谁", to_field_name="login", widget=forms.TextInput)
    role = forms.ChoiceField(label="角色", choices=lambda: [("", "请选择"), *_chosen("two_persons")])
    unit = forms.CharField(label="单位", max_length=18, required=False, help_text="角色限于某一单位时，填写它的统一社会信用代码")
    district = forms.CharField(label="区代码", max_length=20, required=False, help_text="角色限于某一区时，填写六位区划代码")
    begins = forms.DateField(label="开始日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends = forms.DateField(label="截止日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].help_text = "填写登录名"
        self.fields["account"].error_messages = {"invalid_choice": "没有这个登录名，或账号已停用", "required": "填写登录名"}
        self.fields["role"].error_messages["required"] = "选择角色"

    def clean_unit(self) -> int | None:
        """The unit's number; None where none is named."""
        code = self.cleaned_data["unit"].strip().upper()
        units = Grant.unit.field.related_model
        # The directory stands above this capability: its units are reached by what a grant refers to.
        known = units._default_manager.filter(credit_code=code)  # noqa: SLF001 -- Django's public name
        found = known.values_list("pk", flat=True).first() if code else None
        if code and found is None:
            raise forms.ValidationError("没有登记这个统一社会信用代码的单位")
        return found


class InviteForm(KForm):
    """An invitation to act for a unit."""

    email = forms.CharField(label="电子邮箱", max_length=254, widget=forms.EmailInput)
    role = forms.ChoiceField(label="角色", choices=lambda: _chosen("unit"))


class ClientForm(KForm):
    """Another system that signs people in through this one."""

    name = forms.CharField(label="系统名称", max_length=100)
    addresses = forms.CharField(
        label="回调地址", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="每行一个，须为 https"
    )
    trusted = forms.BooleanField(label="本委自有系统，登录时不再逐人确认", required=False)


class TokenForm(KForm):
    """A token for a program: what it may do is chosen among what its owner may do."""

    name = forms.CharField(label="用途", max_length=80, help_text="用于哪个系统，便于以后辨认")
    days = forms.IntegerField(label="有效天数", initial=90)
    scopes = forms.MultipleChoiceField(label="权限", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "k-check"}))

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]  # the stubs do not know which field it is


class ReasonForm(KForm):
    """Why something is done."""

    reason = forms.CharField(label="理由", max_length=200)


def _chosen(granting: str) -> list[tuple[str, str]]:
    return [(role.code, role.zh) for role in roles().values() if role.granting == granting]
