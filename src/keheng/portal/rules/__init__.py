"""What may be done in the portal."""
