"""Forms of activities, sessions, registrations and the check-in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keheng.kernel.spoken import told
from keheng.portal.enums.activities import ActivityKind
from keheng.portal.forms.outreach import OutreachForm, long_text, moment_field, translated, translations_initial
from keheng.portal.models import Activity, Session
from keheng.portal.rules.activities import ActivityFacts, SessionFacts
from keheng.portal.rules.registrations import Attendee, attendee, person_problems

_SAID = ("title", "summary", "body")


class ActivityForm(OutreachForm):
    """An activity; texts in other languages are for the public pages in those languages."""

    title = forms.CharField(label="标题", max_length=200)
    kind = forms.ChoiceField(label="类型", choices=ActivityKind.choices)
    organiser = forms.CharField(label="主办单位", max_length=120)
    summary = forms.CharField(label="一句话介绍", max_length=400, required=False)
    body = long_text("详细介绍", required=False)
    opens_at = moment_field("报名开始")
    closes_at = moment_field("报名截止")
    per_unit = forms.IntegerField(label="每个单位最多几人", required=False, min_value=1, help_text="不限的，留空")
    moderated = forms.BooleanField(label="报名需要审核", required=False)
    waiting_list = forms.BooleanField(label="报满后可以候补", required=False, initial=True)
    title_en = forms.CharField(label="标题（英文）", max_length=200, required=False)
    title_ja = forms.CharField(label="标题（日文）", max_length=200, required=False)
    title_ko = forms.CharField(label="标题（韩文）", max_length=200, required=False)
    summary_en = forms.CharField(label="一句话介绍（英文）", max_length=400, required=False)
    summary_ja = forms.CharField(label="一句话介绍（日文）", max_length=400, required=False)
    summary_ko = forms.CharField(label="一句话介绍（韩文）", max_length=400, required=False)
    body_en = long_text("详细介绍（英文）", required=False, rows=4)
    body_ja = long_text("详细介绍（日文）", required=False, rows=4)
    body_ko = long_text("详细介绍（韩文）", required=False, rows=4)

    def facts(self) -> ActivityFacts:
        """What was typed, once it is valid."""
        given = self.cleaned_data
        plain = {name: given[name] for name in ActivityFacts.__dataclass_fields__ if name != "translations"}
        return ActivityFacts(**plain, translations=translated(given, *_SAID))


def activity_initial(row: Activity) -> dict[str, Any]:
    """An activity as its form shows it."""
    shown = {name: getattr(row, name) for name in ActivityFacts.__dataclass_fields__ if name != "translations"}
    return shown | translations_initial(row, *_SAID)


class SessionForm(OutreachForm):
    """A session."""

    title = forms.CharField(label="场次名称", max_length=120, required=False, help_text="只有一场的，可以不填")
    begins_at = moment_field("开始")
    ends_at = moment_field("结束")
    place = forms.CharField(label="地点", max_length=120, required=False)
    online_url = forms.URLField(label="线上链接", max_length=300, required=False, assume_scheme="https", help_text="只给已确认的人看")
    capacity = forms.IntegerField(label="名额", min_value=0, max_value=100_000)

    def facts(self) -> SessionFacts:
        """What was typed, once it is valid."""
        return SessionFacts(**self.cleaned_data)


def session_initial(row: Session) -> dict[str, Any]:
    """A session as its form shows it."""
    return {name: getattr(row, name) for name in SessionFacts.__dataclass_fields__}


class RegisterForm(OutreachForm):
    """One person for one session."""

    session = forms.TypedChoiceField(label=_("场次"), coerce=int, widget=forms.RadioSelect)
    name = forms.CharField(label=_("姓名"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("手机号码"), max_length=40, help_text=_("用来通知变动和提醒，凭它和报名编号可以查询"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    unit_title = forms.CharField(
        label=_("所在单位"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    agreed = forms.BooleanField(label=_("同意为本次活动使用以上信息，活动结束一年后清除"))

    def __init__(self, *args: Any, sessions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = sessions  # type: ignore[attr-defined]  # a choice field, as declared above

    def people(self) -> list[Attendee]:
        """Who was named, as far as it could be read."""
        return [attendee(self.cleaned_data.get("name", ""), self.cleaned_data.get("phone", ""))]


class GroupForm(OutreachForm):
    """Several people of one unit for one session."""

    session = forms.TypedChoiceField(label=_("场次"), coerce=int, widget=forms.RadioSelect)
    people = forms.CharField(
        label=_("参加人"), max_length=4000, help_text=_("每行一人：姓名和手机号码，中间空一格"), widget=forms.Textarea(attrs={"rows": 8})
    )
    agreed = forms.BooleanField(label=_("参加人都知道并同意为本次活动使用这些信息"))

    def __init__(self, *args: Any, sessions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = sessions  # type: ignore[attr-defined]  # a choice field, as declared above

    def clean_people(self) -> list[Attendee]:
        """A person of each line that is not empty; raises ValidationError with what is wrong, line by line."""
        lines = enumerate(self.cleaned_data["people"].splitlines(), 1)
        read = [(number, _person_of(line)) for number, line in lines if line.strip()]
        wrong = [(number, said) for number, one in read for said in told(person_problems(one))]
        if wrong:
            raise forms.ValidationError([_("第 %(line)d 行：%(what)s") % {"line": number, "what": said.zh} for number, said in wrong])
        return [one for _number, one in read]

    def attendees(self) -> list[Attendee]:
        """Who was named, where every line could be read."""
        return list(self.cleaned_data.get("people", ()))


def _person_of(line: str) -> Attendee:
    """A person: the number is what stands behind the last blank."""
    name, _blank, phone = re.sub("[，,\t]", " ", line).strip().rpartition(" ")
    return attendee(name, phone)


class LookUpForm(OutreachForm):
    """Finding one's own registration or booking."""

    number = forms.CharField(label=_("编号"), max_length=20)
    phone = forms.CharField(label=_("手机号码"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))


class ScanForm(OutreachForm):
    """A code as the keyboard scanner types it, or a number."""

    code = forms.CharField(
        label="票面二维码或报名编号", max_length=200, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})
    )
    gate = forms.CharField(label="签到口", max_length=40, required=False)


class WalkInForm(OutreachForm):
    """Somebody who comes without a registration."""

    name = forms.CharField(label="姓名", max_length=120)
    phone = forms.CharField(label="手机号码", max_length=40, help_text="只用来避免重复计数，不保存号码")
    unit_title = forms.CharField(label="单位", max_length=200, required=False)
