"""The organisations, as data."""

from shared.profiles.loader import BrokenProfile, Profiles, load_profile, load_profiles
from shared.profiles.model import Profile, ProfileVersion
from shared.profiles.terms import Term

__all__ = ["BrokenProfile", "Profile", "ProfileVersion", "Profiles", "Term", "load_profile", "load_profiles"]
