"""Tables of the portal."""

from keheng.portal.models.activities import Activity, Registration, Session
from keheng.portal.models.attendance import Attendance, OnlineSpan, Scan

__all__ = ["Activity", "Attendance", "OnlineSpan", "Registration", "Scan", "Session"]
