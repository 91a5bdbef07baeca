"""Keys of years: made when the first person of a year comes, destroyed once nobody of the year is named any more.

Whoever comes is marked under the key from the beginning. So nothing is written anew when registrations become anonymous, and the
number of people of a year is the same before, between and after the nights in which they do.
"""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, now

from keheng.kernel.errors import Refused, problem
from keheng.portal.models import Registration, Session, YearKey
from keheng.portal.rules.people import year_mark, year_of


def key_of(session: Session) -> str:
    """The key of a session's year, made when there is none yet. Raises Refused when it is destroyed: nobody can be added to the year."""
    year = year_of(session.ends_at)
    over_at = datetime(year + 1, 1, 1, tzinfo=get_current_timezone())
    row, _ = YearKey.objects.get_or_create(year=year, defaults={"key": token_hex(32), "over_at": over_at})
    if not row.key:
        raise Refused(problem("CHK_FORGOTTEN"))
    return row.key


def person_mark(session: Session, mark: str) -> str:
    """The mark in a session's year of the person with this mark of the server; raises Refused as ``key_of`` does."""
    return year_mark(key_of(session), mark)


def keys_kept() -> QuerySet[YearKey]:
    """Keys of years that are through: no registration of theirs names anybody, be it that one is held by law."""
    named = Registration.objects.filter(anonymised=False).values("over_at__year")
    return YearKey.objects.filter(destroyed_at=None).exclude(year__in=named)


def destroy_keys(rows: QuerySet[YearKey]) -> int:
    """Blank the keys; how many. From then on a number leads to nobody, not even for whoever has the key of the server."""
    return rows.filter(destroyed_at=None).update(key="", destroyed_at=now())
