"""Expert review: panels, draws that anyone can re-run, scores, publicity."""
