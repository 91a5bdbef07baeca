"""Input of feedback and subscriptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keheng.portal.enums.content import topics
from keheng.portal.enums.feedback import FeedbackKind
from keheng.portal.forms.content import PortalForm
from keheng.portal.models.feedback import ABOUT_LENGTH
from keheng.portal.rules.feedback import LONGEST_BODY, LONGEST_TITLE


class FeedbackForm(PortalForm):
    """What somebody writes. ``website`` is a trap: people do not see it, machines fill it in."""

    kind = forms.ChoiceField(label=_("类型"), choices=FeedbackKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("标题"), max_length=LONGEST_TITLE)
    body = forms.CharField(
        label=_("内容"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("请写明事情经过和希望怎样解决，不要写身份证号"),
    )
    name = forms.CharField(label=_("称呼"), required=False, max_length=40)
    contact = forms.CharField(label=_("手机号码或电子邮箱"), required=False, max_length=80, help_text=_("不填也可以，凭查询码查看答复"))
    about = forms.CharField(label=_("关于"), required=False, max_length=ABOUT_LENGTH, help_text=_("与这件事无关就删去"))
    page = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))


class QueryForm(PortalForm):
    """The number and the code of a message."""

    number = forms.CharField(label=_("留言编号"), max_length=20, help_text=_("如 LY-2026-00012"))
    code = forms.CharField(label=_("查询码"), max_length=12, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class AnswerForm(PortalForm):
    """An answer."""

    answer = forms.CharField(label="答复", max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 6}))


class PublishForm(PortalForm):
    """What is to be published of a message and its answer."""

    title = forms.CharField(label="标题", max_length=LONGEST_TITLE)
    public_question = forms.CharField(
        label="公开的问题",
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="请改写：去掉姓名、号码、地址和能认出本人的细节",
    )
    public_answer = forms.CharField(label="公开的答复", max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 5}))


class TopicsForm(PortalForm):
    """Topics of somebody who signed in."""

    topics = forms.MultipleChoiceField(
        label=_("主题"),
        required=False,
        choices=lambda: [(code, str(term)) for code, term in topics().items()],
        widget=forms.CheckboxSelectMultiple,
    )


class MailForm(TopicsForm):
    """Topics and address of a visitor."""

    email = forms.EmailField(label=_("电子邮箱"), help_text=_("我们先发一封确认邮件；每封邮件都能一键退订"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].required = True
