"""When something is owed to a citizen: pure, without clock, network or database."""
