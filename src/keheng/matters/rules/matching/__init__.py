"""Policies against enterprises: clause by clause in three values, everyone at once."""
