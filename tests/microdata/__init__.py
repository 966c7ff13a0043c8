"""Contacts dealt so that they make the published tables of an organisation, several at once, to the last cell."""
