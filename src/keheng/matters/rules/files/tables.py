"""Pieces of a matter's file about money in tables: what was cut line by line, and prices with the quotes behind them."""

from __future__ import annotations

from keheng.matters.rules.files.part import Part
from keheng.matters.rules.files.values import Name


class Ledger(Part):
    """The table that tells what was asked for and what was approved line by line, and why less: its columns by name.

    ``unit`` is the question that names whose case it is; without it the unit that applied.
    """

    table: Name
    asked: Name
    approved: Name
    reason: Name
    unit: Name | None = None


class Prices(Part):
    """A table of unit prices that a price book is held against: the kind of an item, its words, its price."""

    book: Name
    table: Name
    kind: Name
    item: Name
    price: Name


class Quotes(Part):
    """A table with a line for each supplier and item, ``said`` as the quote writes it; ``suppliers`` a table with their addresses.

    ``files`` is the material that holds the quotes: the same file twice is told.
    """

    table: Name
    supplier: Name
    item: Name
    said: Name
    price: Name
    suppliers: Name
    address: Name
    files: Name


class Market(Part):
    """What a reviewer of prices is shown: a hint, never a verdict."""

    prices: Prices
    quotes: Quotes
