from __future__ import annotations

import pytest

from connector.core.party import Party
from connector.datev.debtors import debtor_of
from connector.datev.read import cells_of, value_of
from connector.datev.tables import DEBITOREN
from tests.datev.samples import booked, party


def record(buyer: Party, debtor: str = "10001") -> dict[str, str]:
    """Return the values of the debtor's record that are not empty, by column name."""
    line = debtor_of(booked(buyer=buyer, debtor=debtor)).line.decode("cp1252")
    values = map(value_of, cells_of(line))
    return {column.name: value for column, value in zip(DEBITOREN, values, strict=True) if value}


def test_a_company() -> None:
    """Its name is whole, its VAT id without the prefix, its address that of letters."""
    buyer = party(vat_id="DE 123456789", payment_days=14, email="rechnung@example.org")
    assert record(buyer) == {
        "Konto": "10001",
        "Name (Adressattyp Unternehmen)": "Müller & Söhne GmbH",
        "Adressattyp": "2",
        "Kurzbezeichnung": "Müller & Söhne",
        "EU-Land": "DE",
        "EU-UStID": "123456789",
        "Adressart": "STR",
        "Straße": "Hauptstraße 1",
        "Postleitzahl": "10115",
        "Ort": "Berlin",
        "Land": "DE",
        "Kennz. Korrespondenzadresse": "1",
        "E-Mail": "rechnung@example.org",
        "Sprache": "1",
        "Fälligkeit in Tagen (Debitor)": "14",
    }


@pytest.mark.parametrize(
    ("name", "surname", "given"),
    [
        ("Jo Maier", "Maier", "Jo"),
        ("Anna Maria Groß", "Groß", "Anna Maria"),
        ("von der Höhe, Jo", "von der Höhe", "Jo"),
        ("Cher", "Cher", None),
    ],
)
def test_a_person_has_surname_and_given_name(name: str, surname: str, given: str | None) -> None:
    """The last word is the surname, unless a comma says otherwise."""
    found = record(party(name, is_business=False))
    assert found["Adressattyp"] == "1"
    assert found["Name (Adressattyp natürl. Person)"] == surname
    assert found.get("Vorname (Adressattyp natürl. Person)") == given
    assert "Name (Adressattyp Unternehmen)" not in found


def test_a_long_street_goes_on_in_the_supplement() -> None:
    """The street takes 36 characters; words stay whole."""
    found = record(party(street="Am Alten Güterbahnhof West 117, Hinterhaus, 3. Stock"))
    assert (found["Straße"], found["Adresszusatz"]) == ("Am Alten Güterbahnhof West 117,", "Hinterhaus, 3. Stock")


def test_a_postal_code_with_letters_stands_before_the_town() -> None:
    """DATEV's field takes digits only."""
    found = record(party(postal_code="1012 AB", city="Amsterdam", country="NL"))
    assert found["Ort"] == "1012 AB Amsterdam"
    assert "Postleitzahl" not in found


def test_without_an_address_nothing_is_made_up() -> None:
    """Name, account and language are enough."""
    found = record(party("X", street="", postal_code="", city="", country=""))
    assert found == {
        "Konto": "10001",
        "Name (Adressattyp Unternehmen)": "X",
        "Adressattyp": "2",
        "Kurzbezeichnung": "X",
        "Sprache": "1",
    }


def test_a_vat_id_outside_the_eu_is_left_out() -> None:
    """The field is for member states."""
    assert "EU-UStID" not in record(party(vat_id="CHE123456789", country="CH"))


def test_a_name_that_is_too_long_is_cut_and_known() -> None:
    """50 characters for a company."""
    debtor = debtor_of(booked(buyer=party("Gesellschaft für angewandte Fortschrittsmessung und Abrechnung mbH")))
    assert debtor.changed[2].text == "Gesellschaft für angewandte Fortschrittsmessung un"
    assert debtor.changed[2].cut == "d Abrechnung mbH"


def test_what_is_no_text_is_left_out_rather_than_changed() -> None:
    """An e-mail address or a term cut short would be a wrong one."""
    buyer = party(email="x" * 61, payment_days=1000)
    assert not {"E-Mail", "Fälligkeit in Tagen (Debitor)"} & set(record(buyer))
    assert {number: text.cut for number, text in debtor_of(booked(buyer=buyer)).changed.items()} == {
        33: "x" * 61,
        110: "1000",
    }


def test_the_fingerprint_is_that_of_the_content() -> None:
    """The same record has the same one; any change of account, name or address another."""
    first = debtor_of(booked("RE-1")).fingerprint
    assert debtor_of(booked("RE-2", "-7.00")).fingerprint == first
    others = [booked(debtor="10002"), booked(buyer=party("Neu GmbH")), booked(buyer=party(city="Potsdam"))]
    assert len({first, *(debtor_of(booking).fingerprint for booking in others)}) == 4
