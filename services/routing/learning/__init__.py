"""Learning from what people corrected: labels, the two sides, the comparison, and the releases that come of it."""
