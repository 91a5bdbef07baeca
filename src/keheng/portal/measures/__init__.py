"""Figures of the portal."""

from keheng.portal.measures import activities, surveys

__all__ = ["activities", "surveys"]
