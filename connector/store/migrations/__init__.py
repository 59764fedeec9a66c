"""Migrations of the store, run by Honorar itself."""
