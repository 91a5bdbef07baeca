"""Jobs of matters: terms lapse every hour, clocks remind each day, copies of due dates follow the calendar, guides are found.

What ended goes into the archive; its packages are looked at again each year, and destroyed after their term when two people say so.
Policies are matched when they, the facts or the day are others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from keheng.kernel.jobs.registry import every, job
from keheng.matters.actions.disposing import CARRY_OUT, carry_out, carry_out_all
from keheng.matters.actions.fact_changes import MATCH
from keheng.matters.actions.follow_ups import follow_dues
from keheng.matters.actions.importing import JOB, forget_answers, run_import
from keheng.matters.actions.matching import OFFERS, follow_changes
from keheng.matters.service import (
    archive_ended,
    check_due,
    close_days,
    follow_calendar,
    follow_offers,
    follow_policies,
    lapse_due,
    publish_guides,
    remind_due,
)


@job("matters.lapse", atomic=False)
def _lapse(_payload: Mapping[str, Any]) -> None:
    lapse_due()


@job("matters.remind", atomic=False)
def _remind(_payload: Mapping[str, Any]) -> None:
    remind_due()


@job("matters.follow_calendar", atomic=False)
def _follow(_payload: Mapping[str, Any]) -> None:
    follow_calendar()
    follow_dues(localdate())


@job("matters.publish_guides")
def _publish(_payload: Mapping[str, Any]) -> None:
    publish_guides()


@job("matters.close_days", atomic=False)
def _close_days(_payload: Mapping[str, Any]) -> None:
    close_days()


@job("matters.archive", atomic=False)
def _archive(_payload: Mapping[str, Any]) -> None:
    archive_ended()


@job("matters.check_archives", atomic=False)
def _check(_payload: Mapping[str, Any]) -> None:
    check_due()


@job(CARRY_OUT, atomic=False)
def _destroy(payload: Mapping[str, Any]) -> None:
    if "disposal" in payload:
        carry_out(payload["disposal"])
    else:
        carry_out_all()


@job(JOB, atomic=False)
def _import(payload: Mapping[str, Any]) -> None:
    run_import(payload["import"])


@job("matters.forget_sheets")
def _forget(_payload: Mapping[str, Any]) -> None:
    forget_answers()


@job("matters.match_policies", atomic=False)
def _match_policies(_payload: Mapping[str, Any]) -> None:
    follow_policies()


@job(MATCH, atomic=False)
def _match_changed(_payload: Mapping[str, Any]) -> None:
    follow_changes()


@job(OFFERS, atomic=False)
def _follow_offers(_payload: Mapping[str, Any]) -> None:
    follow_offers()


every(timedelta(days=1), "matters.forget_sheets")
every(timedelta(hours=1), OFFERS)
every(timedelta(hours=1), "matters.match_policies")
every(timedelta(days=1), "matters.close_days")
every(timedelta(hours=1), "matters.archive")
every(timedelta(days=1), "matters.check_archives")
every(timedelta(hours=6), CARRY_OUT)
every(timedelta(days=1), "matters.publish_guides")
every(timedelta(hours=1), "matters.lapse")
every(timedelta(hours=6), "matters.remind")
every(timedelta(days=1), "matters.follow_calendar")
