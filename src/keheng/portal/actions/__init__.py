"""Acts of the portal."""
