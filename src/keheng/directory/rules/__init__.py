"""What holds in the directory: shapes of names and numbers, lists of problems, scopes."""
