"""Jobs of the portal."""

from keheng.portal.tasks import content, mail, outreach

__all__ = ["content", "mail", "outreach"]
