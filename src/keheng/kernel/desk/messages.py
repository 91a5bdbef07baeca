"""Telling people: in the transaction of the act that they are told of."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import now

from keheng.kernel.desk.models import Message


def tell(accounts: Iterable[str], *, kind: str, key: str, title: str, body: str = "", url: str = "") -> int:
    """Put a message into the inbox of each account; how many were told. Who was told under this key before is told nothing.

    ``kind`` names a registered kind of message, by which people choose the ways they are told.
    """
    wanted = sorted(set(accounts))
    known = set(Message.objects.filter(account__in=wanted, key=key).values_list("account", flat=True))
    new = [
        Message(account=account, kind=kind, key=key, title=title[:200], body=body, url=url, sent_at=now())
        for account in wanted
        if account not in known
    ]
    Message.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
