"""Columns, articles, their versions, steps and publications; attachments, redirects, approvals from outside."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language

from keheng.kernel.personal.sealed import SealedTextField
from keheng.kernel.spoken import Translated
from keheng.portal.enums.content import CHINESE, ArticleKind, ColumnKind, Decision, Language, Stage, Step, Term, topics


class Column(models.Model):
    """A column of the site. ``greatest_age`` in days since the latest publication; None: it need not move."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120, default="", blank=True)
    title_ja = models.CharField(max_length=120, default="", blank=True)
    title_ko = models.CharField(max_length=120, default="", blank=True)
    kind = models.CharField(max_length=12, choices=ColumnKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    greatest_age = models.PositiveIntegerField(null=True, blank=True)
    # The account that answers for it, by its reference.
    owner = models.CharField(max_length=40, default="", blank=True)
    order = models.PositiveIntegerField(default=100)
    icon = models.CharField(max_length=40, default="", blank=True)
    # Codes of languages in which the column is shown, by commas.
    languages = models.CharField(max_length=40, default=CHINESE)

    class Meta:
        """In the order of the site's navigation; no column is its own parent."""

        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="portal_column_parent")]

    def __str__(self) -> str:
        """Its title."""
        return self.title

    @property
    def name(self) -> str:
        """The title in the visitor's language, in Chinese where there is none."""
        language = get_language() or CHINESE
        translated = getattr(self, f"title_{language}", "")
        return Translated(translated) if translated else self.title

    @property
    def url(self) -> str:
        """Its public address in the visitor's language."""
        return reverse("portal:column", args=[self.slug])

    @property
    def language_names(self) -> str:
        """The languages in which it is shown, by their own names."""
        return "、".join(Language(code).label for code in self.languages.split(","))


class Article(models.Model):
    """An article in one language. What it says stands in its versions: ``newest`` is worked on, ``public`` is what visitors read.

    ``author``, ``reviewer`` and ``issuer`` are the accounts of the round under way or ended last.
    """

    column = models.ForeignKey(Column, models.PROTECT, related_name="articles")
    kind = models.CharField(max_length=10, choices=ArticleKind)
    language = models.CharField(max_length=8, choices=Language, default=Language.ZH)
    original = models.ForeignKey("self", models.PROTECT, null=True, related_name="translations")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    newest = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    public = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=40)
    reviewer = models.CharField(max_length=40, default="")
    issuer = models.CharField(max_length=40, default="")
    created_at = models.DateTimeField()
    # When the reviewer decided that the newest version may go out: the update time counts from here.
    decided_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True)
    first_published_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    pinned_until = models.DateField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        """One translation for each language; nobody takes two of the three steps; lists by column and time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["original", "language"], name="portal_article_translation_once"),
            models.CheckConstraint(
                condition=(Q(reviewer="") | ~Q(reviewer=F("author")))
                & (Q(issuer="") | (~Q(issuer=F("author")) & ~Q(issuer=F("reviewer")))),
                name="portal_article_three_persons",
            ),
            models.CheckConstraint(
                condition=Q(public__isnull=True) | (Q(published_at__isnull=False) & Q(first_published_at__isnull=False)),
                name="portal_article_dated",
            ),
            models.CheckConstraint(condition=Q(original__isnull=True) | ~Q(original=F("pk")), name="portal_article_itself"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["column", "-first_published_at"], name="portal_article_column"),
            models.Index(fields=["kind", "-first_published_at"], name="portal_article_kind"),
            models.Index(fields=["stage", "-id"], name="portal_article_stage"),
            models.Index(fields=["author", "stage"], name="portal_article_author"),
            # As they are listed: the latest changed first, all or of one kind.
            models.Index(fields=["stage", "newest", "id"], name="portal_article_at_stage"),
            models.Index(fields=["column", "newest", "id"], name="portal_article_in_column"),
            models.Index(fields=["language", "newest", "id"], name="portal_article_spoken"),
        ]

    def __str__(self) -> str:
        """Number and stage."""
        return f"article {self.pk}: {self.stage}"

    @property
    def url(self) -> str:
        """Its public address in the visitor's language."""
        return reverse("portal:article", args=[self.pk])


