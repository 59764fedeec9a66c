from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from connector.core.errors import RefusedError
from connector.wiring import Workspace, billing
from tests.core.builders import eur
from tests.wiring import JANUARY


def test_the_terms_of_billing_are_the_tenants(space: Workspace) -> None:
    """Approved at once only where the configuration says so."""
    terms = billing.terms(space)
    assert (terms.tenant, terms.payment_days, terms.approve_at_once) == ("small", 14, False)
    assert terms.config_hash == space.tenant.config_hash
    assert billing.terms(replace(space, tenant=replace(space.tenant, approval="auto"))).approve_at_once


def test_selection_leaves_everything_else(space: Workspace) -> None:
    """Of a named agreement only what is named; of others nothing (domain 3.10)."""
    february = date(2026, 2, 28)
    assert [each.invoice.agreement for each in billing.look_ahead(space, february, {}).ready] == ["film"]
    assert billing.look_ahead(space, february, {"website": frozenset({"A1/2"})}).ready == ()
    with pytest.raises(RefusedError, match="no agreement is called 'webste'"):
        billing.look_ahead(space, february, {"webste": frozenset({"A1/2"})})


def test_standings_are_told_as_of_a_day(space: Workspace) -> None:
    """What is done follows the day asked for, what was billed does not."""
    [website, film] = billing.standings(space, date(2026, 2, 28))
    assert (website.share, film.share) == (Fraction(833333, 1499999), Fraction(1))
    assert (website.computed, film.computed) == (eur("8333.33"), eur("400.00"))
    assert billing.standings(space, JANUARY)[1].share == Fraction(40000, 100001)
