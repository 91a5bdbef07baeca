"""The one page where capabilities meet: what follows from which event, and what is due when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keheng.kernel.jobs.outbox import wire
from keheng.kernel.jobs.registry import every, job
from keheng.kernel.trail.heads import publish_head
from keheng.kernel.trail.record import now
from keheng.site.installation import heads_folder


@job("trail.publish_head", atomic=False)
def publish(_payload: Mapping[str, Any]) -> None:
    """Put the newest head of the audit trail where the database's administrator cannot reach."""
    publish_head(heads_folder(), now())


every(timedelta(hours=1), "trail.publish_head")

wire({})
