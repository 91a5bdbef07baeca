"""Calendar files (RFC 5545) of sessions and visits."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event, vText

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(
    *,
    uid: str,
    title: str,
    begins_at: datetime,
    ends_at: datetime,
    place: str,
    about: str,
    url: str,
    stamp: datetime,
    cancelled: bool = False,
) -> bytes:
    """One entry as a file that calendar programs take over; times in UTC. A cancelled one takes the earlier entry back."""
    calendar = Calendar()
    calendar.add("prodid", "-//Keheng//Portal//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", begins_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", title)
    event["location"] = vText(place)
    event.add("description", about)
    event.add("url", url)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
