"""Input of the pages: parsed here, judged by the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keheng.directory.actions.organisations import facts_from
from keheng.directory.actions.people import person_facts_from
from keheng.directory.enums import AvoidanceKind, PartyKind, districts, fields_of_work, kinds
from keheng.directory.models import Organisation
from keheng.directory.queries.organisations import find_by_code
from keheng.directory.queries.people import SEE, people_for
from keheng.directory.rules.organisations import Facts
from keheng.directory.rules.people import PersonFacts
from keheng.kernel.powers import Principal

_NOTHING_CHOSEN = ("", _("请选择"))


class DirectoryForm(forms.Form):
    """A form in the design of the site. ``actor`` bounds whom its fields may name."""

    def __init__(self, *args: Any, actor: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "k-input")

    def typed(self, name: str) -> str:
        """What was typed into a field, whether or not it is right."""
        return str(self.data.get(self.add_prefix(name), "")).strip()


class OrganisationField(forms.CharField):
    """An organisation by its credit code or its whole name; the value is its number."""

    def clean(self, value: Any) -> Any:
        """The number, None for a blank; raises ValidationError when it is nobody's or of several."""
        text = super().clean(value)
        if not text:
            return None
        if (found := find_by_code(text)) is not None:
            return found.pk
        match list(Organisation.objects.filter(name=text, merged_into__isnull=True).values_list("pk", flat=True)[:2]):
            case [number]:
                return number
            case []:
                raise ValidationError("没有找到这个单位：请填写统一社会信用代码或完整名称")
        raise ValidationError("有同名单位：请填写统一社会信用代码")


def _organisation(label: str, *, required: bool = True) -> OrganisationField:
    return OrganisationField(label=label, required=required, max_length=200, help_text="统一社会信用代码或完整名称")


