"""What is remembered of lists for an account, and where large sheets are made: told by whoever keeps such things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from keheng.kernel.powers import Principal


@dataclass(frozen=True, slots=True)
class Chosen:
    """Columns in the table's order and rows on a page, as an account chose them; no columns and 0 where it did not."""

    columns: tuple[str, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """Filters and order under a name."""

    number: int
    name: str
    query: str


class Keeper(Protocol):
    """Remembers for accounts, by a table's code."""

    def chosen(self, account: str, table: str) -> Chosen:
        """What the account chose."""
        ...

    def saved(self, account: str, table: str) -> Sequence[Saved]:
        """Filters with names, in the order of the names."""
        ...

    def export_later(self, actor: Principal, table: str, query: str, scope: str) -> None:
        """Make a sheet in the background and tell the account when it is ready."""
        ...


class Forgetful:
    """Remembers nothing: tables work without a keeper."""

    def chosen(self, account: str, table: str) -> Chosen:  # noqa: ARG002 -- as the protocol has it
        """Nothing."""
        return Chosen()

    def saved(self, account: str, table: str) -> Sequence[Saved]:  # noqa: ARG002 -- as the protocol has it
        """None."""
        return ()

    def export_later(self, actor: Principal, table: str, query: str, scope: str) -> None:
        """There is no background: raises NotImplementedError."""
        raise NotImplementedError


_keepers: list[Keeper] = []


def keep_with(keeper: Keeper) -> None:
    """Remember with this keeper from now on."""
    _keepers[:] = [keeper]


def keeper() -> Keeper:
    """Who remembers."""
    return _keepers[0] if _keepers else Forgetful()
