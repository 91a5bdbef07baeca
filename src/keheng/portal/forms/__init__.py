"""Input of the portal's pages."""
