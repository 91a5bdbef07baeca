"""What is due again and again: scheduled articles, what expired, visits, the site doctor; and telling subscribers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from keheng.kernel.jobs.registry import every, job
from keheng.kernel.trail.record import SYSTEM
from keheng.portal.service import (
    EXAMINE,
    TELL_SUBSCRIBERS,
    count_logs,
    examine,
    expire_articles,
    forget_visitors,
    publish_due,
    tell_subscribers,
)


def visits_folder() -> Path:
    """Where the log of answered requests lies: beside the files."""
    return Path(settings.FILES_FOLDER).with_name("visits")


@job("portal.publish_due", atomic=False)
def publish(_payload: Mapping[str, Any]) -> None:
    """Publish what was issued for a time that has come."""
    publish_due()


@job("portal.expire")
def expire(_payload: Mapping[str, Any]) -> None:
    """Take what has expired out of the search."""
    expire_articles()


@job("portal.count_visits", atomic=False)
def count_visits(_payload: Mapping[str, Any]) -> None:
    """Count what is new in the log."""
    count_logs(visits_folder())


@job("portal.forget_visitors")
def forget(_payload: Mapping[str, Any]) -> None:
    """Throw away when visitors were last seen."""
    forget_visitors()


@job(EXAMINE, atomic=False)
def examine_site(_payload: Mapping[str, Any]) -> None:
    """The site doctor's round."""
    examine()


@job(TELL_SUBSCRIBERS)
def tell(payload: Mapping[str, Any]) -> None:
    """Tell subscribers of a new article."""
    tell_subscribers(actor=SYSTEM, article=payload["article"])


every(timedelta(minutes=1), "portal.publish_due")
every(timedelta(hours=1), "portal.expire")
every(timedelta(minutes=5), "portal.count_visits")
every(timedelta(days=1), "portal.forget_visitors")
every(timedelta(days=1), EXAMINE)
