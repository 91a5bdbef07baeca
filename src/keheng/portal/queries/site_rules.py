"""The rules of the site doctor: one registered function each; numbers, limits and sources are data (``definitions/portal/doctor.json``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Max, Q
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate, localtime

from keheng.portal.enums.content import CHINESE, ArticleKind, ColumnKind, definition
from keheng.portal.enums.feedback import FeedbackState
from keheng.portal.models import Article, Column, Feedback, Push, VisitHour
from keheng.portal.queries.ages import Age, ages, latest_publication
from keheng.portal.queries.articles import public_articles
from keheng.portal.queries.crawl import Page, crawl, inside
from keheng.portal.queries.services import services
from keheng.portal.queries.visits import midnight

_PAGES = ("home", "services", "policies", "disclosure", "help", "about", "accessibility", "site-map", "search", "feedback")
_FAILED = 500


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found, and where."""

    text: str
    url: str = ""


class Site:
    """What the rules look at, each part worked out once."""

    def __init__(self, today: date | None = None, most_pages: int = 1_000) -> None:
        self.today, self._most = today or localdate(), most_pages

    @cached_property
    def ages(self) -> list[Age]:
        """Columns that ought to move."""
        return ages(self.today)

    @cached_property
    def pages(self) -> list[Page]:
        """Rendered pages."""
        return list(crawl([*(reverse(f"portal:{name}") for name in _PAGES), *(column.url for column in Column.objects.all())], self._most))

    @cached_property
    def stale(self) -> list[Age]:
        """Columns with content that are stale."""
        return [age for age in self.ages if age.filled and age.stale(self.today)]


Rule = Callable[[Site, dict[str, Any]], Iterator[Found]]
_rules: dict[str, Rule] = {}


def all_rules() -> dict[str, tuple[dict[str, Any], Rule]]:
    """Every rule with its definition, in the order of its number."""
    known = definition("doctor")
    return {code: (known[code], _rules[code]) for code in sorted(_rules, key=lambda code: int(known[code]["number"]))}


def _rule(code: str) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        _rules[code] = rule
        return rule

    return register


@_rule("home")
def _home(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    last = latest_publication()
    if last is None or (site.today - last).days > limits["days"]:
        yield Found(f"首页上次更新：{last or '从未'}", reverse("portal:home"))


@_rule("columns")
def _columns(site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    for age in site.stale:
        yield Found(f"栏目“{age.column.title}”超过 {age.column.greatest_age} 天没有更新，上次 {age.last or '从未'}", age.column.url)


@_rule("moving")
def _moving(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    if len(site.stale) >= limits["most"]:
        yield Found(f"{len(site.stale)} 个栏目应更新而未更新")


@_rule("empty")
def _empty(_site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    filled = public_articles().values("column")
    parents = Column.objects.filter(children__articles__in=public_articles()).values("pk")
    for column in Column.objects.exclude(Q(pk__in=filled) | Q(pk__in=parents)):
        yield Found(f"栏目“{column.title}”是空的", column.url)


@_rule("undated")
def _undated(_site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    missing = public_articles().filter(kind=ArticleKind.POLICY, public__issued_on__isnull=True).select_related("public")
    for article in missing:
        yield Found(f"政策没有成文日期：{_title(article)}", article.url)


@_rule("unanswered")
def _unanswered(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    late = Feedback.objects.filter(
        state=FeedbackState.OPEN,
        received_at__lt=midnight(site.today - timedelta(days=30 * limits["months"])),
        received_at__gte=midnight(site.today - timedelta(days=365)),
    ).order_by("received_at")
    for one in late.only("pk", "number", "received_at"):
        yield Found(f"留言 {one.number} 自 {localtime(one.received_at):%Y-%m-%d} 起没有答复", reverse("manage:feedback", args=[one.pk]))


@_rule("consultation")
def _consultation(_site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    try:
        reverse("portal:feedback")
    except NoReverseMatch:
        yield Found("没有留言渠道")


@_rule("services")
def _services(_site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    known = services()
    if not known:
        yield Found("没有办事服务", reverse("portal:services"))
    for one in known:
        if not (str(one.title) and str(one.text) and one.audiences and one.situations):
            yield Found(f"办事“{one.title}”缺少要素", one.url)


@_rule("policies")
def _policies(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    last = latest_publication((ColumnKind.POLICIES,))
    if last is None or (site.today - last).days > limits["days"]:
        yield Found(f"政策上次更新：{last or '从未'}", reverse("portal:policies"))


@_rule("replies")
def _replies(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    since = midnight(site.today - timedelta(days=limits["days"]))
    if not Feedback.objects.filter(published_at__gte=since).exists():
        yield Found("两个月内没有公开的答复", reverse("portal:feedback-answers"))


@_rule("statistics")
def _statistics(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    if not VisitHour.objects.filter(hour__gte=midnight(site.today - timedelta(days=limits["days"]))).exists():
        yield Found("三个月内没有访问统计", reverse("manage:visits"))


@_rule("links")
def _links(site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    broken = {page.path for page in site.pages if page.status == 404}  # noqa: PLR2004 -- not found
    for path in sorted(broken):
        held_by = [page.path for page in site.pages if any(inside(page.path, link) == path for link in page.links)]
        if held_by:
            yield Found(f"链接打不开：{path}（{len(held_by)} 页）", held_by[0])


@_rule("alt")
def _alt(site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    for page in site.pages:
        if page.unnamed_pictures:
            yield Found(f"{page.unnamed_pictures} 张图片没有文字说明", page.path)


@_rule("titles")
def _titles(site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    for page in site.pages:
        if page.links and not page.title:
            yield Found("页面没有标题", page.path)


@_rule("correction")
def _correction(site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    if not any("kind=correction" in link for page in site.pages for link in page.links):
        yield Found("没有页面链接到“网站纠错”")


@_rule("search")
def _search(_site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    try:
        reverse("portal:search")
    except NoReverseMatch:
        yield Found("没有站内搜索")


@_rule("answering")
def _answering(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    bad = [page for page in site.pages if page.status >= _FAILED or page.seconds > limits["seconds"]]
    if bad and len(bad) * 100 >= limits["percent"] * len(site.pages):
        slowest = max(bad, key=lambda page: page.seconds)
        yield Found(f"{len(site.pages)} 页中 {len(bad)} 页出错或超过 {limits['seconds']} 秒，最慢 {slowest.seconds:.0f} 秒", slowest.path)


@_rule("identity")
def _identity(_site: Site, _limits: dict[str, Any]) -> Iterator[Found]:
    for one in definition("site")["identity"].values():
        if not one["value"].strip():
            yield Found(f"没有填写{one['words'][CHINESE]}")


@_rule("new_media")
def _new_media(site: Site, limits: dict[str, Any]) -> Iterator[Found]:
    used = Push.objects.filter(pushed_on__gte=site.today - timedelta(days=limits["year"])).values_list("channel")
    for channel, last in used.annotate(last=Max("pushed_on")).order_by("channel"):
        if (site.today - last).days > limits["days"]:
            yield Found(f"“{channel}”上次推送：{last}", reverse("manage:pushes"))


def _title(article: Article) -> str:
    return article.public.title if article.public is not None else str(article)
