from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import ConfigError
from connector.core.problems import Severity
from tests.sinks.tryton.books import sink
from tests.standins import Standin


def test_a_sound_connection_has_nothing_to_tell(there: Standin) -> None:
    """Once the countries are loaded."""
    there.api.add("country.country", code="DE")
    assert list(sink(there).check()) == []


def test_everything_that_is_missing_is_told_at_once(there: Standin) -> None:
    """Journal, account of receivables, taxes: each by its setting."""
    there.api.tables["account.journal"].clear()
    there.api.tables["account.configuration"][1]["default_account_receivable"] = None
    taxes = {"S 19": "USt 7 %", "S 7": "MwSt", "AE": "USt 19 %", "UST7": "USt 7 %"}
    found = [problem for problem in sink(there, taxes=taxes).check() if problem.holds]
    assert [(each.code, each.message, each.place) for each in found] == [
        ("SetupMissing", "Tryton has no revenue journal", "tryton: journal"),
        ("SetupMissing", "Tryton has no default account of receivables", "tryton: receivable"),
        ("SetupMissing", "tax 'USt 7 %' in Tryton is not S 19", "tryton: taxes"),
        ("SetupMissing", "Tryton has no tax 'MwSt'", "tryton: taxes"),
        ("SetupMissing", "tax 'USt 19 %' in Tryton is not AE", "tryton: taxes"),
    ]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"childs": [1]}, "is not a plain percentage"),
        ({"type": "fixed"}, "is not a plain percentage"),
        ({"credit_note_account": None}, "lacks an account"),
    ],
)
def test_a_tax_that_cannot_be_used_is_told(there: Standin, values: dict[str, Any], fault: str) -> None:
    """Groups of taxes, fixed amounts, and taxes without both accounts."""
    there.api.add_tax("Besondere", Decimal("0.19"), **values)
    [problem] = [each for each in sink(there, taxes={"S 19": "Besondere"}).check() if each.holds]
    assert problem.message == f"tax 'Besondere' {fault}"


def test_of_several_one_has_to_be_named(there: Standin) -> None:
    """A company and a journal are chosen by the settings; an unknown one is told."""
    there.api.add("company.company", party=there.api.add("party.party", name="Zweite GmbH"), currency=1)
    with pytest.raises(ConfigError, match="Tryton has 2 of company"):
        list(sink(there).check())
    with pytest.raises(ConfigError, match="Tryton has no company 'Dritte GmbH'"):
        list(sink(there, company="Dritte GmbH").check())
    there.api.add("account.journal", code="REV2", type="revenue")
    found = [each.message for each in sink(there, company="Agentur Muster GmbH").check() if each.holds]
    assert found == ["Tryton has 2 of revenue journal"]
    chosen = {"company": "Agentur Muster GmbH", "journal": "REV2", "receivable": "1.2.1"}
    assert [each for each in sink(there, **chosen).check() if each.holds] == []


def test_an_account_of_receivables_that_is_not_there_is_told(there: Standin) -> None:
    """By its code."""
    [problem] = [each for each in sink(there, receivable="1400").check() if each.holds]
    assert problem.message == "Tryton has no account '1400'"


def test_rights_are_asked_for(there: Standin) -> None:
    """To create invoices and customers; whoever may not see dunning is not told of it."""
    there.api.groups.clear()
    found = list(sink(there).check())
    assert [each.severity for each in found] == [Severity.HOLD, Severity.HOLD, Severity.NOTICE, Severity.NOTICE]
    assert "may not create account.invoice" in found[0].message
    assert "dunning will not be told" in found[2].message
