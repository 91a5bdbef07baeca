"""Tables of the portal."""

from keheng.portal.models.activities import Activity, Registration, Session
from keheng.portal.models.attendance import Attendance, OnlineSpan, Scan
from keheng.portal.models.surveys import Answer, Participant, Questionnaire, Survey, WaitingAnswer

__all__ = [
    "Activity", "Answer", "Attendance", "OnlineSpan", "Participant", "Questionnaire", "Registration", "Scan", "Session", "Survey",
    "WaitingAnswer",
]  # fmt: skip
