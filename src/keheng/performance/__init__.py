"""Performance of fiscal projects: targets, monitoring, self-evaluation and re-check, with figures that the records prove."""
