"""Panels of performance."""
