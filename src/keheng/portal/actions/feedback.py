"""Feedback: received with a number and a clock, answered, published without personal data; and erased."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import override

from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.numbers import draw, written
from keheng.kernel.search.documents import PUBLIC, Document
from keheng.kernel.search.indexing import index, remove
from keheng.kernel.trail.record import Actor, act, digest_of, mark, record
from keheng.portal.actions.articles import refuse
from keheng.portal.enums.content import CHINESE
from keheng.portal.enums.feedback import FeedbackKind, FeedbackState
from keheng.portal.events.content import FeedbackAnswered
from keheng.portal.models import Feedback
from keheng.portal.queries.visits import midnight
from keheng.portal.rules.feedback import (
    ANSWER,
    answer_problems,
    due_on,
    message_problems,
    page_of_site,
    publish_problems,
    rate_problems,
)

SERIES, ANSWER_KIND, ANSWER_FACET = "LY", "portal.answer", "answer"
# Without letters and digits that are taken for one another.
_CODE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody writes to us."""

    kind: str
    title: str
    body: str
    name: str = ""
    contact: str = ""
    about: str = ""
    page: str = ""
    language: str = CHINESE


@act("feedback.receive", Refused)
def receive_feedback(*, actor: Actor, message: Message) -> tuple[Feedback, str]:
    """Take a message in; the row and the code that opens its answer, which is told this once."""
    title, body, contact = message.title.strip(), message.body.strip(), message.contact.strip()
    address = mark(f"feedback {actor.address}")
    refuse([*message_problems(message.kind, title, body, contact, message.about.strip()), *rate_problems(address)])
    today, code = localdate(), "".join(secrets.choice(_CODE) for _ in range(8))
    number = written(SERIES, today.year, draw(SERIES, today.year))
    row = Feedback.objects.create(
        number=number, kind=message.kind, language=message.language, title=title, body=body, name=message.name.strip()[:40],
        contact=contact, about=message.about.strip(), page=page_of_site(message.page),
        account=actor.account, address_mark=address, code_mark=mark(f"{number}:{code}"),
        received_at=now(), due_on=due_on(message.kind, today),
    )  # fmt: skip
    with override(CHINESE):
        kind_zh = str(FeedbackKind(row.kind).label)
    open_task(
        f"portal.feedback:{row.pk}", kind="portal.feedback", title=f"答复{kind_zh}：{row.number}",
        url=reverse("manage:feedback", args=[row.pk]), permission=ANSWER, due_at=midnight(row.due_on + timedelta(days=1)),
    )  # fmt: skip
    record("feedback.receive", actor=actor, target=f"feedback:{row.pk}", after=digest_of({"number": number, "kind": row.kind}))
    return row, code


@act("feedback.answer", Refused)
def answer_feedback(*, actor: Actor, feedback: int, answer: str) -> Feedback:
    """Answer a message, once; a writer who had signed in is told."""
    row = Feedback.objects.select_for_update().get(pk=feedback)
    refuse(answer_problems(row, answer))
    row.answer, row.answered_by, row.answered_at, row.state = answer.strip(), actor.account, now(), FeedbackState.ANSWERED
    row.save(update_fields=["answer", "answered_by", "answered_at", "state"])
    close_task(f"portal.feedback:{row.pk}")
    if row.account:
        with override(row.language):
            title, url = _("您的留言 %(number)s 有了答复") % {"number": row.number}, reverse("portal:feedback-query")
        tell([row.account], kind="portal.feedback", key=f"portal.feedback:{row.pk}", title=title, url=url)
    emit(FeedbackAnswered(row.pk))
    record("feedback.answer", actor=actor, target=f"feedback:{row.pk}", after=digest_of({"answer": row.answer}))
    return row


@act("feedback.publish", Refused)
def publish_answer(*, actor: Actor, feedback: int, title: str, public_question: str, public_answer: str) -> Feedback:
    """Publish a question with its answer, in words without personal data."""
    row = Feedback.objects.select_for_update().get(pk=feedback)
    refuse(publish_problems(row, title, public_question, public_answer))
    row.title, row.public_question, row.public_answer = title.strip(), public_question.strip(), public_answer.strip()
    row.published_by, row.published_at = actor.account, row.published_at or now()
    row.save(update_fields=["title", "public_question", "public_answer", "published_by", "published_at"])
    url = f"{reverse('portal:feedback-answers')}#{row.number}"
    index(
        [
            Document(
                ANSWER_KIND,
                row.number,
                row.title,
                f"{row.public_question}\n{row.public_answer}",
                url,
                PUBLIC,
                facets={"kind": ANSWER_FACET},
                weight=0.8,
            )
        ]
    )
    record("feedback.publish", actor=actor, target=f"feedback:{row.pk}", after=digest_of({"question": row.public_question}))
    return row


@act("feedback.unpublish", Refused)
def unpublish_answer(*, actor: Actor, feedback: int) -> Feedback:
    """Take a published answer off the site."""
    row = Feedback.objects.select_for_update().get(pk=feedback)
    row.public_question, row.public_answer, row.published_by, row.published_at = "", "", "", None
    row.save(update_fields=["public_question", "public_answer", "published_by", "published_at"])
    remove(ANSWER_KIND, [row.number])
    record("feedback.unpublish", actor=actor, target=f"feedback:{row.pk}")
    return row


def blank_feedback(rows: Iterable[Feedback], actor: Actor) -> int:
    """Blank who wrote and what they wrote, inside the caller's act; what was published without personal data stays. How many."""
    done = 0
    for row in rows:
        row.name = row.contact = row.account = row.about = ""
        row.body, row.erased_at = "", now()
        row.title = row.title if row.published_at else str(FeedbackKind(row.kind).label)
        row.save(update_fields=["name", "contact", "account", "about", "body", "title", "erased_at"])
        record("feedback.erase", actor=actor, target=f"feedback:{row.pk}")
        done += 1
    return done
