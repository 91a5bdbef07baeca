"""Where definitions, data that is no code, are found: beside the source tree, or inside an installed package."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "definitions", _PACKAGE.parents[1] / "definitions")


@cache
def definitions_folder(name: str) -> Path:
    """The folder of one system's definitions; raises FileNotFoundError when the installation is incomplete."""
    for place in _PLACES:
        if (place / name).is_dir():
            return place / name
    raise FileNotFoundError(f"definitions/{name} not found beside the package (looked in {', '.join(map(str, _PLACES))})")
