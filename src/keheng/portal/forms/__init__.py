"""Input of the portal's pages: parsed here, judged by the rules."""
