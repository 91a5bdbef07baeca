"""Forms written in their official layouts: one grid, several renderers."""
