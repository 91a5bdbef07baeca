"""What everyone who signs in works with: tasks, messages, drafts, saved filters."""
