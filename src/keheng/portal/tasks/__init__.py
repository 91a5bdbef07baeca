"""Jobs of the portal."""

from keheng.portal.tasks import content, mail

__all__ = ["content", "mail"]
