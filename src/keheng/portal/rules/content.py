"""What is wrong with a text, with a step, with a column or a redirect: all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.utils.timezone import localdate, now

from keheng.kernel.errors import Problem, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor, digest_of
from keheng.portal.enums.content import STEP_OF_STAGE, ArticleKind, Decision, Language, Stage, Step, topics
from keheng.portal.models import Article, Column, OutsideApproval, Redirect, Version
from keheng.portal.rules.html import is_empty, sanitised, unnamed_pictures

SEE, WRITE, REVIEW, ISSUE, WITHDRAW = (f"portal.article.{act}" for act in ("see", "write", "review", "issue", "withdraw"))
STEP_PERMISSION = {Step.REVIEW: REVIEW, Step.ISSUE: ISSUE}
_SHORTEST_TITLE, LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_BODY = 4, 120, 300, 400_000
# From which stages an act leads on.
MAY: dict[str, frozenset[str]] = {
    "save": frozenset({Stage.DRAFT, Stage.PUBLISHED, Stage.WITHDRAWN}),
    "submit": frozenset({Stage.DRAFT}),
    "take_back": frozenset({Stage.REVIEW, Stage.ISSUE, Stage.SCHEDULED}),
    "drop": frozenset({Stage.DRAFT}),
    Step.REVIEW: frozenset({Stage.REVIEW}),
    Step.ISSUE: frozenset({Stage.ISSUE}),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a text: its name to be read out, and what it is."""

    title: str
    name: str
    digest: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says."""

    title: str
    body: str
    summary: str = ""
    topics: tuple[str, ...] = ()
    document_number: str = ""
    issuing_body: str = ""
    issued_on: date | None = None
    source: str = ""
    files: tuple[File, ...] = ()

    def cleaned(self) -> Text:
        """The same, trimmed and sanitised."""
        return replace(
            self, title=" ".join(self.title.split()), summary=self.summary.strip(), body=sanitised(self.body),
            topics=tuple(dict.fromkeys(self.topics)), document_number=self.document_number.strip(), issuing_body=self.issuing_body.strip(),
            source=self.source.strip(), files=tuple(replace(one, title=" ".join(one.title.split())) for one in self.files),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an article stands on the site and from when to when."""

    column: int
    publish_at: datetime | None = None
    expires_at: datetime | None = None
    pinned_until: date | None = None

    def digest(self) -> str:
        """For the trail."""
        return digest_of(asdict(self))


def text_problems(text: Text, kind: str) -> list[Problem]:
    """Everything wrong with a cleaned text of a kind."""
    found = []
    if len(text.title) < _SHORTEST_TITLE:
        found.append(problem("PORTAL_TITLE_SHORT", "title", least=_SHORTEST_TITLE))
    for field, value, most in (
        ("title", text.title, LONGEST_TITLE),
        ("summary", text.summary, LONGEST_SUMMARY),
        ("body", text.body, LONGEST_BODY),
    ):
        if len(value) > most:
            found.append(problem("PORTAL_TOO_LONG", field, most=most))
    if is_empty(text.body):
        found.append(problem("PORTAL_BODY_EMPTY", "body"))
    if count := unnamed_pictures(text.body):
        found.append(problem("PORTAL_PICTURE_UNNAMED", "body", count=count))
    if unknown := set(text.topics) - topics().keys():
        found.append(problem("PORTAL_TOPIC_UNKNOWN", "topics", codes="、".join(sorted(unknown))))
    if any(not one.title for one in text.files):
        found.append(problem("PORTAL_FILE_UNNAMED", "files"))
    return [*found, *_policy_problems(text, kind)]


def _policy_problems(text: Text, kind: str) -> list[Problem]:
    """A policy without number, issuing body and day cannot be cited; a day to come is not one of issue."""
    found = []
    if kind == ArticleKind.POLICY:
        if not text.issuing_body:
            found.append(problem("PORTAL_POLICY_BODY", "issuing_body"))
        if text.issued_on is None:
            found.append(problem("PORTAL_POLICY_DAY", "issued_on"))
    if text.issued_on is not None and text.issued_on > localdate():
        found.append(problem("PORTAL_DAY_TO_COME", "issued_on"))
    return found


def translation_problems(original: Article | None, language: str) -> list[Problem]:
    """A translation is of an original and of no translation, and each language has one."""
    found = []
    if original is not None:
        if original.original_id is not None:
            found.append(problem("PORTAL_NOT_ORIGINAL", "language"))
        if original.language == language or original.translations.filter(language=language).exists():
            found.append(problem("PORTAL_TRANSLATED", "language"))
    return found


