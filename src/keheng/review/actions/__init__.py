"""Acts of review: every change of state."""
