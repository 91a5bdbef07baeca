"""Jobs of review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keheng.kernel.jobs.registry import job
from keheng.review.actions.copies import SEARCH, run_search
from keheng.review.actions.prints import KEEP, keep_prints


@job(KEEP, atomic=False)
def _keep(payload: Mapping[str, Any]) -> None:
    keep_prints(payload["round"])


@job(SEARCH, atomic=False)
def _search(payload: Mapping[str, Any]) -> None:
    run_search(payload["search"])
