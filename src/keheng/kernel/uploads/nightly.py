"""What is done every night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.kernel.uploads.receiving import sweep


@job("uploads.sweep")
def sweep_uploads(_payload: Mapping[str, Any]) -> None:
    """Throw away uploads that nobody went on with."""
    sweep()


every(timedelta(days=1), "uploads.sweep")
