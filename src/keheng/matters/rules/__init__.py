"""What a matter's file may say, what an answer to its form must be, what may happen to a case, and who may do it."""
