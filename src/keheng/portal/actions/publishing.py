"""What the public finds by the search, published in the transaction of the act."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.http import urlencode

from keheng.kernel.search.documents import PUBLIC, Document
from keheng.kernel.search.indexing import index, remove
from keheng.portal.enums.activities import COMING, OVER
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Activity, Hall, MediaItem, Survey
from keheng.portal.queries.addresses import address

ACTIVITY, HALL, SURVEY, MEDIA = "activity", "hall", "survey", "media"


def show_activity(row: Activity) -> None:
    """Publish an activity as it is now, or take it out of the search where it is none for the public."""
    if row.state in COMING | OVER:
        index([activity_document(row)])
    else:
        remove(ACTIVITY, [str(row.pk)])


def activity_document(row: Activity) -> Document:
    """An activity as the search sees it, with its texts in every language."""
    others = [text for texts in row.translations.values() for text in texts.values()]
    return Document(
        ACTIVITY, str(row.pk), row.title, "\n".join([row.summary, row.body, row.organiser, *others]), address("activity", row.pk), PUBLIC,
        facets={"kind": ACTIVITY, "activity_kind": row.kind},
    )  # fmt: skip


def show_hall(row: Hall) -> None:
    """Publish a hall, or take it out of the search when it receives nobody any more."""
    if row.active:
        index([hall_document(row)])
    else:
        remove(HALL, [str(row.pk)])


def hall_document(row: Hall) -> Document:
    """A hall as the search sees it, with its texts in every language."""
    others = [text for texts in row.translations.values() for text in texts.values()]
    return Document(
        HALL,
        str(row.pk),
        row.title,
        "\n".join([row.intro, row.place, *others]),
        address("hall", row.code),
        PUBLIC,
        facets={"kind": HALL},
    )


def show_survey(row: Survey) -> None:
    """Publish a survey that anybody may answer, and the results of every one that is over."""
    if row.state == SurveyState.CLOSED or (row.state == SurveyState.OPEN and row.audience == Audience.LINK):
        index([survey_document(row)])


def survey_document(row: Survey) -> Document:
    """A survey as the search sees it, with its texts in every language; one that is over leads to its results."""
    others = [text for texts in row.translations.values() for text in texts.values()]
    to = "survey-results" if row.state == SurveyState.CLOSED else "survey"
    body = "\n".join([row.intro, "满意度调查 问卷", *others])
    return Document(SURVEY, str(row.pk), row.title, body, address(to, row.pk), PUBLIC, facets={"kind": SURVEY})


def show_media(rows: Iterable[MediaItem]) -> None:
    """Publish what media published."""
    index(media_document(row) for row in rows)


def media_document(row: MediaItem) -> Document:
    """An outreach record as the search sees it; it leads to the page of the site that lists it, and that to the other site."""
    url = f"{address('media')}?{urlencode({'q': row.title})}"
    return Document(MEDIA, str(row.pk), row.title, f"{row.outlet} 媒体报道", url, PUBLIC, facets={"kind": MEDIA}, weight=0.8)
