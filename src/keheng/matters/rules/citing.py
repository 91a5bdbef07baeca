"""Lines of a table that name the files behind them: a self-score and its evidence.

A column with ``evidence: <material>`` holds a file's number: its place among all files that were ever handed in for the material.
A file that was taken back keeps its number, so that no line ever comes to mean another file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from keheng.kernel.errors import Problem, problem
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.form.answers import problem_at


def citing(field: FormField) -> FormField | None:
    """The column of a table that names files; None for a table without one, and for any other question."""
    return next((col for col in field.cols if col.evidence is not None), None)


def cited_materials(matter: Matter) -> frozenset[str]:
    """Materials whose files are named by lines."""
    return frozenset(col.evidence for field in matter.fields for col in field.cols if col.evidence is not None)


def citing_problems(matter: Matter, answers: Mapping[str, Any], held: Callable[[str], Collection[int]]) -> list[Problem]:
    """Lines that name a file which is not there; ``held`` tells the numbers of a material's files."""
    titles = {one.id: one.title for one in matter.materials}
    found = []
    for field in matter.fields:
        column, rows = citing(field), answers.get(field.id)
        if column is None or column.evidence is None or not isinstance(rows, list):
            continue
        known = held(column.evidence)
        for place, row in enumerate(rows):
            number = row.get(column.id)
            if isinstance(number, int) and number not in known:
                told = problem("MATTER_NO_EVIDENCE", column.id, label=column.label, title=titles[column.evidence], number=number)
                found.append(problem_at(told, f"{field.id}-{place}-{column.id}", place + 1))
    return found
