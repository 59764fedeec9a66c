"""The billing rules as values and functions: no I/O, no clock, no adapter (rules: docs/rules.md)."""
