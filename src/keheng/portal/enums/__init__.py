"""Choices and parameters of the portal."""
