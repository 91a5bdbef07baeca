"""事项和办件: each public service is one file; its cases run on one engine."""
