"""Figures of the portal."""

from keheng.portal.measures import activities, content, halls, media, surveys, visits

__all__ = ["activities", "content", "halls", "media", "surveys", "visits"]
