"""One module per accounting system; each names `Settings` and `build`, and is found by connector.registry."""
