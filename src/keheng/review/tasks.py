"""Jobs of review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.review.actions.copies import SEARCH, run_search
from keheng.review.actions.prints import KEEP, keep_prints
from keheng.review.actions.reminding import remind_judges
from keheng.review.actions.texts import KEEP_TEXTS, SWEEP_TEXTS, keep_texts, sweep_texts


@job(KEEP, atomic=False)
def _keep(payload: Mapping[str, Any]) -> None:
    keep_prints(payload["round"])


@job(SEARCH, atomic=False)
def _search(payload: Mapping[str, Any]) -> None:
    run_search(payload["search"])


@job("review.remind", atomic=False)
def _remind(_payload: Mapping[str, Any]) -> None:
    remind_judges()


@job(KEEP_TEXTS, atomic=False)
def _keep_texts(_payload: Mapping[str, Any]) -> None:
    keep_texts()


@job(SWEEP_TEXTS, atomic=False)
def _sweep_texts(_payload: Mapping[str, Any]) -> None:
    sweep_texts()


every(timedelta(minutes=10), KEEP_TEXTS)
every(timedelta(days=1), SWEEP_TEXTS)
every(timedelta(hours=6), "review.remind")
