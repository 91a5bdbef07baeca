"""Figures of the portal."""

from keheng.portal.measures import activities

__all__ = ["activities"]
