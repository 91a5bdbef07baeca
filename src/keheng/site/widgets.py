"""Inputs, text areas and selects are drawn in Python, letter for letter as Django's own templates draw them.

Django draws each by templates within templates: of a form with ten fields that was two thirds of the page's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets/"
_INPUTS = ("text", "number", "email", "url", "tel", "search", "password", "hidden", "date", "datetime", "time", "file", "checkbox")
Widget = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """Django's renderer of forms, but for what is drawn here."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """A widget's HTML."""
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    held = "" if value is None else f' value="{conditional_escape(value)}"'
    return SafeString(
        f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"{held}{_attrs(widget)}>'
    )


def _textarea(widget: Widget) -> SafeString:
    return SafeString(
        f'<textarea name="{conditional_escape(widget["name"])}"{_attrs(widget)}>\n{conditional_escape(widget["value"] or "")}</textarea>'
    )


def _select(widget: Widget) -> SafeString:
    drawn = [f'<select name="{conditional_escape(widget["name"])}"{_attrs(widget)}>']
    for group, options, _ in widget["optgroups"]:
        drawn += [f'\n  <optgroup label="{conditional_escape(group)}">'] if group else []
        drawn += [f"\n  {_option(option)}" for option in options]
        drawn += ["\n  </optgroup>"] if group else []
    return SafeString("".join([*drawn, "\n</select>"]))


def _option(option: Widget) -> str:
    return f'<option value="{conditional_escape(option["value"])}"{_attrs(option)}>{conditional_escape(option["label"])}</option>\n'


def _attrs(widget: Widget) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{conditional_escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


_DRAWN = {f"{_FOLDER}{name}.html": _input for name in _INPUTS} | {
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}
