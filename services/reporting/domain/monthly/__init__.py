"""The monthly report of a directorate: made once, kept as it was, and compared with what is known now."""
