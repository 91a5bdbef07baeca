"""Signed texts that open one registration or one visit: in links, in tickets, in lists that leave the house.

A ticket tells nothing but a number and a signature, so that a list of them can be checked without a connection.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from keheng.kernel.row_numbers import whole

_TICKET, _LINK, _VISIT, _SURVEY, _LIST = (f"portal.{name}" for name in ("ticket", "registration", "visit", "survey", "list"))


def _signed(salt: str, text: str) -> str:
    return Signer(salt=salt).sign(text)


def _opened(salt: str, text: str) -> str:
    try:
        return Signer(salt=salt).unsign(text.strip())
    except BadSignature:
        return ""


def ticket_of(registration: int) -> str:
    """What the code on a ticket says."""
    return _signed(_TICKET, str(registration))


def registration_on(ticket: str) -> int | None:
    """The registration of a ticket; None for what is none of ours."""
    return whole(_opened(_TICKET, ticket))


def link_of(registration: int) -> str:
    """The text that opens a registration to whoever made it."""
    return _signed(_LINK, str(registration))


def registration_behind(text: str) -> int | None:
    """The registration that a link opens."""
    return whole(_opened(_LINK, text))


def visit_link(visit: int) -> str:
    """The text that opens a visit to whoever booked it."""
    return _signed(_VISIT, str(visit))


def visit_behind(text: str) -> int | None:
    """The visit that a link opens."""
    return whole(_opened(_VISIT, text))


def survey_token(survey: int, ref: str) -> str:
    """The token of one participant of a survey."""
    return _signed(_SURVEY, f"{survey}/{ref}")


def participant_of(survey: int, token: str) -> str:
    """The participant that a token of this survey stands for; '' for what is none of ours."""
    number, _, ref = _opened(_SURVEY, token).partition("/")
    return ref if number == str(survey) else ""


def list_signature(content: str) -> str:
    """The signature of a list of a session that leaves the house."""
    return Signer(salt=_LIST).signature(content)
