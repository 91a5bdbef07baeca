"""Search over everything that the visitor may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keheng.kernel.doors import actor_of, shared
from keheng.kernel.row_numbers import whole
from keheng.kernel.search.documents import visible_to
from keheng.kernel.search.finding import Found, search, suggest
from keheng.portal.enums.content import ArticleKind, Language, topics
from keheng.portal.queries.own_pages import pages_about
from keheng.portal.queries.services import services
from keheng.portal.views.showing import show

A_PAGE = 20
_FACETS = {"kind": _("类型"), "topic": _("主题"), "language": _("语言")}
# What is found beside articles, by the kind that its documents carry.
_OTHER_KINDS = {
    "matter": _("办理事项"), "list": _("评审公示"), "activity": _("活动"), "hall": _("展厅"), "survey": _("调查"), "media": _("媒体报道"),
    "answer": _("留言答复"),
}  # fmt: skip
_LONGEST = 100
_PAGES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, with the address that adds or takes it away."""

    label: str | Promise
    count: int
    query: str
    chosen: bool


def _labels(facet: str) -> dict[str, str | Promise]:
    if facet == "topic":
        return {code: str(term) for code, term in topics().items()}
    return dict(Language.choices) if facet == "language" else {**dict(ArticleKind.choices), **_OTHER_KINDS}


@shared
def search_page(request: HttpRequest) -> HttpResponse:
    """What answers a question, the best first; facets narrow it."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    chosen = {name: value for name in _FACETS if (value := request.GET.get(name, "")) in _labels(name)}
    page = asked if 0 < (asked := whole(request.GET.get("page", "")) or 0) < 1000 else 1  # noqa: PLR2004 -- a page's number has three digits
    newest = request.GET.get("order") == "newest"
    found: Found | None = None
    if text:
        sees = visible_to(actor_of(request))
        start, own = (page - 1) * A_PAGE, get_language() or ""
        found = search(text, visible=sees, facets=chosen, ranked=not newest, start=start, limit=A_PAGE, language=own)
    context = {
        "q": text,
        "found": found,
        "facets": [(title, _choices(request, name, found, chosen)) for name, title in _FACETS.items()] if found else [],
        "page": page,
        "previous": _query(request, page=str(page - 1)) if page > 1 else "",
        "following": _query(request, page=str(page + 1)) if found and found.total > page * A_PAGE else "",
        "newest": newest,
        "by_rank": _query(request, order=""),
        "by_time": _query(request, order="newest"),
        "pages": [*(one for one in services() if text and text in f"{one.title}{one.text}"), *pages_about(text)][:_PAGES_SHOWN],
        "topics": list(topics().values()),
    }
    return show(request, "portal/search/search.html", context)


@shared
def suggestions(request: HttpRequest) -> JsonResponse:
    """Titles for what is being typed."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    found = suggest(text, visible=visible_to(actor_of(request))) if text else []
    return JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})


def _choices(request: HttpRequest, facet: str, found: Found, chosen: dict[str, str]) -> list[Choice]:
    labels, counts = _labels(facet), found.facets.get(facet, {})
    return [
        Choice(labels[value], count, _query(request, **{facet: "" if chosen.get(facet) == value else value}), chosen.get(facet) == value)
        for value, count in counts.items()
        if value in labels
    ]


def _query(request: HttpRequest, **changed: str) -> str:
    """The query with some of its parts changed; a change begins at the first page unless it is one of the page."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()
