"""Columns of the site, and addresses that moved."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.timezone import now

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.actions.articles import refuse
from keheng.portal.enums.content import CHINESE, ColumnKind, Language
from keheng.portal.models import Column, Redirect
from keheng.portal.rules.content import redirect_problems

_LONGEST_AGE = 3_650


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What is entered of a column; ``languages`` are codes."""

    slug: str
    title: str
    kind: str
    title_en: str = ""
    title_ja: str = ""
    title_ko: str = ""
    parent: int | None = None
    greatest_age: int | None = None
    owner: str = ""
    order: int = 100
    icon: str = ""
    languages: tuple[str, ...] = (CHINESE,)


@act("column.save", Refused)
def save_column(*, actor: Actor, facts: ColumnFacts, column: int | None = None) -> Column:
    """Make a column, or change one."""
    present = Column() if column is None else Column.objects.select_for_update().get(pk=column)
    refuse(_column_problems(facts, present))
    values = asdict(facts)
    present.parent_id = values.pop("parent")
    # Chinese is what everything exists in.
    values["languages"] = ",".join(dict.fromkeys([CHINESE, *facts.languages]))
    for name, value in values.items():
        setattr(present, name, value)
    present.save()
    record("column.save", actor=actor, target=f"column:{present.pk}", after=digest_of(asdict(facts)))
    return present


@act("redirect.add", Refused)
def add_redirect(*, actor: Actor, old: str, new: str) -> Redirect:
    """Let an old address lead to a new one; an old address that leads elsewhere already is changed."""
    old, new = old.strip(), new.strip()
    refuse(redirect_problems(old, new, Redirect.objects.select_for_update().order_by("pk")))
    made, _ = Redirect.objects.update_or_create(old=old, defaults={"new": new, "made_by": actor.account, "made_at": now()})
    record("redirect.add", actor=actor, target=f"redirect:{made.pk}", after=digest_of({"old": old, "new": new}))
    return made


@act("redirect.remove", Refused)
def remove_redirect(*, actor: Actor, redirect: int) -> None:
    """An old address leads nowhere any more."""
    Redirect.objects.filter(pk=redirect).delete()
    record("redirect.remove", actor=actor, target=f"redirect:{redirect}")


def _column_problems(facts: ColumnFacts, present: Column) -> list[Problem]:
    found = []
    if not facts.title.strip():
        found.append(problem("PORTAL_COLUMN_TITLE", "title"))
    if Column.objects.filter(slug=facts.slug).exclude(pk=present.pk).exists() or not facts.slug:
        found.append(problem("PORTAL_COLUMN_SLUG", "slug"))
    if facts.kind not in ColumnKind.values:
        found.append(problem("PORTAL_KIND_UNKNOWN", "kind"))
    if facts.greatest_age is not None and not 1 <= facts.greatest_age <= _LONGEST_AGE:
        found.append(problem("PORTAL_COLUMN_AGE", "greatest_age", most=_LONGEST_AGE))
    if set(facts.languages) - set(Language.values):
        found.append(problem("PORTAL_LANGUAGE_CLOSED", "languages", column=facts.title))
    if facts.parent is not None and present.pk is not None and facts.parent in _below(present.pk):
        found.append(problem("PORTAL_COLUMN_CIRCLE", "parent"))
    return found


def _below(column: int) -> set[int]:
    """A column and all below it."""
    found, edge = {column}, {column}
    while edge:
        edge = set(Column.objects.filter(parent__in=edge).values_list("pk", flat=True)) - found
        found |= edge
    return found
