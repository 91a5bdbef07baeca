"""Limits of the API, from ``definitions/api/limits.json``; and counting a caller's requests."""

from __future__ import annotations

import json
from functools import cache
from time import time
from typing import Any

from django.db import connection

from keheng.kernel.definitions import definitions_folder

_MINUTE = 60
_COUNT = (
    "INSERT INTO api_pace (caller, minute, used) VALUES (%s, %s, 1) "
    "ON CONFLICT (caller, minute) DO UPDATE SET used = api_pace.used + 1 RETURNING used"
)


@cache
def limits() -> dict[str, Any]:
    """All limits by name."""
    loaded: dict[str, Any] = json.loads((definitions_folder("api") / "limits.json").read_text(encoding="utf-8"))
    return loaded


class TooFastError(Exception):
    """A caller asked too often; ``wait`` seconds remain until it may ask again."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(f"wait {wait} s")


def count_request(caller: str, most: int) -> int:
    """Count one request of a caller within this minute, over all processes; how many remain. Raises TooFastError."""
    moment = int(time())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [caller, moment // _MINUTE])
        used: int = cursor.fetchone()[0]
    if used > most:
        raise TooFastError(_MINUTE - moment % _MINUTE)
    return most - used
