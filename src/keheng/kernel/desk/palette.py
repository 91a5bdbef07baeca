"""The command palette: places, acts and records an actor may open, told by sources and by the search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from html import unescape

from django.utils.html import strip_tags

from keheng.kernel.chinese_text import tokens
from keheng.kernel.powers import Principal
from keheng.kernel.search.aliases import normal
from keheng.kernel.search.documents import visible_to
from keheng.kernel.search.finding import search

_MOST_TOLD, _MOST_RECORDS = 24, 8
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to go to; ``words`` are further words it is found by, ``group`` its heading."""

    title: str
    url: str
    group: str
    icon: str = ""
    words: str = ""


Source = Callable[[Principal, str], Iterable[Entry]]
_sources: list[Source] = []
Elsewhere = Callable[[str], Entry]
_elsewhere: list[Elsewhere] = []


def register_source(source: Source) -> None:
    """Offer what a source tells for an actor and what was typed: only what the actor may open.

    Places are told whatever was typed (``fitting`` picks them), records only those that fit.
    """
    if source not in _sources:
        _sources.append(source)


def register_elsewhere(place: Elsewhere) -> None:
    """Say where else somebody may look for what was typed and not found here; there is one such place."""
    _elsewhere[:] = [place]


def elsewhere(text: str) -> Entry | None:
    """Where else to look for what was typed; None where nothing was, or nobody has registered a place."""
    wanted = _wanted(text)
    return next((place(wanted) for place in _elsewhere), None) if wanted else None


def _wanted(text: str) -> str:
    return text.replace("\0", "").strip()[:_LONGEST]


def found(actor: Principal, text: str) -> list[Entry]:
    """What sources tell, then records: those that answer what was typed, or the latest published without a text."""
    wanted = _wanted(text)
    told = [entry for source in _sources for entry in source(actor, wanted)][:_MOST_TOLD]
    hits = search(wanted, visible=visible_to(actor), ranked=bool(wanted), limit=_MOST_RECORDS).hits
    group = "记录" if wanted else "最近的记录"
    return [*told, *(Entry(unescape(strip_tags(hit.title)), hit.url, group, "file-text") for hit in hits)]


def fitting(places: Iterable[Entry], wanted: str) -> list[Entry]:
    """Places whose title or words hold all that was typed, those first whose title begins with it."""
    fits = [entry for entry in places if _fits(entry, normal(wanted))]
    return sorted(fits, key=lambda entry: not entry.title.lower().startswith(wanted.lower()))


def as_json(entries: list[Entry]) -> list[dict[str, str]]:
    """Entries for the script."""
    return [{name: value for name, value in asdict(entry).items() if name != "words"} for entry in entries]


def _fits(entry: Entry, wanted: str) -> bool:
    """Chinese may be typed in parts: every character or Latin word typed stands somewhere in the title or the words."""
    held, parts = normal(f"{entry.title} {entry.words}"), tokens(wanted)
    return wanted in held or (bool(parts) and all(part in held for part in parts))
