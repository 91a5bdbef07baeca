"""What goes into an archive package, and which packages there are."""
