"""What the kernel asks about accounts: whoever keeps them says who answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from keheng.kernel.powers import Principal


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an account is reached outside the site; '' for nowhere."""

    email: str = ""
    phone: str = ""


class AccountBook(Protocol):
    """Answers about accounts by their ids; unknown and stopped ones have no address, and are nobody."""

    def names(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """Names by id; unknown ones are left out."""
        ...

    def addresses(self, account: str) -> Addresses:
        """Where messages may go."""
        ...

    def principal(self, account: str, unit: str) -> Principal:
        """What an account may do now, acting for a unit ('' for its usual one)."""
        ...

    def find(self, login: str) -> str:
        """The id of the active account with a login name, '' when there is none."""
        ...

    def units(self, account: str) -> Collection[int]:
        """Organisations that an account may act for now."""
        ...

    def active(self, accounts: Iterable[str]) -> Collection[str]:
        """Those of the accounts that may sign in."""
        ...


class _Nobody:
    """Before anyone keeps accounts there are none."""

    def names(self, accounts: Iterable[str]) -> Mapping[str, str]:  # noqa: ARG002 -- as the protocol has it
        return {}

    def addresses(self, account: str) -> Addresses:  # noqa: ARG002 -- as the protocol has it
        return Addresses()

    def principal(self, account: str, unit: str) -> Principal:  # noqa: ARG002 -- as the protocol has it
        return Principal("")

    def find(self, login: str) -> str:  # noqa: ARG002 -- as the protocol has it
        return ""

    def units(self, account: str) -> Collection[int]:  # noqa: ARG002 -- as the protocol has it
        return ()

    def active(self, accounts: Iterable[str]) -> Collection[str]:  # noqa: ARG002 -- as the protocol has it
        return ()


_books: list[AccountBook] = [_Nobody()]


def keep_accounts(book: AccountBook) -> None:
    """Ask this book from now on."""
    _books[:] = [book]


def accounts() -> AccountBook:
    """Who answers."""
    return _books[0]
