"""Reads of matters and cases."""
