"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Speed is measured by `make bench`, never by a test: a busy machine must not fail one.
settings.register_profile("honorar", deadline=None, print_blob=True)
settings.register_profile("mutation", deadline=None, derandomize=True, max_examples=25, database=None)
settings.load_profile("honorar")
