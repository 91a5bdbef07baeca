"""Terms of objections: data of ``definitions/objections/terms.json``, each with its source."""

from __future__ import annotations

import json
from functools import cache

from keheng.kernel.definitions import definitions_folder


@cache
def term(name: str) -> int:
    """Working days within which an objection is answered (``answer_days``), the fewest digits of a telephone (``phone_digits``)."""
    found: int = json.loads((definitions_folder("objections") / "terms.json").read_text(encoding="utf-8"))[name]["value"]
    return found
