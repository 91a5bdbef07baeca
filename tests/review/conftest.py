"""Visitors with just the powers a test gives them."""

from directory.conftest import visitor

__all__ = ["visitor"]