def placing_problems(article: Article, placing: Placing) -> list[Problem]:
    """The column is open to the language; nothing goes out in the past, so that no date is faked; a time that passed may stay."""
    column = Column.objects.filter(pk=placing.column).first()
    if column is None:
        return [problem("PORTAL_COLUMN_GONE", "column")]
    found, moment = [], now()
    if article.language not in Language.values or article.language not in column.languages.split(","):
        found.append(problem("PORTAL_LANGUAGE_CLOSED", "language", column=column.title))
    goes_out, ends, pinned = placing.publish_at, placing.expires_at, placing.pinned_until
    if goes_out is not None and goes_out != article.publish_at and goes_out <= moment:
        found.append(problem("PORTAL_TIME_PAST", "publish_at"))
    if ends is not None and ends != article.expires_at and ends <= max(moment, goes_out or moment):
        found.append(problem("PORTAL_EXPIRES_EARLY", "expires_at"))
    if pinned is not None and pinned != article.pinned_until and pinned < localdate():
        found.append(problem("PORTAL_PIN_PAST", "pinned_until"))
    if goes_out != article.publish_at and article.stage == Stage.SCHEDULED:
        found.append(problem("PORTAL_STAGE", "publish_at", stage=article.get_stage_display()))
    return found


def stage_problems(article: Article, act: str) -> list[Problem]:
    """The act must be open at the article's present stage."""
    return [] if article.stage in MAY[act] else [problem("PORTAL_STAGE", "", stage=article.get_stage_display())]


def authors_of(article: Article) -> set[str]:
    """Everybody who wrote at what is not public yet."""
    since = article.public.number if article.public is not None else 0
    return set(article.versions.filter(number__gt=since).values_list("made_by", flat=True)) | {article.author}


def reviewers_of(article: Article) -> set[str]:
    """Who reviewed the round under way: whoever handed the review to somebody outside counts as well."""
    kind, _, number = article.reviewer.partition(":")
    if kind != "outside":
        return {article.reviewer}
    return {article.reviewer, *OutsideApproval.objects.filter(pk=number).values_list("invited_by", flat=True)}


def step_problems(article: Article, version: int, step: str, by: str, decision: str, reason: str) -> list[Problem]:
    """Who wrote decides nothing, who reviewed does not issue, what was read is what is decided on, and a return says why."""
    found = stage_problems(article, step)
    if article.newest_id != version:
        found.append(problem("PORTAL_CHANGED"))
    if not by or by in authors_of(article):
        found.append(problem("PORTAL_OWN_TEXT"))
    if step == Step.ISSUE and by in reviewers_of(article):
        found.append(problem("PORTAL_SAME_PERSON"))
    if decision not in Decision.values:
        found.append(problem("PORTAL_DECISION", "decision"))
    if decision == Decision.RETURNED and not reason.strip():
        found.append(problem("PORTAL_REASON_MISSING", "reason"))
    return found


def may_decide(actor: Principal, article: Article) -> str:
    """The step that the page offers to somebody; '' for none."""
    step = STEP_OF_STAGE.get(article.stage)
    if step is None or not actor.may(STEP_PERMISSION[step]) or actor.account in authors_of(article):
        return ""
    return "" if step == Step.ISSUE and actor.account in reviewers_of(article) else step


def right_problems(actor: Actor, permission: str) -> list[Problem]:
    """A step done for somebody by their account needs the permission of that step."""
    if isinstance(actor, Principal) and not actor.may(permission):
        return [problem("PORTAL_NO_RIGHT")]
    return []


def redirect_problems(old: str, new: str, others: Iterable[Redirect]) -> list[Problem]:
    """Both are addresses of the site, and following the new one never leads back."""
    found = []
    for field, value in (("old", old), ("new", new)):
        if not value.startswith("/") or value.startswith("//") or "\\" in value or len(value) > 300:  # noqa: PLR2004 -- the column's length
            found.append(problem("PORTAL_ADDRESS", field))
    leads = {one.old: one.new for one in others if one.old != old}
    place, seen = new, {old}
    while place not in seen and place in leads:
        seen.add(place)
        place = leads[place]
    if place in seen:
        found.append(problem("PORTAL_REDIRECT_LOOP", "new"))
    return found


def differs(version: Version, text: Text) -> bool:
    """Whether a text says anything else than a version."""
    files = tuple((one.title, one.digest) for one in version.attachments.all())
    before = (
        version.title, version.summary, version.body, version.topics, version.document_number, version.issuing_body, version.issued_on,
        version.source, files,
    )  # fmt: skip
    after = (
        text.title, text.summary, text.body, ",".join(text.topics), text.document_number, text.issuing_body, text.issued_on, text.source,
        tuple((one.title, one.digest) for one in text.files),
    )  # fmt: skip
    return before != after
