"""Articles as the search sees them."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from keheng.kernel.search.documents import PUBLIC, Document
from keheng.portal.models import Article
from keheng.portal.rules.html import plain_text

KIND = "portal.article"


def document_of(article: Article) -> Document:
    """A public article with its public version; policies weigh more, since they are what is looked for by name."""
    version = article.public
    if version is None:
        raise ValueError(f"{article} is not public")
    with override(article.language):
        url = reverse("portal:article", args=[article.pk])
    more = (version.document_number, version.issuing_body, version.summary)
    return Document(
        KIND, str(article.pk), version.title, "\n".join([*filter(None, more), plain_text(version.body)]), url, PUBLIC,
        facets={"kind": article.kind, "language": article.language, "topic": tuple(filter(None, version.topics.split(",")))},
        weight=1.3 if article.kind == "policy" else 1.0,
    )  # fmt: skip


def documents_of(articles: Iterable[Article]) -> list[Document]:
    """The same of several."""
    return [document_of(one) for one in articles]


def languages() -> list[str]:
    """Codes of the site's languages."""
    return [code for code, _ in settings.LANGUAGES]
