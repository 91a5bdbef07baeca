"""Reads of performance."""
