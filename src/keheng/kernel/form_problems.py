"""Everything wrong with a form in one list: what its fields refuse and what the rules found, each beside its field too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from keheng.kernel.errors import Problem
from keheng.kernel.spoken import told

_FIELD = "FORM_FIELD"


def all_problems(form: forms.Form, found: Iterable[Problem] = ()) -> tuple[Problem, ...]:
    """All that is wrong, in the language of the page: about the whole, field by field in their order, about the rest of the page.

    What rules say of a field gives way where the field itself is refused: they saw nothing of it, or not all. For a form that was
    not sent only what was found.
    """
    own = [one for name in (NON_FIELD_ERRORS, *form.fields) for one in _refused(form, name)] if form.is_bound else []
    taken = {one.field for one in own} - {""}
    ruled = [one for one in told(found) if one.field not in taken]
    for one in ruled:
        if form.is_bound and one.field in form.fields:
            form.add_error(one.field, one.zh)
    places = {name: place for place, name in enumerate(("", *form.fields))}
    return tuple(sorted([*own, *ruled], key=lambda one: places.get(one.field, len(places))))


def _refused(form: forms.Form, name: str) -> Iterator[Problem]:
    """What a field refuses, with its label; what is missing is asked for as that kind of field is filled."""
    if name not in form.errors:
        return
    field = form.fields.get(name)
    for error in form.errors[name].as_data():
        if field is not None and error.code == "required" and error.message == forms.Field.default_error_messages["required"]:
            error.message = _missing(field)
    for said in form.errors[name]:
        text = str(said) if field is None else f"{form[name].label}{_('：')}{said}"
        yield Problem(_FIELD, "" if field is None else name, text, text, "", "", ja=text, ko=text)


def _missing(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return _("请勾选")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("请选择")
    return _("请选择文件") if isinstance(field, forms.FileField) else _("请填写")
