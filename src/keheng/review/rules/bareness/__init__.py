"""Files without what was noted beside their content, for blind judges."""
