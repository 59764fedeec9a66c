from __future__ import annotations

import pytest
from pydantic import ValidationError

from connector.core.vat import VatCategory
from connector.sinks.lexware import Settings

KEY = {"api_key": "a-key-of-lexware-01"}


def test_whether_documents_are_issued_is_a_choice_that_somebody_made() -> None:
    """There is no default: a draft can never be finished by a program, and what is issued can never be taken back."""
    with pytest.raises(ValidationError, match="finalize"):
        Settings.model_validate(KEY)
    assert Settings.model_validate({**KEY, "finalize": False}).url == "https://api.lexware.io"


def test_the_key_is_never_shown() -> None:
    """Whoever prints the settings sees stars."""
    assert "a-key-of-lexware-01" not in repr(Settings.model_validate({**KEY, "finalize": True}))


@pytest.mark.parametrize("text", ["", "Ref.", "{key} {key}", "{key} {number}"])
def test_the_key_stands_on_every_document(text: str) -> None:
    """Once, and nothing else is filled in."""
    with pytest.raises(ValidationError, match=r"write \{key\} once"):
        Settings.model_validate({**KEY, "finalize": True, "key_text": text})


@pytest.mark.parametrize("url", ["api.lexware.io", "https://api.lexware.io/v1", "ftp://api.lexware.io"])
def test_an_address_has_no_path(url: str) -> None:
    """The version is ours to say."""
    with pytest.raises(ValidationError, match="url"):
        Settings.model_validate({**KEY, "finalize": True, "url": url})


def test_tables_of_the_configuration_are_understood() -> None:
    """As TOML gives them."""
    told = {
        **KEY,
        "finalize": True,
        "drafts_for": ["website"],
        "tax_types": {"Z": "photovoltaicEquipment"},
        "xrechnung": {"K1": {"buyer_reference": "04011000-1234512345-06", "vendor_number": "V7"}},
    }
    settings = Settings.model_validate(told)
    assert settings.drafts_for == ("website",)
    assert settings.tax_types == {VatCategory.ZERO_RATED: "photovoltaicEquipment"}
    assert settings.xrechnung["K1"].vendor_number == "V7"
