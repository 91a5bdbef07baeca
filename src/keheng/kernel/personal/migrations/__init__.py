"""Tables of personal data."""
