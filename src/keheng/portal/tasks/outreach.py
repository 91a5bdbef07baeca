"""Jobs of outreach: activities move on by the clock, people are reminded, short messages are sent, answers are shuffled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.portal.actions.activities import advance_activities
from keheng.portal.actions.notices import SEND
from keheng.portal.actions.reminding import remind, send_notice


@job("portal.advance_activities", atomic=False)
def _advance(_payload: Mapping[str, Any]) -> None:
    advance_activities()


@job("portal.remind", atomic=False)
def _remind(_payload: Mapping[str, Any]) -> None:
    remind()


job(SEND)(send_notice)
every(timedelta(minutes=1), "portal.advance_activities")
every(timedelta(minutes=5), "portal.remind")
