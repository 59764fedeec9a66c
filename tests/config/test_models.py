"""connector.toml as models."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from connector.core.party import Address, Party
from tests.config.folders import Folder


def test_the_tables_become_values(folder: Folder) -> None:
    """What is written, and what is meant where nothing is."""
    tenant = folder.tenant()
    assert (tenant.id, tenant.name, tenant.language) == ("nord", "Studio Nord", "de")
    assert tenant.time_zone == ZoneInfo("Europe/Berlin")
    assert (tenant.payment_days, tenant.approval, tenant.on_bad_rows, tenant.reread_days) == (14, "manual", "stop", 62)
    assert tenant.number_format.render(date(2026, 7, 1), tenant.number_format.start) == "RE-2026-0001"


def test_the_seller_is_a_party_under_the_tenants_id(folder: Folder) -> None:
    """Address, VAT id, tax number and small business reach the documents."""
    more = 'street = "Kai 1"\npostal_code = "04109"\ncity = "Leipzig"\nemail = "a@b.example"\n'
    folder.put("connector", 'country = "DE"\n', f'country = "NO"\n{more}tax_number = "22/1"\nsmall_business = true\n')
    assert folder.tenant().seller == Party(
        id="nord",
        name="Studio Nord GmbH",
        address=Address("Kai 1", "04109", "Leipzig", "NO"),
        vat_id="DE123456789",
        email="a@b.example",
        tax_number="22/1",
        small_business=True,
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"Europe/Berlin"', '"Europe/Berln"', "did you mean 'Europe/Berlin'?"),
        ('"Europe/Berlin"', '"Europe"', "time zone 'Europe' is not known"),
        ('"Europe/Berlin"', '"../etc/passwd"', "time zone '../etc/passwd' is not known"),
        ('"RE-{year}-{number:04}"', '"RE_{number}"', "'_' is not allowed"),
        ('"RE-{year}-{number:04}"', '"RE-{year}"', "exactly once"),
        ('id = "nord"', 'id = "Nord AG"', "should match pattern"),
        ('vat_id = "DE123456789"', 'vat_id = "DE 123 456 789"', "should match pattern"),
        ("payment_days = 14", "payment_days = 14\nnumber_start = 0", "greater than or equal to 1"),
        ("payment_days = 14", "payment_days = 14\nreread_days = 0", "greater than or equal to 1"),
        ('name = "books"', 'name = "my books"', "should match pattern"),
    ],
)
def test_what_could_not_work_is_refused(folder: Folder, old: str, new: str, fault: str) -> None:
    """Names, time zones, formats and bounds are checked when the file is read."""
    folder.put("connector", old, new)
    problem = folder.problem()
    assert problem.code == "ConfigWrongValue"
    assert fault in problem.message
    assert problem.place == folder.place("connector", new.splitlines()[-1])


def test_a_tenant_needs_a_source(folder: Folder) -> None:
    """Without a source there is nothing to bill."""
    text = folder.text("connector")
    start, end = text.index("[[source]]"), text.index("[sink]")
    folder.put("connector", text[start:end], "source = []\n")
    folder.put("connector", "source = []\n", "")
    assert folder.problem().message == "source: the key is missing"
    folder.put("connector", "[tenant]", "source = []\n[tenant]")
    assert "at least 1 item" in folder.problem().message
