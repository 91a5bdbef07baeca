"""Full-text search in Chinese over what capabilities publish to it."""
