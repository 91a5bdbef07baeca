"""Widgets drawn in Python are those that Django draws by templates, letter for letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from keheng.site.widgets import Renderer

_NASTY = ['"><script>alert(1)</script>&', "两行\n文字 'x'", "", None, 0, 1234567, 12.5, True, mark_safe("<b>已转义&amp;</b>")]
_ATTRS = {"id": 'a"b', "class": "k-input", "required": True, "disabled": False, "data-n": 12345, "placeholder": "<请填写>"}
_GROUPED = [("", "—"), ("甲", [("a", "A & <B>"), (1, "一")]), ("乙", [("b", mark_safe("<i>已转义</i>"))])]
_WIDGETS = [
    forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput(), forms.PasswordInput(render_value=True), forms.HiddenInput(),
    forms.DateInput(), forms.DateTimeInput(), forms.TimeInput(), forms.CheckboxInput(), forms.FileInput(), forms.Textarea(),
    forms.Select(choices=[("a", "甲"), (1, "1 & 2"), (None, "无")]), forms.Select(choices=_GROUPED), forms.NullBooleanSelect(),
    forms.SelectMultiple(choices=_GROUPED),
]  # fmt: skip


@pytest.mark.parametrize("widget", _WIDGETS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("value", _NASTY, ids=repr)
def test_a_widget_looks_as_django_draws_it(widget, value):
    given = [value] if isinstance(widget, forms.SelectMultiple) else value
    ours, theirs = (widget.render("字段[0]", given, _ATTRS, renderer=one) for one in (Renderer(), DjangoTemplates()))
    assert ours == theirs


def test_what_is_not_drawn_here_is_drawn_by_django():
    widget = forms.RadioSelect(choices=[("a", "甲")])
    assert widget.render("x", "a", {}, renderer=Renderer()) == widget.render("x", "a", {}, renderer=DjangoTemplates())


def test_forms_of_the_site_use_it():
    assert isinstance(forms.Form().renderer, Renderer)
