"""The site for machines: robots.txt, sitemap.xml, Atom feeds."""

from __future__ import annotations

from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, translate_url
from django.utils.feedgenerator import Atom1Feed

from keheng.kernel.doors import shared
from keheng.portal.enums.content import CHINESE
from keheng.portal.models import Column
from keheng.portal.queries.articles import listed, public_articles, shown
from keheng.portal.queries.public_places import public_places
from keheng.portal.views.showing import visitor_language, word

_CLOSED = ("/manage/", "/desk/", "/account/", "/personal/", "/search/", "/files/", "/uploads/", "/approve/", "/jobs/", "/trail/")
_SPOKEN = ("/account/", "/search/")
_PAGES = (
    "home", "services", "policies", "resources", "activities", "halls", "surveys", "media", "disclosure", "help", "about", "accessibility",
    "feedback", "feedback-answers", "subscribe", "site-map",
)  # fmt: skip
_MOST, _IN_A_FEED = 50_000, 30


@shared
def robots(request: HttpRequest) -> HttpResponse:
    """What machines may read."""
    spoken = [f"/{language}{path}" for language, _ in settings.LANGUAGES if language != CHINESE for path in _SPOKEN]
    closed = [f"Disallow: {path}" for path in (*_CLOSED, *spoken)]
    lines = ["User-agent: *", *closed, f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@shared
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page and record, articles in each language in which they are there."""
    root = request.build_absolute_uri("/").rstrip("/")
    pages = [(translate_url(reverse(f"portal:{name}"), CHINESE), "") for name in _PAGES]
    pages += [(translate_url(column.url, CHINESE), "") for column in Column.objects.all()]
    pages += [(path, "") for path in public_places()]
    rows = public_articles().order_by("-published_at").values_list("pk", "original", "language", "published_at")[: _MOST - len(pages)]
    for number, original, language, at in rows:
        path = reverse("portal:article", args=[original or number])
        pages.append((translate_url(path, language), f"<lastmod>{at:%Y-%m-%d}</lastmod>"))
    body = "".join(f"<url><loc>{escape(root + path)}</loc>{changed}</url>" for path, changed in pages)
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@shared
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new in a column, as Atom, in the visitor's language."""
    here, language = get_object_or_404(Column, slug=slug), visitor_language()
    atom = Atom1Feed(
        title=f"{here.name} · {word('name')}", link=request.build_absolute_uri(here.url), description=here.name, language=language,
        feed_url=request.build_absolute_uri(request.path),
    )  # fmt: skip
    for one in shown(listed(language, column=here).order_by("-first_published_at")[:_IN_A_FEED], language):
        atom.add_item(
            title=one.version.title, link=request.build_absolute_uri(one.url), description=one.version.summary,
            pubdate=one.article.first_published_at, updateddate=one.article.published_at,
            categories=[str(term) for term in one.version.topic_terms],
        )  # fmt: skip
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
