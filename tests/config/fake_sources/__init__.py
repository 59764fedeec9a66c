"""Sources that only have settings."""
