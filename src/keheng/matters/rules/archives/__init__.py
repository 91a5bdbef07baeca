"""Archive packages as bytes: how they are made and checked."""
