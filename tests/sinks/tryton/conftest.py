"""A Tryton for each test of its sink."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sinks.tryton.books import NIGHT
from tests.standins import Standin, serving
from tests.standins import tryton as standin_of_tryton


@pytest.fixture
def there() -> Iterator[Standin]:
    """Yield a Tryton with empty books, at night."""
    with serving(standin_of_tryton.api(now=lambda: NIGHT)) as running:
        yield running
