from __future__ import annotations

import pytest

from connector.datev.vat_ids import destination, needs_destination, split_vat_id
from tests.datev.samples import booked, party, to_austria


@pytest.mark.parametrize(
    ("vat_id", "parts"),
    [
        ("ATU12345678", ("AT", "U12345678")),
        ("DE 123 456 789", ("DE", "123456789")),
        ("EL123456789", ("EL", "123456789")),
        ("GR123456789", ("EL", "123456789")),
        ("XI123456789", ("XI", "123456789")),
        ("ie1234567fa", ("IE", "1234567FA")),
        ("CHE123456789", ("", "")),
        ("AT", ("", "")),
        ("AT/12345", ("", "")),
        ("", ("", "")),
    ],
)
def test_an_eu_vat_id_has_a_prefix_and_a_number(vat_id: str, parts: tuple[str, str]) -> None:
    """Greece is EL and Northern Ireland XI; what is no VAT id of the EU has neither part."""
    assert split_vat_id(vat_id) == parts


@pytest.mark.parametrize(
    ("vat_id", "country", "category", "needed", "written"),
    [
        ("ATU12345678", "AT", "AE", True, "ATU12345678"),
        ("GR123456789", "GR", "AE", True, "EL123456789"),
        ("XI123456789", "GB", "K", True, "XI123456789"),
        ("", "AT", "AE", True, ""),
        ("DE123456789", "AT", "AE", True, ""),
        ("DE123456789", "DE", "AE", False, ""),
        ("ATU12345678", "DE", "AE", False, "ATU12345678"),
        ("", "CH", "AE", False, ""),
        ("", "DE", "K", True, ""),
        ("ATU12345678", "AT", "O", False, ""),
    ],
)
def test_the_sales_list_wants_the_vat_id_of_another_member_state(
    vat_id: str, country: str, category: str, written: str, *, needed: bool
) -> None:
    """Where the buyer owes the VAT; at home (§ 13b) and outside the EU nothing is reported."""
    invoice = to_austria(vat_id, country=country, category=category).invoice
    assert (needs_destination(invoice), destination(invoice)) == (needed, written)


def test_a_taxed_invoice_carries_no_vat_id() -> None:
    """The buyer's VAT id matters only where the buyer owes the VAT."""
    assert destination(booked(buyer=party(vat_id="ATU12345678", country="AT")).invoice) == ""
