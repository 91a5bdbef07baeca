"""Jobs of review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.review.actions.copies import SEARCH, run_search
from keheng.review.actions.prints import KEEP, keep_prints
from keheng.review.actions.reminding import remind_judges


@job(KEEP, atomic=False)
def _keep(payload: Mapping[str, Any]) -> None:
    keep_prints(payload["round"])


@job(SEARCH, atomic=False)
def _search(payload: Mapping[str, Any]) -> None:
    run_search(payload["search"])


@job("review.remind", atomic=False)
def _remind(_payload: Mapping[str, Any]) -> None:
    remind_judges()


every(timedelta(hours=6), "review.remind")
