"""What every operation of the API shares: tokens, problems, pages, limits, writes that happen once, webhooks."""
