"""Tables of the portal."""

from keheng.portal.models.activities import Activity, Registration, Session
from keheng.portal.models.attendance import Attendance, OnlineSpan, Scan
from keheng.portal.models.halls import (
    AcceptanceCheck,
    Closure,
    CounterReading,
    Defect,
    Guide,
    Hall,
    Inspection,
    OpeningHours,
    Visit,
)
from keheng.portal.models.media import MediaItem
from keheng.portal.models.surveys import Answer, Participant, Questionnaire, Survey, WaitingAnswer

__all__ = [
    "AcceptanceCheck", "Activity", "Answer", "Attendance", "Closure", "CounterReading", "Defect", "Guide", "Hall", "Inspection",
    "MediaItem", "OnlineSpan", "OpeningHours", "Participant", "Questionnaire", "Registration", "Scan", "Session", "Survey", "Visit",
    "WaitingAnswer",
]  # fmt: skip
