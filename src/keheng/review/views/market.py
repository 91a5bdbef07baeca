"""The price book that reviewers of prices rest on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keheng.kernel.doors import needs
from keheng.review.queries.market import books
from keheng.review.queries.market_shown import range_said
from keheng.review.rules.rounds import SEE


@needs(SEE)
def price_books(request: HttpRequest) -> HttpResponse:
    """Every price book with what it knows of each item."""
    shown = [(book, [(item, range_said(known)) for item, known in book.known.items()]) for book in books()]
    return render(request, "review/price_books.html", {"books": shown})
