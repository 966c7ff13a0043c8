"""The profiles of the eight organisations, read once for all tests: nobody changes them."""

from shared.profiles import load_profiles

PROFILES = load_profiles()
