"""Choices of the portal."""
