"""Reads of policies: what is known of units, how one stands, how everybody stands."""
