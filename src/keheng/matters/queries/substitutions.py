"""Who is asked by name in open cases: those for whom a substitute may be arranged."""

from __future__ import annotations

from django.db.models import Count

from keheng.kernel.accounts import accounts
from keheng.matters.models import Party


def named_now() -> dict[str, int]:
    """Accounts named in cases that have not ended, stopped ones too, with how many cases each."""
    rows = Party.objects.filter(case__ended_at=None, case__submitted_at__isnull=False).values_list("account").annotate(Count("case"))
    return dict(rows.order_by("account"))


def choices() -> list[tuple[str, str]]:
    """The same for a select: the account, and its name with how many cases wait."""
    counts = named_now()
    names = accounts().names(counts)
    said = [(account, f"{names.get(account, account)}（{count} 件在办）") for account, count in counts.items()]
    return sorted(said, key=lambda pair: pair[1])
