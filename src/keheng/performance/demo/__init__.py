"""Demo records of performance: last year's signed forms, computed from the demo city's rows, and this year's projects on their way."""

from __future__ import annotations

from collections.abc import Callable

from keheng.performance.demo import this_year, years_forms

__all__ = ["load"]


def load(*, scale: str, progress: Callable[[str, int, int], None]) -> None:
    """Fill an empty package; the capabilities whose figures the forms show are filled before."""
    years_forms.load(scale=scale, progress=progress)
    this_year.load(scale=scale, progress=progress)
