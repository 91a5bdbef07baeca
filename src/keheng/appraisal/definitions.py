"""Where the appraisal library finds its data files (policies, codes, vocabularies, units).

The files live in ``definitions/appraisal`` of the source tree; a built wheel carries them as ``keheng/definitions``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "definitions" / "appraisal", _PACKAGE.parents[1] / "definitions" / "appraisal")


@cache
def definitions_folder() -> Path:
    """Folder that holds the appraisal definitions; raises FileNotFoundError when the installation is incomplete."""
    for place in _PLACES:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"definitions/appraisal not found beside the package (looked in {', '.join(map(str, _PLACES))})")


@cache
def load_definition(name: str) -> Any:
    """The JSON value of one definition file, by its path inside the folder, such as ``units.json``.

    The value is shared between callers: read it, never change it.
    """
    return json.loads((definitions_folder() / name).read_text(encoding="utf-8"))
