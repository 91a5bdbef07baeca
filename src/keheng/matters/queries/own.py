"""One's own cases as their list shows them: by where they stand, by matter, by what was typed; and the drafts one may go on with."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keheng.kernel.powers import Principal
from keheng.matters.models import Case
from keheng.matters.queries.cases import own_cases
from keheng.matters.queries.showing import words
from keheng.matters.rules.acting import unit_applied_for
from keheng.matters.rules.files.parts import Matter, State
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.files.texts import said

WAITS, DRAFT, GOING, ENDED = "waits", "draft", "going", "ended"
STANDS = ((WAITS, _("等我处理")), (DRAFT, _("草稿")), (GOING, _("办理中")), (ENDED, _("已办结")))


def waits_for_applicant(matter: Matter, state: State) -> bool:
    """Whether a state that is not the first goes on by what the applicant does: a supplement, a confirmation."""
    moves = (role for move in state.moves for role in move.roles)
    return state.id != matter.start.id and state.end is None and any(matter.roles[role].applies for role in moves)


def _waiting() -> Q:
    """Cases that wait for their applicant: few states have one name in all files, so that one condition stands for many matters."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, versions in shelf().items():
        for read in versions:
            for state in read.matter.states:
                if waits_for_applicant(read.matter, state):
                    found[state.id].add(name)
    some = Q(pk__in=[])
    for state_id, names in found.items():
        some |= Q(state=state_id, matter__in=sorted(names))
    return some & Q(ended_at=None)


def standing(rows: QuerySet[Case], stand: str) -> QuerySet[Case]:
    """Those that stand there; all of them for a code that is none."""
    match stand:
        case "waits":
            return rows.filter(_waiting())
        case "draft":
            return rows.filter(submitted_at=None, ended_at=None).exclude(_waiting())
        case "going":
            return rows.filter(submitted_at__isnull=False, ended_at=None).exclude(_waiting())
        case "ended":
            return rows.filter(ended_at__isnull=False)
    return rows


def speaking_of(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Those whose number, subject or matter has the text as a part, the matter also in the language of the page."""
    small, language = text.casefold(), get_language() or ""
    named = [
        name
        for name, versions in shelf().items()
        if any(small in said(read.matter, read.matter.title, language).casefold() for read in versions)
    ]
    return rows.filter(Q(number__icontains=text) | Q(subject__icontains=text) | Q(title__icontains=text) | Q(matter__in=named))


def matters_of(rows: QuerySet[Case]) -> list[tuple[str, str]]:
    """The matters that cases are of, with their titles as the newest file says them."""
    used = set(rows.order_by().values_list("matter", flat=True).distinct())
    newest = {name: versions[-1].matter for name, versions in shelf().items()}
    return [(name, words(matter, matter.title)) for name, matter in newest.items() if name in used]


def drafts_of(actor: Principal, matter: str, parent: int | None) -> QuerySet[Case]:
    """What an application would begin that is begun already: the same matter, for the same unit, after the same case."""
    same = Q(matter=matter, unit=unit_applied_for(actor), parent=parent, submitted_at=None, ended_at=None)
    return own_cases(actor).filter(same).select_related("edition")
