"""Jobs of performance: monitoring points that are due are taken every night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.registry import every, job
from keheng.performance.actions.monitoring import take_due_points


@job("performance.monitor", atomic=False)
def _monitor(_payload: Mapping[str, Any]) -> None:
    take_due_points()


every(timedelta(days=1), "performance.monitor")
