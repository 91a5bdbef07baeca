"""Facts of the portal that others may react to."""