def _day(label: str, *, required: bool = True, text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _kinds() -> list[tuple[str, str | Promise]]:
    language = get_language() or settings.LANGUAGE_CODE
    return [_NOTHING_CHOSEN, *((kind.code, kind.name(language)) for kind in kinds().values())]


class ChineseChoices(forms.Select):
    """A choice of names that nobody translates: each is marked as Chinese where the page is not."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, marked."""
        option = super().create_option(name, value, *args, **kwargs)
        if value and get_language() != settings.LANGUAGE_CODE:
            option["attrs"]["lang"] = settings.LANGUAGE_CODE
        return option


def _districts() -> list[tuple[str, str | Promise]]:
    return [_NOTHING_CHOSEN, *districts().items()]


def _leaves() -> list[tuple[str, list[tuple[str, str]]]]:
    tree = fields_of_work()
    return [
        (branch.zh, [(leaf.code, leaf.zh) for leaf in tree.values() if leaf.parent == branch.code])
        for branch in tree.values()
        if not branch.parent
    ]


class OrganisationForm(DirectoryForm):
    """A new organisation."""

    name = forms.CharField(label=_("单位名称"), help_text=_("登记证书上的全称"), max_length=400)
    code = forms.CharField(label=_("统一社会信用代码"), required=False, help_text=_("18 位；暂时没有的可以不填"), max_length=40)
    kind = forms.ChoiceField(label=_("单位类型"), choices=_kinds)
    district = forms.ChoiceField(label=_("所在区县"), choices=_districts, widget=ChineseChoices)
    address = forms.CharField(label=_("地址"), required=False, max_length=400)
    phone = forms.CharField(label=_("联系电话"), required=False, max_length=40)

    def facts(self) -> Facts:
        """What was typed, normalised."""
        return facts_from(**{name: self.typed(name) for name in ("name", "code", "kind", "district", "address", "phone")})


class ChangeForm(OrganisationForm):
    """Facts of an organisation that are simply corrected; name and district change by acts of their own."""

    name = None  # type: ignore[assignment]  # Django's way to leave out a field of the form above
    district = None  # type: ignore[assignment]  # as above: moving has an act of its own


class RenameForm(DirectoryForm):
    """A new registered name."""

    name = forms.CharField(label="新名称", max_length=200)
    on = _day("启用日", text="变更登记的日期")


class ShortNameForm(DirectoryForm):
    """A short name in use."""

    name = forms.CharField(label="简称", max_length=200)


class MoveForm(DirectoryForm):
    """Another district."""

    district = forms.ChoiceField(label="迁入区县", choices=_districts)
    address = forms.CharField(label="新地址", required=False, max_length=200)


class CloseForm(DirectoryForm):
    """The end of an organisation."""

    on = _day("注销日")
    reason = forms.CharField(label="原因", max_length=200)


class ParentForm(DirectoryForm):
    """Who stands above."""

    parent = _organisation("上级或主管单位", required=False)


class ControlForm(DirectoryForm):
    """Who holds the organisation."""

    owner = _organisation("持股或控制方")
    share = forms.DecimalField(
        label="持股比例（%）", required=False, max_digits=5, decimal_places=2, help_text="没有持股而实际控制的，不填"
    )
    since = _day("开始日")
    until = _day("终止日", required=False, text="仍在持有的不填")
    source = forms.CharField(label="依据", required=False, max_length=200)


class EndForm(DirectoryForm):
    """The first day on which something holds no more."""

    until = _day("终止日", text="从这一天起不再成立")


class PartyForm(DirectoryForm):
    """A related party: one organisation or one person."""

    other = _organisation("关联单位", required=False)
    person = forms.IntegerField(label="关联人员编号", required=False, help_text="人员页面上的编号；与关联单位二者填一项")
    kind = forms.ChoiceField(label="关联类型", choices=PartyKind.choices)
    since = _day("开始日")
    until = _day("终止日", required=False)
    source = forms.CharField(label="依据", max_length=200, help_text="文件名称或申报材料")

    def clean_person(self) -> int | None:
        """A person whom the actor may see."""
        return _visible_person(self.actor, self.cleaned_data["person"])


class PersonForm(DirectoryForm):
    """A person. When one is changed, numbers left blank stay as they were."""

    name = forms.CharField(label="姓名", max_length=120)
    id_number = forms.CharField(
        label="身份证号码", required=False, max_length=30, widget=forms.TextInput({"data-no-draft": "", "autocomplete": "off"})
    )
    phone = forms.CharField(label="手机号码", required=False, max_length=40)
    email = forms.CharField(label="电子邮箱", required=False, max_length=254)

    def facts(self) -> PersonFacts:
        """What was typed, normalised."""
        return person_facts_from(**{name: self.typed(name) for name in ("name", "id_number", "phone", "email")})  # type: ignore[arg-type]  # all of them are texts


class PostForm(DirectoryForm):
    """A post in an organisation."""

    organisation = _organisation("任职单位")
    position = forms.CharField(label="职务", required=False, max_length=100)
    since = _day("开始日")
    until = _day("终止日", required=False, text="仍在任职的不填")


class ExpertForm(DirectoryForm):
    """An application for the pool."""

    title = forms.CharField(label="职称", required=False, max_length=60)
    fields_of_work = forms.MultipleChoiceField(
        label="专业领域", choices=_leaves, widget=forms.SelectMultiple(attrs={"size": 12}), help_text="可以选择几项"
    )


class ReasonForm(DirectoryForm):
    """Why something is done."""

    reason = forms.CharField(label="原因", max_length=200)


class ConfirmForm(DirectoryForm):
    """Nothing but the confirmation."""


class AvoidanceForm(DirectoryForm):
    """Why a person should not judge somebody."""

    kind = forms.ChoiceField(label="事实", choices=AvoidanceKind.choices)
    organisation = _organisation("回避单位", required=False)
    other = forms.IntegerField(label="回避人员编号", required=False, help_text="人员页面上的编号；与回避单位二者填一项")
    since = _day("开始日")
    until = _day("终止日", required=False, text="共同承担的项目填结束日，共同发表的成果以开始日为发表日；结束或发表后三年内都回避")
    source = forms.CharField(label="依据", max_length=200, help_text="申报表、合同、论文等")

    def clean_other(self) -> int | None:
        """A person whom the actor may see."""
        return _visible_person(self.actor, self.cleaned_data["other"])


def _visible_person(actor: Principal, number: int | None) -> int | None:
    if number is not None and not people_for(actor, localdate(), SEE).filter(pk=number).exists():
        raise ValidationError("没有找到这个编号的人员")
    return number


class ImportForm(DirectoryForm):
    """A sheet of organisations."""

    file = forms.FileField(
        label="表格文件", help_text="XLSX、XLS 或 CSV，不超过 10 MB", widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"})
    )
    like = forms.BooleanField(label="名称与已有单位非常接近的，也导入（已核对不是同一单位）", required=False)


class JoinForm(OrganisationForm):
    """The sign-up of a unit with its first manager. All of it is judged at once, whatever is missing."""

    contact = forms.CharField(label=_("联系人姓名"), max_length=120)
    email = forms.CharField(label=_("电子邮箱"), max_length=254, widget=forms.EmailInput)
    login = forms.CharField(label=_("登录名"), max_length=64, help_text=_("3 至 64 位字母、数字、点、横线、下划线，字母开头"))
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，大写、小写、数字、符号中至少三类"),
    )
    agreed = forms.BooleanField(label=_("已阅读并同意个人信息目录"))

    address = None  # type: ignore[assignment]  # asked for later, when it is needed
    field_order = ("code", "name", "kind", "district", "contact", "phone", "email", "login", "password", "agreed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "phone"):
            self.fields[name].required = True
        self.fields["code"].help_text, self.fields["phone"].label = _("营业执照或登记证书上的 18 位代码"), _("联系人手机号码")
        self.fields["phone"].help_text = ""
