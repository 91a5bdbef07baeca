"""Panels of the portal."""
