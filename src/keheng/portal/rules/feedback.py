"""What is wrong with a message, with an answer, with a text that is to be published."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.timezone import localdate, now

from keheng.kernel.errors import Problem, problem
from keheng.kernel.personal.log_filter import redacted
from keheng.kernel.working_days import working_calendar
from keheng.portal.enums.content import definition
from keheng.portal.enums.feedback import FeedbackKind, FeedbackState
from keheng.portal.models import Feedback
from keheng.portal.models.feedback import ABOUT_LENGTH

FEEDBACK_SEE, ANSWER, PUBLISH = "portal.feedback.see", "portal.feedback.answer", "portal.feedback.publish"
_SHORTEST_TITLE, _SHORTEST_BODY, LONGEST_TITLE, LONGEST_BODY = 2, 5, 80, 5_000
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,19}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_SHORTEST_NAME = 2


def message_problems(kind: str, title: str, body: str, contact: str, about: str = "") -> list[Problem]:
    """Everything wrong with what was written."""
    found = []
    if kind not in FeedbackKind.values:
        found.append(problem("PORTAL_KIND_UNKNOWN", "kind"))
    for field, text, least, most in (("title", title, _SHORTEST_TITLE, LONGEST_TITLE), ("body", body, _SHORTEST_BODY, LONGEST_BODY)):
        if len(text) < least:
            found.append(problem("PORTAL_WORDS_SHORT", field, least=least))
        if len(text) > most:
            found.append(problem("PORTAL_TOO_LONG", field, most=most))
    if len(about) > ABOUT_LENGTH:
        found.append(problem("PORTAL_TOO_LONG", "about", most=ABOUT_LENGTH))
    if contact and not _PHONE.fullmatch(contact) and not _EMAIL.fullmatch(contact):
        found.append(problem("PORTAL_CONTACT", "contact"))
    return found


def page_of_site(address: str) -> str:
    """The address where it is one of this site; '' for any other, which staff shall not be led to."""
    path = address.strip()[:300]
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""


def rate_problems(address_mark: str) -> list[Problem]:
    """One network address writes so often a day; shared offices included, so that the limit is not small."""
    most = definition("site")["feedback"]["per_address_a_day"]
    today = Feedback.objects.filter(address_mark=address_mark, received_at__gt=now() - timedelta(days=1)).count()
    return [problem("PORTAL_TOO_MANY")] if today >= most else []


def answer_problems(feedback: Feedback, answer: str) -> list[Problem]:
    """An answer is given once and says something."""
    found = []
    if feedback.state == FeedbackState.ANSWERED:
        found.append(problem("PORTAL_ANSWERED"))
    if len(answer.strip()) < _SHORTEST_BODY:
        found.append(problem("PORTAL_WORDS_SHORT", "answer", least=_SHORTEST_BODY))
    return found


def publish_problems(feedback: Feedback, title: str, question: str, answer: str) -> list[Problem]:
    """What is published names nobody: no numbers, addresses, nor the writer's name (个人信息保护法 art. 25)."""
    found = []
    if feedback.state != FeedbackState.ANSWERED:
        found.append(problem("PORTAL_NOT_ANSWERED"))
    for field, text in (("title", title), ("public_question", question), ("public_answer", answer)):
        if len(text.strip()) < _SHORTEST_TITLE:
            found.append(problem("PORTAL_WORDS_SHORT", field, least=_SHORTEST_TITLE))
        if redacted(text) != text:
            found.append(problem("PORTAL_PERSONAL_LEFT", field, found=redacted(text)[:60]))
        if len(feedback.name) >= _SHORTEST_NAME and feedback.name in text:
            found.append(problem("PORTAL_NAME_LEFT", field))
    return found


def due_on(kind: str, received: date) -> date:
    """The last day of the promised time: working days of the kind after the day of receipt."""
    days = definition("site")["feedback"]["working_days"]
    return working_calendar().add(received, int(days[kind]))


def is_late(feedback: Feedback) -> bool:
    """Whether an answer came, or would come today, after its time."""
    answered = feedback.answered_at
    return (localdate(answered) if answered else localdate()) > feedback.due_on
