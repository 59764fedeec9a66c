"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

from connector import redact

# Speed is measured by `make bench`, never by a test: a busy machine must not fail one.
settings.register_profile("honorar", deadline=None, print_blob=True)
settings.register_profile("mutation", deadline=None, derandomize=True, max_examples=25, database=None)
settings.load_profile("honorar")


@pytest.fixture(autouse=True)
def _secrets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget after each test which values it called secret: another's data may look like them."""
    monkeypatch.setattr(redact, "_registered", set(vars(redact)["_registered"]))
