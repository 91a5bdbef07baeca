"""What may happen to a case, as values: the same rules move a case in the database, in a file's own tests and on random walks."""
