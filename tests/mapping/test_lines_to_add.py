"""The lines of TOML that a hint shows."""

import tomllib

from connector.mapping.lines_to_add import lines_to_add


def test_the_lines_are_toml_once_the_results_are_filled_in() -> None:
    """What is known stands there as TOML, quotes and umlauts included; what is wanted has its comment."""
    text = lines_to_add("debtor", {"customer": 'Müller "&" Söhne', "business": True, "service": ""}, {"account": "No."})
    head, *lines = text.splitlines()
    assert head == "add to mapping.toml:"
    assert lines == ["[[debtor]]", 'customer = "Müller \\"&\\" Söhne"', "business = true", "account =  # No."]
    filled = "\n".join(lines).replace("account = ", 'account = "1"')
    assert tomllib.loads(filled)["debtor"] == [{"customer": 'Müller "&" Söhne', "business": True, "account": "1"}]
