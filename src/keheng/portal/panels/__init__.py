"""Pieces of composite pages."""
