"""Every change of a matter's case."""
