"""What intake knows of contacts: pure functions of messages, profiles and moments."""
