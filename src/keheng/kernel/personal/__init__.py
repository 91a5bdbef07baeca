"""Personal data: what is held, why, masked, revealed, exported, erased."""
