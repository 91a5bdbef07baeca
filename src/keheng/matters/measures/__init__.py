"""Figures of cases, windows and policies."""

from keheng.matters.measures import cases, running

__all__ = ["cases", "running"]
