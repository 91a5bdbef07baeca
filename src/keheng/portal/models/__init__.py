"""What the portal keeps."""

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
from keheng.portal.models.site_checks import SiteCheck, SiteFinding
from keheng.portal.models.visits import ArticleReads, Push, VisitHour, VisitLog, VisitorDay, VisitorSeen

__all__ = [
    "Article", "ArticleReads", "ArticleTopic", "Attachment", "Column", "Feedback", "OutsideApproval", "Publication", "Push", "Redirect",
    "Review", "SiteCheck", "SiteFinding", "Subscription", "Version", "VisitHour", "VisitLog", "VisitorDay", "VisitorSeen",
]  # fmt: skip
