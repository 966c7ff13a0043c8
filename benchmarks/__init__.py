"""Measurements. Nothing here passes or fails by time."""
