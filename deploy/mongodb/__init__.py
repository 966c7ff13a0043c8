"""MongoDB's replica set and its users."""
