"""Personal data of outreach are shown to their person, erased on request, and made anonymous when their time is over."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from django.db.models import QuerySet

from keheng.portal.enums.activities import SEATED, RegistrationState
from keheng.portal.enums.halls import AHEAD
from keheng.portal.models import Registration, Visit

ANONYMOUS = "—"


def registrations_kept() -> QuerySet[Registration]:
    """Registrations that still name somebody."""
    return Registration.objects.filter(anonymised=False)


def forget_registrations(rows: QuerySet[Registration]) -> int:
    """Take names, numbers and accounts out of registrations; how many. Who came stays marked under the key of the year, and countable."""
    chosen = list(rows.filter(anonymised=False))
    for one in chosen:
        one.name, one.phone, one.phone_mark, one.account, one.anonymised = ANONYMOUS, "", token_hex(16), "", True
    Registration.objects.bulk_update(chosen, ["name", "phone", "phone_mark", "account", "anonymised"], batch_size=200)
    return len(chosen)


def visits_kept() -> QuerySet[Visit]:
    """Visits that still name a contact."""
    return Visit.objects.filter(anonymised=False)


def forget_visits(rows: QuerySet[Visit]) -> int:
    """Take the contact out of visits; how many."""
    chosen = list(rows.filter(anonymised=False))
    for one in chosen:
        one.contact, one.phone, one.phone_mark, one.account, one.anonymised = ANONYMOUS, "", token_hex(16), "", True
    Visit.objects.bulk_update(chosen, ["contact", "phone", "phone_mark", "account", "anonymised"], batch_size=200)
    return len(chosen)


def own_visits(account: str) -> list[Mapping[str, object]]:
    """What is kept of somebody's bookings, for the person."""
    found = Visit.objects.filter(account=account).select_related("hall").order_by("pk")
    return [
        {
            "事项": "参观预约", "编号": one.number, "展厅": one.hall.title, "联系人": one.contact, "电话": one.phone,
            "单位": one.unit_title,
            "时间": one.begins_at, "状态": one.get_state_display(),
        }
        for one in found
    ]  # fmt: skip


def erasable_visits(account: str) -> tuple[QuerySet[Visit], int]:
    """Visits of an account that can be forgotten, and how many stay because they are yet to come."""
    own = Visit.objects.filter(account=account, anonymised=False)
    return own.exclude(state__in=sorted(AHEAD)), own.filter(state__in=sorted(AHEAD)).count()


def own_registrations(account: str) -> list[Mapping[str, object]]:
    """What is kept of somebody's registrations, for the person."""
    found = Registration.objects.filter(account=account).select_related("session__activity").order_by("pk")
    return [
        {
            "事项": "活动报名", "编号": one.number, "活动": one.session.activity.title, "姓名": one.name, "电话": one.phone,
            "单位": one.unit_title, "状态": one.get_state_display(), "报名于": one.made_at,
        }
        for one in found
    ]  # fmt: skip


def erasable(account: str) -> tuple[QuerySet[Registration], int]:
    """Registrations of an account that can be forgotten, and how many stay because their session is yet to come."""
    own = Registration.objects.filter(account=account, anonymised=False)
    open_ones = own.filter(
        state__in=sorted((SEATED - {RegistrationState.ATTENDED, RegistrationState.NO_SHOW}) | {RegistrationState.WAITING})
    )
    return own.exclude(pk__in=open_ones.values("pk")), open_ones.count()


def keys_of(row: Any) -> list[str]:
    """The person keys of a registration or a visit, for legal holds."""
    return [f"account:{row.account}"] if row.account else []
