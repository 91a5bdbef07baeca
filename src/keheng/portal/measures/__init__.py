"""Figures of the portal."""

from keheng.portal.measures import content, visits

__all__ = ["content", "visits"]
