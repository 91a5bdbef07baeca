"""Feedback with answers, some late, some open; pushes with their file, and one without."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from random import Random

from django.db import transaction
from django.utils.timezone import localdate

from keheng.kernel.files import FileStore
from keheng.kernel.numbers import draw, written
from keheng.kernel.search.documents import PUBLIC, Document
from keheng.kernel.search.indexing import index
from keheng.kernel.spreadsheets import write_sheet
from keheng.kernel.trail.record import SYSTEM, digest_of, mark, record
from keheng.kernel.uploads.receiving import store
from keheng.portal.actions.feedback import ANSWER_FACET, ANSWER_KIND, SERIES
from keheng.portal.actions.pushes import push_sheet
from keheng.portal.demo import words
from keheng.portal.demo.faults import Fault, Progress, account_of, demo_year, moment
from keheng.portal.enums.feedback import FeedbackState
from keheng.portal.models import Feedback, Push
from keheng.portal.rules.feedback import due_on
from keheng.portal.rules.files import PUSHES

_KEY = 20260302
_BATCH = 500
_MESSAGES = {"small": 40, "full": 400}
# Pushes of the demo year with their reads and how many carry policies (published_figures.md).
_PUSHES = {"small": (13, 11_900, 2), "full": (130, 119_000, 20)}
_KINDS = ("question", "complaint", "question", "advice", "correction", "question")
# The latest messages wait for their answer.
_OPEN = 3
FAULTS = (Fault("reads_without_file", "年末回顾：阅读量没有文件"), Fault("late_answer", "每二十五条留言有一条超期答复"))


def load(*, scale: str, progress: Progress) -> None:
    """Write feedback over the demo year and since, and the year's pushes."""
    random = Random(_KEY)  # noqa: S311 -- the same city every time is what is wanted
    with transaction.atomic():
        rows = _feedback(random, _MESSAGES[scale])
        Feedback.objects.bulk_create(rows, batch_size=_BATCH)
        shown = [row for row in rows if row.published_at]
        index(
            Document(
                ANSWER_KIND,
                row.number,
                row.title,
                f"{row.public_question}\n{row.public_answer}",
                f"/feedback/answers/#{row.number}",
                PUBLIC,
                facets={"kind": ANSWER_FACET},
                weight=0.8,
            )
            for row in shown
        )
        record("demo.feedback", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"feedback": len(rows)}))
    progress("留言 feedback", len(rows), len(rows))
    _pushes(random, scale, progress)


def _feedback(random: Random, count: int) -> list[Feedback]:
    begin, today = date(demo_year(), 1, 1), localdate()
    days = sorted(random.randrange((today - begin).days - _OPEN) for _ in range(count - _OPEN))
    rows = [_message(random, place, begin + timedelta(days=day), today) for place, day in enumerate(days)]
    return [*rows, *(_message(random, count - back, today - timedelta(days=back), today, waits=True) for back in range(_OPEN, 0, -1))]


def _message(random: Random, place: int, day: date, today: date, *, waits: bool = False) -> Feedback:
    title, question, answer = words.QUESTIONS[place % len(words.QUESTIONS)]
    kind, theme = _KINDS[place % len(_KINDS)], random.choice(words.FIELDS)
    number = written(SERIES, day.year, draw(SERIES, day.year))
    due = due_on(kind, day)
    late = place % 25 == 7  # noqa: PLR2004 -- one in twenty-five
    answered = due + timedelta(days=random.randrange(1, 9)) if late else day + timedelta(days=random.randrange(max(1, (due - day).days)))
    done = answered < today and not waits
    body = question.format(field=theme)
    shown = done and place % 3 == 0
    at = moment(answered, random.randrange(9, 18), random.randrange(60))
    received = min(moment(day, random.randrange(8, 22), random.randrange(60)), at) if done else moment(day, 10, random.randrange(60))
    return Feedback(
        number=number, kind=kind, title=title, body=body, name=f"市民{place + 1}",
        contact=f"demo{place + 1}@yunling.example" if place % 2 else "", address_mark=mark(f"demo {place}"),
        code_mark=mark(f"{number}:DEMO2345"), received_at=received, due_on=due,
        state=FeedbackState.ANSWERED if done else FeedbackState.OPEN, answer=answer if done else "", answered_at=at if done else None,
        answered_by=account_of("editor") if done else "", public_question=body if shown else "", public_answer=answer if shown else "",
        published_by=account_of("issuer") if shown else "", published_at=at if shown else None,
    )  # fmt: skip


def _pushes(random: Random, scale: str, progress: Progress) -> None:
    """The year's pushes with exactly so many reads, and the sheet that shows them; one more that no file shows."""
    count, total, policies = _PUSHES[scale]
    weights = [random.uniform(0.4, 2.2) for _ in range(count)]
    begin, rows, reads, before = date(demo_year(), 1, 1), [], 0, 0.0
    for place, weight in enumerate(weights):
        before += weight
        upto = round(total * before / sum(weights)) if place < count - 1 else total
        title = words.TITLES["notices"][place % 4].format(field=words.FIELDS[place % 10], n=place + 1)
        day = begin + timedelta(days=place * 363 // count)
        rows.append(
            {
                "title": title,
                "channel": "云岭科创公众号",
                "audience": "企业和科技人员",
                "pushed_on": day,
                "reads": upto - reads,
                "is_policy": place < policies,
            }
        )
        reads = upto
    kept = FileStore(store().folder).keep(BytesIO(write_sheet(push_sheet(), rows)), PUSHES.limits)
    facts = {"made_by": account_of("editor"), "made_at": moment(date(demo_year(), 12, 30), 16, 0)}
    with transaction.atomic():
        Push.objects.bulk_create([Push(**row, digest=kept.digest, **facts) for row in rows], batch_size=_BATCH)
        Push.objects.create(
            title="年末回顾",
            channel="云岭科创视频号",
            audience="公众",
            pushed_on=date(demo_year(), 12, 29),
            reads=50_000,
            digest="",
            **facts,
        )
        record("demo.pushes", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"pushes": count, "reads": total}))
    progress("推送 pushes", count + 1, count + 1)
