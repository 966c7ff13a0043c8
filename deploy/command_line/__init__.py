"""The one command line of Contactpunt: ``./contactpunt --help``."""
