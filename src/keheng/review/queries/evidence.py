"""The files of entries: whether one tells whose it is, which lines they stand behind, and to whom they open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from keheng.kernel.powers import Principal
from keheng.kernel.uploads.receiving import store
from keheng.review.enums import PanelistState, RoundState, SeatState
from keheng.review.models import Entry, Evidence, Round, Seat
from keheng.review.rules.rounds import Paper, rounds_open_to
from keheng.review.rules.traces import said_in

_SHORTEST = 2


def tells(paper: Paper, hidden: Collection[str]) -> bool:
    """Whether a hidden word is found in a file: its name, its text, its properties, what a camera or an office program noted in it.

    What a picture shows has no text that could be read: it is for people to see.
    """
    words = [word for word in ("".join(one.split()) for one in hidden) if len(word) >= _SHORTEST]
    if not words:
        return False
    said = "".join(paper.name.split()), said_in(store().path(paper.digest))
    return any(word in one for word in words for one in said)


@dataclass(frozen=True, slots=True)
class CitedShown:
    """A table of an entry for a page: each line has its cells by column, and the file behind it, None where there is none to open."""

    label: str
    columns: Sequence[str]
    lines: Sequence[tuple[list[tuple[str, str]], Evidence | None]]


def cited_shown(entry: Entry, papers: Iterable[Evidence]) -> list[CitedShown]:
    """The tables of an entry whose lines name files, with those of the files that may be opened."""
    by_title = {one.title: one for one in papers}
    return [
        CitedShown(
            table["label"], table["columns"],
            [(list(zip(table["columns"], cells, strict=True)), by_title.get(title)) for cells, title in table["lines"]],
        )
        for table in entry.cited
    ]  # fmt: skip


def opens_to_judge(actor: Principal, digest: str) -> bool:
    """Whether a file lies with an entry that the actor sits on, independence stated, until the round is closed."""
    sits = Seat.objects.filter(panelist__account=actor.account, panelist__state=PanelistState.STATED)
    sits = sits.exclude(state=SeatState.DROPPED).exclude(entry__round__state=RoundState.CLOSED)
    return bool(actor.account) and Evidence.objects.filter(file=digest, entry__seats__in=sits).exists()


def opens_to_office(actor: Principal, digest: str) -> bool:
    """Whether a file lies in a round that the actor organises, sees or observes."""
    seen = Round.objects.filter(rounds_open_to(actor))
    return bool(actor.account) and Evidence.objects.filter(file=digest, entry__round__in=seen).exists()
