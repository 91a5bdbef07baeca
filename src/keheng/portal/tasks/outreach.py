"""Jobs of outreach: activities move on by the clock, people are reminded, short messages are sent, answers are shuffled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.portal.actions.activities import advance_activities
from keheng.portal.actions.notices import SEND, SEND_VISIT
from keheng.portal.actions.reminding import remind, send_notice, send_survey, send_visit
from keheng.portal.actions.surveys import SEND as SEND_SURVEY
from keheng.portal.actions.surveys import gather_answers


@job("portal.advance_activities", atomic=False)
def _advance(_payload: Mapping[str, Any]) -> None:
    advance_activities()


@job("portal.remind", atomic=False)
def _remind(_payload: Mapping[str, Any]) -> None:
    remind()


@job("portal.gather_answers", atomic=False)
def _gather(_payload: Mapping[str, Any]) -> None:
    gather_answers()


@job(SEND_SURVEY)
def _send_survey(payload: Mapping[str, Any]) -> None:
    send_survey(payload)


@job(SEND_VISIT)
def _send_visit(payload: Mapping[str, Any]) -> None:
    send_visit(payload)


job(SEND)(send_notice)
every(timedelta(minutes=5), "portal.gather_answers")
every(timedelta(minutes=1), "portal.advance_activities")
every(timedelta(minutes=5), "portal.remind")
