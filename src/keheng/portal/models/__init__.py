"""Tables of the portal."""

from keheng.portal.models.activities import Activity, Registration, Session
from keheng.portal.models.attendance import Attendance, OnlineSpan, Scan, YearKey
from keheng.portal.models.content import (
    Article,
    ArticleTopic,
    Attachment,
    Column,
    OutsideApproval,
    Publication,
    Redirect,
    Review,
    Version,
)
from keheng.portal.models.feedback import Feedback, Subscription
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
from keheng.portal.models.site_checks import SiteCheck, SiteFinding
from keheng.portal.models.surveys import Answer, AskedCaller, Participant, Questionnaire, Survey, WaitingAnswer
from keheng.portal.models.visits import ArticleReads, Push, VisitHour, VisitLog, VisitorDay, VisitorSeen

__all__ = [
    "AcceptanceCheck",
    "Activity",
    "Answer",
    "Article",
    "ArticleReads",
    "ArticleTopic",
    "AskedCaller",
    "Attachment",
    "Attendance",
    "Closure",
    "Column",
    "CounterReading",
    "Defect",
    "Feedback",
    "Guide",
    "Hall",
    "Inspection",
    "MediaItem",
    "OnlineSpan",
    "OpeningHours",
    "OutsideApproval",
    "Participant",
    "Publication",
    "Push",
    "Questionnaire",
    "Redirect",
    "Registration",
    "Review",
    "Scan",
    "Session",
    "SiteCheck",
    "SiteFinding",
    "Subscription",
    "Survey",
    "Version",
    "Visit",
    "VisitHour",
    "VisitLog",
    "VisitorDay",
    "VisitorSeen",
    "WaitingAnswer",
    "YearKey",
]
