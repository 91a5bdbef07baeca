"""What every piece of a matter's file is."""

from __future__ import annotations

from functools import cached_property

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of a file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, ignored_types=(cached_property,))
