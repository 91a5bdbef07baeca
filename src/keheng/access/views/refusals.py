"""What a refusal says, beside the fields it is about."""

from __future__ import annotations

from django import forms

from keheng.kernel.errors import Problem
from keheng.kernel.spoken import in_a_line


def show_on(form: forms.Form, problems: tuple[Problem, ...]) -> None:
    """Put problems beside the fields they are about."""
    for problem in problems:
        form.add_error(problem.field if problem.field in form.fields else None, in_a_line(problem))
