"""What stands in prose: quantities with their nouns, copied passages, statements without facts. Pure text functions."""
