"""Forms of halls, visits, inspections and counts."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keheng.portal.enums.halls import WEEKDAYS, GuideLanguage, ItemState
from keheng.portal.enums.outreach import checklist
from keheng.portal.forms.outreach import OutreachForm, day_field, long_text, translated, translations_initial
from keheng.portal.models import Guide, Hall
from keheng.portal.rules.halls import HallFacts, VisitFacts
from keheng.portal.rules.registrations import attendee

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—至]\s*(\d{1,2})[:：](\d{2})")


class SpanField(forms.CharField):
    """Opening times ``09:00-17:00``; the value is a pair of times, None when shut."""

    def clean(self, value: Any) -> Any:
        """The pair; raises ValidationError for what is no span."""
        text = super().clean(value)
        if not text:
            return None
        wrong = ValidationError("请写成 09:00-17:00，闭馆的留空")
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise wrong
        from_hour, from_minute, to_hour, to_minute = (int(part) for part in found.groups())
        try:
            return time(from_hour, from_minute), time(to_hour, to_minute)
        except ValueError:
            raise wrong from None


class HallForm(OutreachForm):
    """A hall."""

    code = forms.SlugField(label="代码", max_length=30, help_text="用在网址里，例如 kechuang")
    title = forms.CharField(label="名称", max_length=80)
    place = forms.CharField(label="地址", max_length=150)
    intro = long_text("介绍", required=False, rows=4, most=4000)
    most_people = forms.IntegerField(label="每批最多人数", min_value=0)
    slot_minutes = forms.IntegerField(label="每场分钟数", min_value=0, initial=60)
    active = forms.BooleanField(label="对外接待", required=False, initial=True)
    title_en = forms.CharField(label="名称（英文）", max_length=80, required=False)
    title_ja = forms.CharField(label="名称（日文）", max_length=80, required=False)
    title_ko = forms.CharField(label="名称（韩文）", max_length=80, required=False)
    intro_en = long_text("介绍（英文）", required=False, rows=3, most=4000)
    intro_ja = long_text("介绍（日文）", required=False, rows=3, most=4000)
    intro_ko = long_text("介绍（韩文）", required=False, rows=3, most=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            self.fields[f"day{day}"] = SpanField(
                label=f"{name}开放",
                required=False,
                max_length=20,
                widget=forms.TextInput(attrs={"class": "k-input", "placeholder": "09:00-17:00"}),
            )

    def facts(self) -> HallFacts:
        """What was typed, once it is valid."""
        given = self.cleaned_data
        plain = {name: given[name] for name in ("code", "title", "place", "intro", "most_people", "slot_minutes", "active")}
        hours = {day: given[f"day{day}"] for day in range(7) if given[f"day{day}"]}
        return HallFacts(**plain, hours=hours, translations=translated(given, "title", "intro"))


def hall_initial(row: Hall) -> dict[str, Any]:
    """A hall as its form shows it."""
    shown = {name: getattr(row, name) for name in ("code", "title", "place", "intro", "most_people", "slot_minutes", "active")}
    shown |= translations_initial(row, "title", "intro")
    return shown | {f"day{one.weekday}": f"{one.begins:%H:%M}-{one.ends:%H:%M}" for one in row.hours.all()}


class BookingForm(OutreachForm):
    """A group's request; the slot is a choice of those that are free on a day."""

    slot = forms.ChoiceField(label=_("时段"), widget=forms.RadioSelect)
    unit_title = forms.CharField(label=_("单位或团体名称"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    people = forms.IntegerField(label=_("人数"), min_value=1)
    contact = forms.CharField(label=_("联系人"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("手机号码"), max_length=40, help_text=_("用来通知排期和变动，凭它和预约编号可以查询"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    note = forms.CharField(label=_("特别需要"), max_length=300, required=False, help_text=_("例如轮椅、儿童较多、重点想看的内容"))
    agreed = forms.BooleanField(label=_("同意为本次参观使用以上信息，参观结束一年后清除"))

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]  # a choice field, as declared above

    def facts(self, language: str) -> VisitFacts:
        """What was typed, as far as it could be read."""
        given = self.cleaned_data
        who, people = attendee(given.get("contact", ""), given.get("phone", "")), given.get("people", 0)
        return VisitFacts(contact=who, unit_title=given.get("unit_title", ""), people=people, language=language, note=given.get("note", ""))


class ClosureForm(OutreachForm):
    """Days on which a hall is shut."""

    since = day_field("闭馆第一天")
    until = day_field("恢复开放日")
    reason = forms.CharField(label="原因", max_length=200, required=False)


class ScheduleForm(OutreachForm):
    """Who guides."""

    guide = forms.TypedChoiceField(label="讲解员", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, guides: list[Guide], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(GuideLanguage.choices)
        self.fields["guide"].choices = [  # type: ignore[attr-defined]  # a choice field, as declared above
            (one.pk, f"{one.name}（{'、'.join(str(names[code]) for code in one.languages)}）") for one in guides
        ]


class CountForm(OutreachForm):
    """Heads counted with a group."""

    counted = forms.IntegerField(label="实到人数", min_value=0)


class ReadingForm(OutreachForm):
    """Heads counted at the door."""

    day = day_field("日期")
    counted = forms.IntegerField(label="计数器读数（人）", min_value=0)
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="与团体登记人数不同时，写明原因")


class InspectionForm(OutreachForm):
    """The checklist of a day."""

    day = day_field("日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in checklist():
            radio = forms.RadioSelect(attrs={"class": "k-check"})
            self.fields[one.code] = forms.ChoiceField(label=one.zh, choices=ItemState.choices, initial=ItemState.OK, widget=radio)
            self.fields[f"{one.code}_text"] = forms.CharField(
                label=f"{one.zh}：问题", required=False, max_length=200, widget=forms.TextInput(attrs={"class": "k-input"})
            )

    def items(self) -> dict[str, str]:
        """What was found of each item."""
        return {one.code: self.cleaned_data[one.code] for one in checklist()}

    def texts(self) -> dict[str, str]:
        """What is wrong with each item."""
        return {one.code: self.cleaned_data[f"{one.code}_text"] for one in checklist()}


class AcceptanceForm(OutreachForm):
    """Whether work was accepted."""

    day = day_field("日期")
    subject = forms.CharField(label="验收内容", max_length=120)
    passed = forms.TypedChoiceField(label="结论", choices=(("yes", "通过"), ("no", "不通过")), coerce=lambda value: value == "yes")
    note = forms.CharField(label="说明", max_length=200, required=False)


class GuideForm(OutreachForm):
    """A guide; the account shows them their own day."""

    name = forms.CharField(label="姓名", max_length=60)
    languages = forms.MultipleChoiceField(label="讲解语言", choices=GuideLanguage.choices, widget=forms.CheckboxSelectMultiple)
    account = forms.CharField(label="账号编号", max_length=40, required=False, help_text="讲解员本人的账号，用来查看自己的日程")
    active = forms.BooleanField(label="在岗", required=False, initial=True)
