"""Articles as visitors and staff read them: what is public now, in which language, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.models import StoredFile
from keheng.portal.enums.content import CHINESE, Stage
from keheng.portal.models import Article, Attachment, Column, Publication, Version
from keheng.portal.rules.content import File


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as a visitor of a language sees it; ``foreign``: it is not in that language, and told so."""

    article: Article
    version: Version
    language: str
    foreign: bool
    # In which languages it is public, where that was asked for.
    languages: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Its address in the visitor's language."""
        return reverse("portal:article", args=[self.article.original_id or self.article.pk])

    @property
    def pinned(self) -> bool:
        """Whether it stands above newer ones today."""
        until = self.article.pinned_until
        return until is not None and until >= localdate()


def public_articles() -> QuerySet[Article]:
    """What visitors may read at this moment."""
    return Article.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now()), public__isnull=False)


def listed(language: str, **wanted: object) -> QuerySet[Article]:
    """Public originals, the pinned first, then the newest; the translation into a language is fetched with them."""
    pinned = Case(When(pinned_until__gte=localdate(), then=Value(0)), default=Value(1), output_field=IntegerField())
    translated = public_articles().filter(language=language).select_related("public").defer("public__body")
    return (
        public_articles()
        .filter(original__isnull=True, **wanted)
        .annotate(below=pinned)
        .order_by("below", "-first_published_at", "-pk")
        .select_related("public", "column")
        .defer("public__body")
        .prefetch_related(Prefetch("translations", translated, to_attr="translated"))
    )


def shown(articles: Iterable[Article], language: str) -> list[Shown]:
    """Articles of ``listed`` in the visitor's language where they are translated, else in their own."""
    found = []
    for one in articles:
        best = next(iter(getattr(one, "translated", [])), one) if one.language != language else one
        if best.public is not None:
            found.append(Shown(one, best.public, best.language, best.language != language))
    return found


def read_in(number: int, language: str) -> Shown | None:
    """One article in the visitor's language, else in Chinese; None when it is not public. A translation's number leads to its original."""
    articles = public_articles().select_related("public", "column")
    family = list(articles.filter(Q(pk=number) | Q(original=number)))
    asked = next((one for one in family if one.pk == number), None)
    if asked is None:
        return None
    if asked.original_id is not None:
        family = list(articles.filter(Q(pk=asked.original_id) | Q(original=asked.original_id)))
    there = {one.language: one for one in family}
    best = there.get(language) or there.get(CHINESE) or asked
    if best.public is None:
        return None
    return Shown(best, best.public, best.language, best.language != language, tuple(sorted(there)))


def related(article: Article, topics: Sequence[str], language: str, limit: int = 5) -> list[Shown]:
    """Other articles on one of the topics; the newest of the column where there are no topics."""
    others = listed(language).exclude(pk=article.original_id or article.pk)
    others = others.filter(topic_rows__topic__in=topics).distinct() if topics else others.filter(column=article.column_id)
    return shown(others[:limit], language)


def files_of(version: Version) -> tuple[File, ...]:
    """The files of a version."""
    return tuple(File(one.title, one.name, one.digest, one.size, one.media_type) for one in version.attachments.all())


def public_file(digest: str) -> StoredFile | None:
    """A file that a public version holds; None for any other, so that to know a digest opens nothing."""
    open_ones = public_articles().values("public")
    if Attachment.objects.filter(digest=digest, version__in=open_ones).exists():
        return StoredFile.objects.filter(digest=digest).first()
    return None


def worked_on(account: str = "", stage: str = "", text: str = "", column: str = "") -> QuerySet[Article]:
    """Articles for staff, the latest changed first; narrowed by author, stage, words of the title, column."""
    found = Article.objects.select_related("newest", "column").defer("newest__body").order_by("-newest_id")
    if account:
        found = found.filter(author=account)
    if stage in Stage.values:
        found = found.filter(stage=stage)
    if column:
        found = found.filter(column__slug=column)
    for word in text.split():
        found = found.filter(newest__title__icontains=word)
    return found


def rounds_of(article: Article) -> QuerySet[Publication]:
    """What went out of an article, the latest first."""
    return article.publications.select_related("version").order_by("-published_at")


def columns() -> list[Column]:
    """All columns in their order."""
    return list(Column.objects.all())
