"""Sinks that only have settings."""
