"""Cases that follow from one another: 立项 → 任务书 → 拨款 → 验收; and what may follow now."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localdate

from keheng.matters.enums import End
from keheng.matters.models import Case, Instalment
from keheng.matters.queries.cases import Loaded, matter_of
from keheng.matters.queries.guides import OFFICE
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.shelf import all_in_force, shelf


@dataclass(frozen=True, slots=True)
class Relative:
    """A case beside another: what it is, and where it stands."""

    case: Case
    state: str


@dataclass(frozen=True, slots=True)
class Family:
    """The case it follows from, those that follow from it, the matters that may follow now, and the instalments of its plan."""

    parent: Relative | None
    children: list[Relative]
    follows: list[Matter]
    plan: list[Instalment]


def family_of(case: Case, *, office: bool) -> Family:
    """The family of a case as the office sees it, or its applicant: each sees their own drafts, and may begin their own matters."""
    parent = case.parent
    rows = list(Case.objects.select_related("edition").filter(parent=case).order_by("pk")) if _has_followers(case.matter) else []
    taken = {one.matter for one in rows if one.end in {"", "granted"}}
    follows = [
        read.matter for read in all_in_force(localdate())
        if (above := read.matter.parent) is not None and above.matter == case.matter and case.state in above.states
        and (read.matter.kind == OFFICE) == office and not (above.once and read.matter.id in taken)
    ]  # fmt: skip
    children = [one for one in rows if one.submitted_at is not None or (matter_of(one).kind == OFFICE) == office]
    planned = matter_of(case).plan is not None
    plan = list(Instalment.objects.filter(funding__contract=case).order_by("number")) if planned else []
    return Family(_relative(parent) if parent is not None else None, [_relative(one) for one in children], follows, plan)


def siblings_done(one: Loaded) -> bool:
    """Whether each case that the parent's answers ask for besides this one is granted, and none of its kind is still open."""
    parent = one.case.parent
    if parent is None:
        return True
    asked = {
        read.matter.id: bool(parent.answers.get(above.asked))
        for read in all_in_force(localdate())
        if (above := read.matter.parent) is not None and above.asked is not None and above.matter == parent.matter
    }
    ends: dict[str, set[str]] = {}
    for matter, end in Case.objects.filter(parent=parent, matter__in=asked).values_list("matter", "end"):
        ends.setdefault(matter, set()).add(end)
    return all(End.GRANTED in ends.get(name, set()) or not wanted for name, wanted in asked.items()) and not any(
        "" in each for each in ends.values()
    )


def _has_followers(matter: str) -> bool:
    """Whether cases of any matter, in whatever version, may follow from one of this."""
    return any(read.matter.parent is not None and read.matter.parent.matter == matter for versions in shelf().values() for read in versions)


def _relative(case: Case) -> Relative:
    return Relative(case, matter_of(case).state_of[case.state].title)
