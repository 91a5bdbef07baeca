"""How long a document that is handed in is valid: until a day, or without an end (长期有效) where the matter lets that be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keheng.kernel.errors import Problem, problem
from keheng.matters.rules.files.parts import Material


@dataclass(frozen=True, slots=True)
class Validity:
    """The last day, or that there is none; a day beside ``endless`` does not count."""

    until: date | None = None
    endless: bool = False


NO_DATE = Validity()


def validity_problems(asked: Material, valid: Validity, today: date) -> list[Problem]:
    """What is wrong with what was said: nothing or a day that is over, and no end where there must be one."""
    if valid.endless and not asked.endless:
        return [problem("MATTER_MATERIAL_ENDLESS", f"valid-{asked.id}", title=asked.title)]
    if not asked.valid or valid.endless or (valid.until is not None and valid.until >= today):
        return []
    if asked.endless:
        return [problem("MATTER_MATERIAL_ENDS", f"valid-{asked.id}", title=asked.title)]
    return [problem("MATTER_MATERIAL_OVER", f"valid-{asked.id}", title=asked.title)]
