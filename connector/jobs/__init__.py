"""The steps of a run: pull, bill, approve, push; they know ports and the core, and no adapter by name."""
