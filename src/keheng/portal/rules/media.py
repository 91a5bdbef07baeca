"""Whether an outreach record may be entered: all problems at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from keheng.kernel.errors import Problem, problem
from keheng.portal.enums.media import MediaKind
from keheng.portal.models import MediaItem

LONGEST_TITLE, LONGEST_OUTLET, LONGEST_LINK = 200, 100, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What is said of a record; ``original`` is the link of what was reprinted."""

    kind: str
    title: str
    outlet: str
    published_on: date
    url: str
    original: str = ""


def media_problems(facts: MediaFacts, today: date, but: int = 0) -> list[Problem]:
    """What is wrong with a record; a link is entered once."""
    found: list[Problem] = []
    if facts.kind not in MediaKind.values:
        found.append(problem("MEDIA_KIND", "kind"))
    for name, text, most in (("title", facts.title, LONGEST_TITLE), ("outlet", facts.outlet, LONGEST_OUTLET)):
        if not text.strip():
            found.append(problem("ACT_TITLE", name))
        elif len(text) > most:
            found.append(problem("ACT_TOO_LONG", name, most=most))
    if facts.published_on > today:
        found.append(problem("MEDIA_DAY", "published_on"))
    found += _link_problems(facts.url, but)
    original = bool(facts.original) and not MediaItem.objects.filter(url=facts.original).exists()
    if original or (facts.original and facts.kind != MediaKind.REPRINT) or (facts.original and facts.original == facts.url):
        found.append(problem("MEDIA_ORIGINAL", "original"))
    return found


def _link_problems(url: str, but: int) -> list[Problem]:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return [problem("MEDIA_LINK", "url")]
    if len(url) > LONGEST_LINK:
        return [problem("ACT_TOO_LONG", "url", most=LONGEST_LINK)]
    return [problem("MEDIA_URL", "url")] if MediaItem.objects.filter(url=url).exclude(pk=but).exists() else []
