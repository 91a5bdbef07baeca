"""The daily job of retention."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.kernel.personal.retention import run_retention

KIND = "personal.retention"


@job(KIND, atomic=False)
def carry_out(_payload: Mapping[str, Any]) -> None:
    """Dispose of what is overdue. Batches are transactions of their own: after a crash it is simply run again."""
    run_retention()


every(timedelta(days=1), KIND)
