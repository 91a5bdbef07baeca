"""Visitors with just the powers a test gives them, through the whole site."""

import pytest
from directory.made_up import principal
from people import make_account, signed_in

from keheng.access.queries import Standing


@pytest.fixture
def visitor(db, monkeypatch):
    """A function from powers to a signed-in client; the account's number is that of the principal."""
    powers = {}

    def enter(*given, login="tester"):
        account = make_account(login)
        powers[account.pk] = given
        monkeypatch.setattr(Standing, "principal", lambda held, _address: principal(*powers[held.account.pk], account=str(held.account.pk)))
        return signed_in(account)

    return enter
