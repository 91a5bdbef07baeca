"""Matter files: read, proved, tried, chosen by day. Nothing here knows a database."""
