"""Nightly work of access."""

from collections.abc import Mapping
from datetime import timedelta

from keheng.access.service import stop_dormant
from keheng.kernel.jobs.registry import every, job


@job("access.stop_dormant")
def stop_dormant_accounts(_payload: Mapping[str, object]) -> None:
    """Stop accounts that nobody uses any more."""
    stop_dormant()


every(timedelta(days=1), "access.stop_dormant")
