"""One module per project tool; each names `Settings` and `build`, and is found by connector.registry."""
