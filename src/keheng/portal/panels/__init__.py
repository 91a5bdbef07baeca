"""Panels of the portal."""

from keheng.portal.panels import content, outreach

__all__ = ["content", "outreach"]
