"""Algorithms of review, free of any framework, and who may do what in a round."""
