"""The portal's own resources: halls to visit, the policy library, guides, what surveys found and media published."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keheng.kernel.spoken import Translated
from keheng.portal.enums.content import CHINESE, ArticleKind, topics
from keheng.portal.enums.media import MediaKind
from keheng.portal.enums.surveys import SurveyState
from keheng.portal.queries.articles import listed, public_articles, shown
from keheng.portal.queries.halls import open_halls
from keheng.portal.queries.media import media_of
from keheng.portal.queries.resources import MOST, Resource
from keheng.portal.queries.surveys import public_surveys
from keheng.portal.queries.texts import spoken


def halls() -> Iterator[Resource]:
    """Halls that receive visitors."""
    for one in open_halls()[:MOST]:
        yield Resource(spoken(one, "title"), reverse("portal:hall", args=[one.code]), one.place)


def policy_library() -> Iterator[Resource]:
    """Topics with policies, those with the most first."""
    rows = public_articles().filter(kind=ArticleKind.POLICY, original__isnull=True)
    counts = dict(rows.values_list("topic_rows__topic").annotate(n=Count("pk")))
    library = reverse("portal:policies")
    for code, term in sorted(topics().items(), key=lambda one: -counts.get(one[0], 0))[:MOST]:
        if counts.get(code):
            yield Resource(Translated(term), f"{library}?topic={code}", Translated(_("%(n)s 份") % {"n": counts[code]}))


def guides() -> Iterator[Resource]:
    """The latest articles that tell how something is done."""
    language = get_language() or CHINESE
    for one in shown(listed(language, kind=ArticleKind.GUIDE)[:MOST], language):
        yield Resource(one.version.title if one.foreign else Translated(one.version.title), one.url)


def survey_results() -> Iterator[Resource]:
    """What surveys that are over have found."""
    for one in public_surveys().filter(state=SurveyState.CLOSED)[:MOST]:
        yield Resource(spoken(one, "title"), reverse("portal:survey-results", args=[one.pk]))


def reports() -> Iterator[Resource]:
    """What media published last, without reprints of it."""
    for one in media_of().exclude(kind=MediaKind.REPRINT)[:MOST]:
        yield Resource(one.title, one.url, one.outlet)
