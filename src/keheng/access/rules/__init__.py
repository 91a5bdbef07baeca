"""Roles, policy, and what stands in the way of an act."""
