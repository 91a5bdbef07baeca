"""Public pages: front page, services, columns, articles, policies, disclosure, help and statements."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate

from keheng.kernel.charts import Chart
from keheng.kernel.doors import public, shared
from keheng.kernel.row_numbers import whole
from keheng.kernel.uploads.downloads import send_file
from keheng.portal.enums.content import ArticleKind, ColumnKind, topics
from keheng.portal.models import Column
from keheng.portal.queries.articles import listed, public_articles, public_file, read_in, related, shown
from keheng.portal.queries.figures import figures
from keheng.portal.queries.open_now import open_now
from keheng.portal.queries.published import moved_to, published_answers
from keheng.portal.queries.resources import resource_groups
from keheng.portal.queries.services import by_audience, by_situation, offers
from keheng.portal.queries.visits import most_read
from keheng.portal.views.showing import query_of, show, shown_page, visitor_language, word

_NEWS, _FIGURES_KEPT = 6, 300


@shared
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    language = visitor_language()
    lists = [
        (kind.label, column, shown(listed(language, column__kind=kind)[:_NEWS], language))
        for kind in (ColumnKind.NEWS, ColumnKind.NOTICES, ColumnKind.POLICIES)
        for column in [Column.objects.filter(kind=kind).first()]
        if column is not None
    ]
    context = {
        "situations": by_situation(),
        "audiences": by_audience(),
        "lists": lists,
        "open_now": open_now(),
        "figures": home_figures(language),
        "popular": list(topics().values())[:6],
    }
    return show(request, "portal/home/home.html", context)


def home_figures(language: str) -> dict[str, list[Chart] | list[tuple[str, str]]]:
    """The year's figures, worked out once in five minutes."""
    return cache.get_or_set(f"portal.figures.{language}", figures, _FIGURES_KEPT)  # type: ignore[return-value]  # never None: figures always answers


@shared
def service_hall(request: HttpRequest) -> HttpResponse:
    """Everything that can be done here, by situation and by audience."""
    audience = request.GET.get("for", "")
    groups = by_audience()
    chosen = next((group for group in groups if group.term.code == audience), None)
    context = {
        "audiences": groups,
        "chosen": chosen,
        "situations": by_situation(),
        "offers": offers(chosen.term.code if chosen is not None else ""),
    }
    return show(request, "portal/hall/hall.html", context)


@shared
def column(request: HttpRequest, slug: str) -> HttpResponse:
    """A column: its articles, the pinned first; those of its sub-columns with them."""
    here = get_object_or_404(Column.objects.select_related("parent"), slug=slug)
    children = list(here.children.all())
    page, rows = shown_page(request, listed(visitor_language(), column__in=[here, *children]))
    context = {"column": here, "children": children, "page": page, "rows": rows, "query": query_of(request)}
    return show(request, "portal/columns/column.html", context)


@shared
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """An article in the visitor's language, or in Chinese with a note; an address that moved leads on."""
    read = read_in(pk, visitor_language())
    if read is None:
        new = moved_to(request.path)
        if new:
            return redirect(new, permanent=True)
        raise Http404
    codes = [term.code for term in read.version.topic_terms]
    context = {
        "read": read,
        "article": read.article,
        "version": read.version,
        "column": read.article.column,
        "related": related(read.article, codes, visitor_language()),
        "alternates": read.languages,
    }
    return show(request, "portal/articles/article.html", context)


@shared
def policies(request: HttpRequest) -> HttpResponse:
    """Policies by topic, year and issuing body."""
    topic, year, body = (request.GET.get(name, "")[:80] for name in ("topic", "year", "body"))
    found = listed(visitor_language(), kind=ArticleKind.POLICY)
    every = public_articles().filter(kind=ArticleKind.POLICY, original__isnull=True)
    if topic in topics():
        found = found.filter(topic_rows__topic=topic)
    if issued := whole(year[:4]):
        found = found.filter(public__issued_on__year=issued)
    if body:
        found = found.filter(public__issuing_body=body)
    counts = dict(every.values_list("topic_rows__topic").annotate(n=Count("pk")))
    page, rows = shown_page(request, found)
    context = {
        "page": page,
        "rows": rows,
        "query": query_of(request),
        "topic": topic,
        "year": year,
        "body": body,
        "topics": [(term, counts[code]) for code, term in topics().items() if counts.get(code)],
        "years": list(every.annotate(year=ExtractYear("public__issued_on")).values_list("year", flat=True).distinct().order_by("-year")),
        "bodies": list(
            every.exclude(public__issuing_body="")
            .values_list("public__issuing_body", flat=True)
            .distinct()
            .order_by("public__issuing_body")
        ),
    }
    return show(request, "portal/policies/policies.html", context)


@shared
def disclosure(request: HttpRequest) -> HttpResponse:
    """Disclosure: guide, catalogue by column, annual reports (政府信息公开条例 art. 12, 50)."""
    columns = list(Column.objects.filter(kind=ColumnKind.DISCLOSURE))
    everything = Column.objects.annotate(n=Count("articles__public", distinct=True)).order_by("order", "pk")
    rows = shown(listed(visitor_language(), column__in=columns)[:10], visitor_language())
    return show(request, "portal/disclosure/disclosure.html", {"columns": columns, "everything": everything, "rows": rows})


@shared
def help_page(request: HttpRequest) -> HttpResponse:
    """Help: how to find, sign in, ask; guides and answered questions."""
    language = visitor_language()
    guides = shown(listed(language, kind=ArticleKind.GUIDE)[:10], language)
    return show(request, "portal/help/help.html", {"guides": guides, "answers": published_answers()[:8]})


@shared
def about(request: HttpRequest) -> HttpResponse:
    """Who runs the site."""
    language = visitor_language()
    rows = shown(listed(language, column__kind=ColumnKind.ABOUT)[:20], language)
    return show(request, "portal/help/about.html", {"organ": word("organ"), "address": word("address"), "rows": rows})


@shared
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return show(request, "portal/help/accessibility.html", {})


@public
def attachment(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """A file of a public article, for everybody; 404 for any other file."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    row = public_file(digest)
    if row is None:
        raise Http404
    return send_file(request, row, name)


@shared
def resources(request: HttpRequest) -> HttpResponse:
    """What there is to visit, to read and to take away, by the groups that are registered."""
    return show(request, "portal/resources/resources.html", {"groups": resource_groups()})


@shared
def site_map(request: HttpRequest) -> HttpResponse:
    """All columns and pages of the site."""
    columns = list(Column.objects.select_related("parent"))
    return show(request, "portal/help/site_map.html", {"columns": columns, "audiences": by_audience()})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django names it so
    """What helps whoever came to an address that is not there: where it moved, a search, what others read."""
    if request.method == "GET" and (new := moved_to(request.path)):
        return redirect(new, permanent=True)
    words = " ".join(part for part in request.path.replace("-", " ").replace("/", " ").split() if not part.isdecimal())
    context = {"asked": words[:60], "most_read": shown(most_read(localdate() - timedelta(days=30), 6), visitor_language())}
    return show(request, "404.html", context, status=404)
