"""Panels of the portal."""

from keheng.portal.panels import content

__all__ = ["content"]
