"""Writing: new articles and translations, versions, their place on the site, submission, taking back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.models import StoredFile
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.kernel.uploads.receiving import take_upload
from keheng.portal.enums.content import ArticleKind, Language, Stage
from keheng.portal.models import Article, Attachment, Version
from keheng.portal.queries.articles import files_of
from keheng.portal.rules.content import (
    ISSUE,
    REVIEW,
    File,
    Placing,
    Text,
    differs,
    placing_problems,
    right_problems,
    stage_problems,
    text_problems,
    translation_problems,
)
from keheng.portal.rules.files import ATTACHMENTS

# Files that have arrived, to be taken into the text: the name to be read out, and the upload's number.
Uploads = Sequence[tuple[str, UUID]]


def refuse(found: Iterable[Problem]) -> None:
    """Stop the act when anything is wrong."""
    problems = list(found)
    if problems:
        raise Refused(problems)


def locked(article: int) -> Article:
    """The article, held until the act ends."""
    held = Article.objects.select_for_update(of=("self",)).select_related("newest", "public", "column").filter(pk=article).first()
    if held is None:
        raise Refused(problem("PORTAL_GONE"))
    return held


@act("article.write", Refused)
def write_article(
    *, actor: Principal, kind: str, text: Text, placing: Placing, language: str = Language.ZH, original: int | None = None,
    uploads: Uploads = (),
) -> Article:  # fmt: skip
    """Begin an article, or the translation of one, with its first version."""
    of = None if original is None else locked(original)
    text = _with_uploads(actor, text, uploads).cleaned()
    article = Article(kind=kind, language=language, original=of, author=actor.account, created_at=now())
    found = [*text_problems(text, kind), *placing_problems(article, placing), *translation_problems(of, language)]
    if kind not in ArticleKind.values:
        found.append(problem("PORTAL_KIND_UNKNOWN", "kind"))
    refuse(found)
    _place(article, placing)
    article.save()
    version = _add_version(article, actor, text)
    record("article.write", actor=actor, target=f"article:{article.pk}", after=state_of(article, version))
    return article


@act("article.save", Refused)
def save_version(*, actor: Principal, article: int, text: Text, placing: Placing, seen: int, uploads: Uploads = ()) -> Version:
    """Save what an article says as a new version; the same text saved again is none. ``seen``: the version that was changed.

    Of an article that is public or was withdrawn this begins a new round; what is public stays so meanwhile.
    """
    present, text = locked(article), _with_uploads(actor, text, uploads).cleaned()
    found = [*stage_problems(present, "save"), *text_problems(text, present.kind), *placing_problems(present, placing)]
    if present.newest_id != seen:
        found.append(problem("PORTAL_CHANGED"))
    refuse(found)
    newest = newest_of(present)
    _place(present, placing)
    if not differs(newest, text):
        present.save()
        record("article.save", actor=actor, target=f"article:{present.pk}", after=placing.digest(), reason="text unchanged")
        return newest
    present.stage, present.author = Stage.DRAFT, actor.account
    present.reviewer = present.issuer = ""
    present.decided_at = None
    version = _add_version(present, actor, text)
    record("article.save", actor=actor, target=f"article:{present.pk}", after=state_of(present, version))
    return version


@act("article.place", Refused)
def place_article(*, actor: Actor, article: int, placing: Placing) -> Article:
    """Say where an article stands and from when to when, leaving its text alone."""
    present = locked(article)
    refuse(placing_problems(present, placing))
    _place(present, placing)
    present.save()
    record("article.place", actor=actor, target=f"article:{present.pk}", after=placing.digest())
    return present


@act("article.submit", Refused)
def submit_article(*, actor: Actor, article: int) -> Article:
    """Hand the newest version to the reviewers: none of its authors."""
    present = locked(article)
    refuse([*stage_problems(present, "submit"), *text_problems(text_of(newest_of(present)), present.kind)])
    present.stage = Stage.REVIEW
    present.save(update_fields=["stage"])
    close_task(f"portal.rework:{present.pk}")
    title = newest_of(present).title
    open_task(
        f"portal.review:{present.pk}", kind="portal.review", title=f"审核：{title}", url=staff_url(present), permission=REVIEW,
        not_by=present.author,
    )  # fmt: skip
    record("article.submit", actor=actor, target=f"article:{present.pk}", after=state_of(present, newest_of(present)))
    return present


@act("article.take-back", Refused)
def take_back(*, actor: Actor, article: int) -> Article:
    """The author takes a text out of the steps to go on writing; what others decided on it counts no more."""
    present = locked(article)
    found = stage_problems(present, "take_back")
    if actor.account != present.author:
        found += right_problems(actor, ISSUE)
    refuse(found)
    present.stage, present.reviewer, present.issuer, present.decided_at = Stage.DRAFT, "", "", None
    present.save(update_fields=["stage", "reviewer", "issuer", "decided_at"])
    end_step_tasks(present)
    record("article.take-back", actor=actor, target=f"article:{present.pk}")
    return present


@act("article.drop", Refused)
def drop_correction(*, actor: Actor, article: int) -> Article:
    """Give up what was written since the publication: the public version is the one to go on from."""
    present = locked(article)
    found = stage_problems(present, "drop")
    if present.public is None:
        found.append(problem("PORTAL_NOT_PUBLIC"))
    refuse(found)
    present.newest, present.stage = present.public, Stage.PUBLISHED
    present.save(update_fields=["newest", "stage"])
    close_task(f"portal.rework:{present.pk}")
    record("article.drop", actor=actor, target=f"article:{present.pk}")
    return present


def newest_of(article: Article) -> Version:
    """The newest version; every article has one."""
    if article.newest is None:
        raise ValueError(f"{article} has no version")
    return article.newest


def text_of(version: Version) -> Text:
    """What a version says."""
    return Text(
        version.title, version.body, version.summary, tuple(filter(None, version.topics.split(","))), version.document_number,
        version.issuing_body, version.issued_on, version.source, files_of(version),
    )  # fmt: skip


def end_step_tasks(article: Article) -> None:
    """Nobody has to decide on it now."""
    for step in ("review", "issue"):
        close_task(f"portal.{step}:{article.pk}")


def staff_url(article: Article) -> str:
    """The address at which it is worked on."""
    return reverse("manage:article", args=[article.pk])


def state_of(article: Article, version: Version) -> str:
    """Digest of where an article stands and what it says."""
    return digest_of({"stage": article.stage, "version": version.number, "title": version.title, "body": version.body})


def _place(article: Article, placing: Placing) -> None:
    article.column_id, article.pinned_until = placing.column, placing.pinned_until
    article.publish_at, article.expires_at = placing.publish_at, placing.expires_at


def _with_uploads(actor: Principal, text: Text, uploads: Uploads) -> Text:
    """The text with files that its editor uploaded; a refusal later in the act gives them back."""
    files = list(text.files)
    for title, number in uploads:
        row = take_upload(actor=actor, number=number, place=ATTACHMENTS)
        kept = StoredFile.objects.get(digest=row.digest)
        files.append(File(title, row.name, row.digest, kept.size, kept.media_type))
    return replace(text, files=tuple(files))


def _add_version(article: Article, actor: Actor, text: Text) -> Version:
    last = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = Version.objects.create(
        article=article, number=last + 1, title=text.title, summary=text.summary, body=text.body, topics=",".join(text.topics),
        document_number=text.document_number, issuing_body=text.issuing_body, issued_on=text.issued_on, source=text.source,
        made_by=actor.account, made_at=now(),
    )  # fmt: skip
    Attachment.objects.bulk_create(
        Attachment(version=version, title=one.title, name=one.name, digest=one.digest, size=one.size, media_type=one.media_type)
        for one in text.files
    )
    article.newest = version
    article.save()
    return version
