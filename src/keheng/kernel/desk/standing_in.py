"""Who stands in for whom today: told by the capabilities that know, so that the desk shows a substitute what is asked of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

# Of an account: those whom it substitutes today.
StoodInFor = Callable[[str], Iterable[str]]

_known: list[StoodInFor] = []


def register_stand_ins(function: StoodInFor) -> None:
    """Make a source known; the same one once."""
    if function not in _known:
        _known.append(function)


def stood_in_for(account: str) -> frozenset[str]:
    """Accounts that an account substitutes today."""
    return frozenset(giver for function in _known for giver in function(account)) if account else frozenset()
