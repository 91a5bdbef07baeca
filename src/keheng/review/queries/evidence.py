"""The files of entries: whether one tells whose it is, and to whom they open."""

from __future__ import annotations

from collections.abc import Collection

import pypdfium2

from keheng.kernel.powers import Principal
from keheng.kernel.uploads.receiving import store
from keheng.review.enums import PanelistState, RoundState, SeatState
from keheng.review.models import Evidence, Round, Seat
from keheng.review.rules.rounds import Paper, rounds_open_to

_SHORTEST, _PAGES, _PROPERTIES = 2, 60, ("Title", "Author", "Subject", "Keywords", "Creator")


def tells(paper: Paper, hidden: Collection[str]) -> bool:
    """Whether a hidden word is found in a file's name, in the properties of a PDF or the text of its first pages.

    A picture has no text that could be read: what it shows is for people to see.
    """
    words = [word for word in ("".join(one.split()) for one in hidden) if len(word) >= _SHORTEST]
    said = "".join(f"{paper.name}{_inside(paper.digest) if words else ''}".split())
    return any(word in said for word in words)


def _inside(digest: str) -> str:
    """Properties and text of a PDF; '' for anything else."""
    try:
        document = pypdfium2.PdfDocument(store().path(digest))
    except (pypdfium2.PdfiumError, OSError):
        return ""
    try:
        pages = (document[number].get_textpage().get_text_bounded() for number in range(min(len(document), _PAGES)))
        return "".join([*(str(document.get_metadata_value(one)) for one in _PROPERTIES), *pages])
    finally:
        document.close()


def opens_to_judge(actor: Principal, digest: str) -> bool:
    """Whether a file lies with an entry that the actor sits on, independence stated, until the round is closed."""
    sits = Seat.objects.filter(panelist__account=actor.account, panelist__state=PanelistState.STATED)
    sits = sits.exclude(state=SeatState.DROPPED).exclude(entry__round__state=RoundState.CLOSED)
    return bool(actor.account) and Evidence.objects.filter(file=digest, entry__seats__in=sits).exists()


def opens_to_office(actor: Principal, digest: str) -> bool:
    """Whether a file lies in a round that the actor organises, sees or observes."""
    seen = Round.objects.filter(rounds_open_to(actor))
    return bool(actor.account) and Evidence.objects.filter(file=digest, entry__round__in=seen).exists()
