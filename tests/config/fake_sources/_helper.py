"""Private: no adapter."""
