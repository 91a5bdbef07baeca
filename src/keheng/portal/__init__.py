"""The public site: content, events, surveys, exhibition halls, visits."""