class Version(models.Model):
    """What an article says, at one save; never changed. ``body`` is HTML that went through the allow list."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, default="")
    body = models.TextField()
    # Codes of topics, by commas.
    topics = models.CharField(max_length=200, default="", blank=True)
    document_number = models.CharField(max_length=60, default="", blank=True)
    issuing_body = models.CharField(max_length=80, default="", blank=True)
    issued_on = models.DateField(null=True)
    source = models.CharField(max_length=80, default="", blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        """Numbered within the article."""

        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "number"], name="portal_version_once")]

    def __str__(self) -> str:
        """Title and number."""
        return f"{self.title} #{self.number}"

    @property
    def topic_terms(self) -> list[Term]:
        """Its topics in words; codes that are gone are left out."""
        return [topics()[code] for code in self.topics.split(",") if code in topics()]


class ArticleTopic(models.Model):
    """A topic of what is public of an article: written at publication, for lists and subscriptions."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="topic_rows")
    topic = models.CharField(max_length=30)

    class Meta:
        """A topic once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "topic"], name="portal_topic_once")]
        indexes: ClassVar = [models.Index(fields=["topic"], name="portal_topic")]

    def __str__(self) -> str:
        """The code."""
        return self.topic


class Review(models.Model):
    """A decision in one of the two steps after writing; never changed. ``by`` is an account, or ``outside:`` with an approval's number."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=8, choices=Step)
    decision = models.CharField(max_length=8, choices=Decision)
    by = models.CharField(max_length=40)
    reason = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        """A return says why."""

        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(decision=Decision.RETURNED) | ~Q(reason=""), name="portal_return_with_reason")
        ]

    def __str__(self) -> str:
        """Step and decision."""
        return f"{self.step}: {self.decision}"


class Publication(models.Model):
    """A version went out: what the counts of updates lead back to; never changed. ``first``: the article was not public before."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="publications")
    version = models.OneToOneField(Version, models.PROTECT, related_name="publication")
    first = models.BooleanField()
    author = models.CharField(max_length=40)
    reviewer = models.CharField(max_length=40)
    issuer = models.CharField(max_length=40)
    decided_at = models.DateTimeField()
    published_at = models.DateTimeField()

    class Meta:
        """Three persons, in this order of time."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(author=F("reviewer")) & ~Q(author=F("issuer")) & ~Q(reviewer=F("issuer")) & ~Q(reviewer="") & ~Q(issuer=""),
                name="portal_publication_three_persons",
            ),
            models.CheckConstraint(condition=Q(decided_at__lte=F("published_at")), name="portal_publication_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["published_at"], name="portal_publication_time")]

    def __str__(self) -> str:
        """Which version when."""
        return f"{self.version_id} at {self.published_at}"


class Attachment(models.Model):
    """A file of a version; ``title`` is what a reader, or a screen reader, is told of it."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="attachments")
    title = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)

    class Meta:
        """In the order in which they were added; none without a name to be read out."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(title=""), name="portal_attachment_named")]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Redirect(models.Model):
    """An address that moved: within the site, or from the site before."""

    old = models.CharField(max_length=300, unique=True)
    new = models.CharField(max_length=300)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        """Nothing leads to itself."""

        ordering: ClassVar = ["old"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(old=F("new")), name="portal_redirect_itself")]

    def __str__(self) -> str:
        """From where to where."""
        return f"{self.old} -> {self.new}"


class OutsideApproval(models.Model):
    """A step handed to somebody without an account: a link handed over by the inviter, and a code sent by mail; used once."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="outside_approvals")
    step = models.CharField(max_length=8, choices=Step)
    invited_by = models.CharField(max_length=40)
    name = SealedTextField()
    email = SealedTextField()
    token_mark = models.CharField(max_length=32, unique=True)
    code_mark = models.CharField(max_length=32, default="")
    code_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Number and step."""
        return f"outside {self.pk}: {self.step}"
