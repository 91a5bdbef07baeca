"""Acts of performance."""
