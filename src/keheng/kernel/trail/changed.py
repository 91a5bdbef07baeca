"""When something was last done here: a mark outside the database, so that what is kept in memory is cheaply known to be still true."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings


def touch() -> None:
    """Say that an act was committed. Each time differs from those before."""
    path, moment = _mark(), time.time_ns()
    try:
        os.utime(path, ns=(moment, moment))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def last_change() -> int:
    """The mark now; differs from an earlier one when an act was committed since, by whichever process."""
    try:
        return _mark().stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _mark() -> Path:
    return Path(settings.FILES_FOLDER).with_name("changed")
