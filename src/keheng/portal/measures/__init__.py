"""Figures of the portal."""

from keheng.portal.measures import activities, halls, media, surveys

__all__ = ["activities", "halls", "media", "surveys"]
