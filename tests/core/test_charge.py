"""Charges as values."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from connector.core.offer import Position
from connector.core.quantity import Quantity, Unit
from tests.core.builders import eur
from tests.core.retainer_builders import assess, retainer, used, version, worked_item


def test_a_charge_is_kept_as_a_position() -> None:
    """The key, the period and the kind survive, and the position's total is the charge."""
    terms = replace(retainer(version("2400", worked_item())), service="care", vat_class="reduced")
    found = assess(terms, used(27, 1), as_of=date(2026, 2, 1)).charges[1]
    assert found.key == "support/2026-01/overage/design"
    assert found.as_position() == Position(
        id="2026-01/overage/design",
        offer="support",
        project="WEB",
        label="Design",
        quantity=Quantity(Decimal("7.00"), Unit.HOUR),
        unit_price=Decimal("130.00"),
        currency="EUR",
        category="overage",
        vat_class="reduced",
        service="care",
        start=date(2026, 1, 1),
        end=date(2026, 1, 31),
    )
    assert found.as_position().key == found.key
    assert found.as_position().total == found.net == eur("910.00")


def test_charges_are_equal_by_what_they_say() -> None:
    """Computed twice they are the same; how they explain themselves does not matter."""
    first, second = (assess(retainer(), used(27, 1)).charges for _ in range(2))
    assert first == second
    assert first[0].reason == second[0].reason
