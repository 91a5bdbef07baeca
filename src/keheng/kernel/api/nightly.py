"""What the API need not keep goes at night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from time import time
from typing import Any

from django.utils.timezone import now

from keheng.kernel.api.limits import limits
from keheng.kernel.api.models import Delivery, KeptAnswer, Pace
from keheng.kernel.jobs.registry import every, job


@job("api.forget")
def forget(_payload: Mapping[str, Any]) -> None:
    """Drop answers, counters and deliveries whose time is over."""
    KeptAnswer.objects.filter(at__lt=now() - timedelta(hours=limits()["answers_kept_hours"])).delete()
    Pace.objects.filter(minute__lt=int(time()) // 60 - 60).delete()
    Delivery.objects.filter(made_at__lt=now() - timedelta(days=limits()["deliveries_kept_days"])).delete()


every(timedelta(days=1), "api.forget")
