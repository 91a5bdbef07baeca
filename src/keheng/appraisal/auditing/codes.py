"""The audit codes as data: names, definitions, sentences, advice and examples, in Chinese and English."""

from functools import cache
from typing import Any

from keheng.appraisal.definitions import definitions_folder, load_definition


@cache
def all_codes() -> dict[str, dict[str, Any]]:
    """Every code by its name, in family order (A to H) and in the order of the family's file."""
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted((definitions_folder() / "codes").glob("*.json")):
        family = load_definition(f"codes/{path.name}")
        entries |= {entry["code"]: entry | {"family": family["family"]} for entry in family["codes"]}
    return entries


def code_entry(code: str) -> dict[str, Any]:
    """The definition of one code; KeyError for a code that is not defined."""
    return all_codes()[code]
