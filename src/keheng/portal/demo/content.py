"""Columns, articles with their versions and publications, and work in hand for each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import localdate, now

from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.search.indexing import index
from keheng.kernel.trail.record import SYSTEM, digest_of, record
from keheng.portal.actions.articles import submit_article, write_article
from keheng.portal.actions.steps import decide_step
from keheng.portal.demo import words
from keheng.portal.demo.faults import Fault, Progress, account_of, demo_year, moment
from keheng.portal.enums.content import Stage
from keheng.portal.models import Article, ArticleTopic, Column, Publication, Review, Version
from keheng.portal.queries.documents import documents_of
from keheng.portal.rules.content import Placing, Text

_KEY = 20260301
_BATCH = 500
# Of the demo year: articles first published, and all publications with corrections (published_figures.md).
_SIZES = {"small": (60, 94), "full": (600, 945)}
_SHARES = (
    ("news", 34), ("notices", 26), ("policies", 8), ("interpretations", 6), ("guides", 5), ("talent", 8),
    ("foreign-experts", 6), ("popular-science", 5),
)  # fmt: skip
_YEARLY = ("annual-reports",)
_ONCE = (*_YEARLY, "disclosure-guide", "organisation")
_STALE, _UNTRANSLATED = "popular-science", "foreign-experts"
FAULTS = (
    Fault("stale_column", "科学普及：一百天没有更新"),
    Fault("untranslated", "外国人来华工作：一部分文章没有外文"),
)


@dataclass(slots=True)
class Draft:
    """An article to be written: where, what, when first published, when corrected."""

    column: str
    number: int
    theme: str
    place: str
    at: datetime
    language: str = "zh-hans"
    original: Draft | None = None
    corrections: list[datetime] = field(default_factory=list)
    row: Article = field(default_factory=Article)


def load(*, scale: str, progress: Progress) -> None:
    """Write columns and articles; then a few pieces of work in hand, by the acts themselves."""
    random = Random(_KEY)  # noqa: S311 -- the same city every time is what is wanted
    columns = _columns()
    first, updates = _SIZES[scale]
    year, today = demo_year(), localdate()
    drafts = _year(random, year, date(year, 1, 1), date(year, 12, 31), first, updates - first)
    passed = (today - date(year + 1, 1, 1)).days
    more = max(4, first * passed // 365)
    drafts += (
        _year(random, year + 1, date(year + 1, 1, 1), today - timedelta(days=1), more, more * (updates - first) // first) if passed else []
    )
    with transaction.atomic():
        _write(columns, drafts, progress)
        record("demo.portal", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"articles": len(drafts)}))
    _work_in_hand(columns)
    progress("文章 articles", len(drafts), len(drafts))


def _columns() -> dict[str, Column]:
    made: dict[str, Column] = {}
    owner = account_of("editor")
    for slug, title, en, ja, ko, kind, parent, age, order, icon, languages in words.COLUMNS:
        made[slug] = Column.objects.create(
            slug=slug, title=title, title_en=en, title_ja=ja, title_ko=ko, kind=kind, parent=made.get(parent), greatest_age=age,
            order=order, icon=icon, languages=languages, owner=owner,
        )  # fmt: skip
    return made


def _year(random: Random, year: int, begin: date, end: date, count: int, corrections: int) -> list[Draft]:
    """So many articles and corrections between two days, translations among them; exactly so many."""
    days = (end - begin).days + 1
    stale_after = localdate() - timedelta(days=100)
    names, shares = zip(*_SHARES, strict=True)
    once = _ONCE if year == demo_year() else _YEARLY
    drafts = [_draft(random, slug, year, min(end, begin + timedelta(days=20 + 3 * place))) for place, slug in enumerate(once)]
    if year != demo_year():
        recent = enumerate((row[0] for row in words.COLUMNS if row[7] and row[0] not in {_STALE, *_YEARLY}), 1)
        drafts += [_draft(random, slug, 100 + place, max(begin, end - timedelta(days=4 * place))) for place, slug in recent]
    while len(drafts) < count:
        # The last days have news, so that the front page is not stale.
        day = begin + timedelta(days=days - 1 - len(drafts) if len(drafts) < 3 and year != demo_year() else random.randrange(days))  # noqa: PLR2004 -- three is enough
        slug = "news" if day > end - timedelta(days=4) else random.choices(names, shares)[0]
        if slug == _STALE and day > stale_after:
            slug = "talent"
        one = _draft(random, slug, len(drafts) + 1, day)
        drafts.append(one)
        languages = next(row[-1] for row in words.COLUMNS if row[0] == slug).split(",")[1:]
        wanted = random.random()
        for place, language in enumerate(languages):
            # Guides for foreigners are mostly translated; that some are not is one of the faults.
            chance = (0.8 if slug == _UNTRANSLATED else 0.18) / (1 + 0.6 * place)
            if wanted < chance and len(drafts) < count:
                later = min(one.at + timedelta(days=1 + place), moment(end, 18, 0))
                drafts.append(Draft(slug, one.number, one.theme, one.place, max(later, one.at), language, one))
    corrected = [one for one in drafts if one.at < moment(end, 12, 0)]
    for _ in range(corrections):
        one = random.choice(corrected)
        if one.column == _STALE and one.at.date() <= stale_after:
            one = next(other for other in corrected if other.column != _STALE)
        last = one.corrections[-1] if one.corrections else one.at
        room = int((moment(end, 23, 0) - last).total_seconds()) // 60
        one.corrections.append(last + timedelta(minutes=random.randrange(1, max(2, min(room, 60 * 24 * 20)))))
    return drafts


def _draft(random: Random, slug: str, number: int, day: date) -> Draft:
    at = moment(day, random.randrange(9, 18), random.randrange(60))
    return Draft(slug, number, random.choice(words.FIELDS), random.choice(words.PLACES), at)


def _title(draft: Draft) -> str:
    if draft.language != "zh-hans":
        named = words.FIELD_NAMES[draft.language][words.FIELDS.index(draft.theme)]
        return words.TRANSLATED[draft.language][0].format(field=named, n=draft.number)
    options = words.TITLES[draft.column]
    return options[draft.number % len(options)].format(place=draft.place, field=draft.theme, n=draft.number)


def _body(draft: Draft, corrections: int) -> str:
    if draft.language != "zh-hans":
        return "".join(f"<p>{one}</p>" for one in words.TRANSLATED[draft.language][1])
    begin = draft.number % 3
    chosen = [words.PARAGRAPHS[(begin + place) % len(words.PARAGRAPHS)].format(place=draft.place, field=draft.theme) for place in range(4)]
    body = f"<p>{chosen[0]}</p><h2>主要内容</h2><p>{chosen[1]}</p><p>{chosen[2]}</p>"
    if draft.column in {"guides", "notices", "foreign-experts"}:
        body += f"<h2>怎么办</h2><ol>{''.join(f'<li>{step}</li>' for step in words.STEPS)}</ol>"
    body += f"<p>{chosen[3]}</p><p>{words.PARAGRAPHS[-1]}</p>"
    return body + "".join(f"<p>{words.CORRECTIONS[place % len(words.CORRECTIONS)]}</p>" for place in range(corrections))


def _kind(slug: str) -> str:
    return {"policies": "policy", "notices": "notice", "guides": "guide", "foreign-experts": "guide"}.get(slug, "article")


def _write(columns: dict[str, Column], drafts: list[Draft], progress: Progress) -> None:
    author, reviewer, issuer = (account_of(role) for role in ("editor", "reviewer", "issuer"))
    for draft in drafts:
        draft.row = Article(
            column=columns[draft.column], kind=_kind(draft.column), language=draft.language, stage=Stage.PUBLISHED, author=author,
            reviewer=reviewer, issuer=issuer, created_at=draft.at - timedelta(days=1), first_published_at=draft.at,
            published_at=(draft.corrections or [draft.at])[-1], decided_at=draft.at - timedelta(hours=2),
        )  # fmt: skip
    Article.objects.bulk_create([draft.row for draft in drafts], batch_size=_BATCH)
    for draft in drafts:
        draft.row.original = draft.original.row if draft.original else None
    made = [(draft, version, at) for draft in drafts for version, at in _versions(draft, author)]
    versions = Version.objects.bulk_create([version for _, version, _ in made], batch_size=_BATCH)
    progress("版本 versions", len(versions), len(versions))
    for draft, version, _ in made:
        draft.row.newest = draft.row.public = version
    Article.objects.bulk_update([draft.row for draft in drafts], ["newest", "public", "original"], batch_size=_BATCH)
    Publication.objects.bulk_create(
        [
            Publication(
                article=draft.row, version=version, first=version.number == 1, author=author, reviewer=reviewer, issuer=issuer,
                decided_at=at - timedelta(minutes=30 + 37 * draft.number % 600), published_at=at,
            )
            for draft, version, at in made
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    Review.objects.bulk_create(
        [
            Review(version=version, step=step, decision="approved", by=by, at=at - timedelta(minutes=minutes))
            for _, version, at in made
            for step, by, minutes in (("review", reviewer, 30), ("issue", issuer, 1))
        ],
        batch_size=_BATCH,
    )
    ArticleTopic.objects.bulk_create(
        [ArticleTopic(article=draft.row, topic=words.TOPIC_OF[draft.theme]) for draft in drafts], batch_size=_BATCH
    )
    index(documents_of(draft.row for draft in drafts))


def _versions(draft: Draft, author: str) -> Iterator[tuple[Version, datetime]]:
    policy = draft.column == "policies" and draft.language == "zh-hans"
    for place, at in enumerate([draft.at, *draft.corrections]):
        body = _body(draft, place)
        summary = "" if draft.number % 4 == 0 else body.split("</p>", 1)[0].removeprefix("<p>")
        yield Version(
            article=draft.row, number=place + 1, title=_title(draft), summary=summary, body=body, topics=words.TOPIC_OF[draft.theme],
            document_number=f"云科规〔{draft.at.year}〕{draft.number} 号" if policy else "",
            issuing_body=words.BODIES[draft.number % len(words.BODIES)] if draft.column == "policies" else "",
            issued_on=draft.at.date() - timedelta(days=6) if draft.column == "policies" else None,
            source=words.BODIES[0] if draft.column == "news" else "", made_by=author, made_at=at - timedelta(hours=3),
        ), at  # fmt: skip


def _work_in_hand(columns: dict[str, Column]) -> None:
    """A draft, one to review, one to issue, one that waits for its time: each role finds something to do."""
    editor, reviewer, issuer = (_principal(role, act) for role, act in (("editor", "write"), ("reviewer", "review"), ("issuer", "issue")))
    body = "<p>翠湖新城将举办云岭市（虚构）科技成果对接会，欢迎报名参加。</p><h2>时间和地点</h2><p>时间另行通知，地点为翠湖会展中心。</p>"
    titles = ("科技成果对接会预告（草稿）", "科技成果对接会报名通知", "科技成果对接会参展指南", "科技成果对接会日程")
    for place, title in enumerate(titles):
        later = now() + timedelta(days=3) if place == len(titles) - 1 else None
        text = Text(title=title, body=body, summary="科技成果对接会的安排。", topics=("transfer",))
        row = write_article(actor=editor, kind="notice", text=text, placing=Placing(columns["notices"].pk, publish_at=later))
        if place >= 1:
            row = submit_article(actor=editor, article=row.pk)
        if place > 1:
            row = decide_step(actor=reviewer, article=row.pk, version=row.newest_id or 0, step="review", decision="approved")
        if place == len(titles) - 1:
            decide_step(actor=issuer, article=row.pk, version=row.newest_id or 0, step="issue", decision="approved")


def _principal(role: str, act: str) -> Principal:
    return Principal(account_of(role), powers=(Power(f"portal.article.{act}", Reach.ALL),))
