"""Monthly reports: when they are made, by whom, and how they are read and told of."""
