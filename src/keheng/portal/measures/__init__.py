"""Figures of the portal."""
