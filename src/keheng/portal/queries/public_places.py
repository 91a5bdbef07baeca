"""Addresses of public records for machines that look for them: told by whoever has such records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, islice

from keheng.portal.enums.surveys import SurveyState
from keheng.portal.queries.activities import shown_activities
from keheng.portal.queries.addresses import address
from keheng.portal.queries.halls import open_halls
from keheng.portal.queries.surveys import public_surveys

# Of one source; the whole file holds 50,000 addresses (sitemaps.org).
MOST = 2_000
Source = Callable[[], Iterable[str]]
_sources: list[Source] = []


def register_places(source: Source) -> None:
    """Make a source of addresses known, in Chinese as they stand in messages; the most important first."""
    if source not in _sources:
        _sources.append(source)


def public_places() -> list[str]:
    """The addresses of every source."""
    return list(chain.from_iterable(islice(source(), MOST) for source in _sources))


def own_places() -> Iterable[str]:
    """Activities, the latest first; halls; surveys that are open to all and results of those that are over."""
    for number in shown_activities().order_by("-begins_at", "-pk").values_list("pk", flat=True)[: MOST // 2]:
        yield address("activity", number)
    for code in open_halls().values_list("code", flat=True):
        yield address("hall", code)
    for number, state in public_surveys().values_list("pk", "state")[: MOST // 4]:
        yield address("survey-results" if state == SurveyState.CLOSED else "survey", number)
