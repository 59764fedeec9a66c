from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connector.core.dunning import Debtor, Procedure
from tests.config.folders import Folder
from tests.core.builders import eur

FULL = """\
due_dates = "stated"
receipt_days = 4
consumers_told = true
unnamed_customers = "business"
settled_within = 2

[[level]]
days = 7

[[level]]
days = 21
pay_within = 10
fee = "2.50"
interest = true
lump_sum = true
name = "Mahnung"
name_en = "Dunning"
text = "Bitte {total} bis {pay_by}."
text_en = "Please, {total} by {pay_by}."

[[base_rate]]
from = 2027-01-01
percent = "1.77"
"""


@pytest.fixture
def dunning(folder: Folder) -> Folder:
    """Return a tenant that reminds."""
    (folder.path / "dunning.toml").write_text(FULL, encoding="utf-8")
    return folder


def procedure(folder: Folder) -> Procedure:
    """Return how the tenant reminds."""
    found = folder.tenant().dunning
    assert found
    return found


def test_without_the_file_nobody_is_reminded(folder: Folder) -> None:
    """It is the one file that may be missing; with it, the hash of the configuration changes."""
    before = folder.tenant()
    assert before.dunning is None
    (folder.path / "dunning.toml").write_text(FULL, encoding="utf-8")
    assert folder.tenant().config_hash != before.config_hash


def test_it_says_all_that_a_procedure_needs(dunning: Folder) -> None:
    """Settings, and levels counted from one."""
    found = procedure(dunning)
    assert (found.agreed, found.receipt_days, found.consumers_told, found.settled_within) == (False, 4, True, 2)
    assert found.unnamed is Debtor.BUSINESS
    assert (found.rates[date(2026, 7, 1)], found.rates[date(2027, 1, 1)]) == (Decimal("1.52"), Decimal("1.77"))
    first, second = found.levels
    assert (first.number, first.days, first.pay_within, first.fee) == (1, 7, 7, eur(0))
    assert (first.interest, first.lump_sum) == (False, False)
    assert (second.number, second.days, second.pay_within, second.fee) == (2, 21, 10, eur("2.50"))
    assert (second.interest, second.lump_sum) == (True, True)
    assert second.names == {"de": "Mahnung", "en": "Dunning"}
    assert second.texts == {"de": "Bitte {total} bis {pay_by}.", "en": "Please, {total} by {pay_by}."}


def test_names_and_texts_may_be_left_out(dunning: Folder) -> None:
    """Each by itself, in each language; the last of three says that it is the last."""
    dunning.put("dunning", 'name_en = "Dunning"\ntext = "Bitte {total} bis {pay_by}."\n', "")
    dunning.add("dunning", "\n[[level]]\ndays = 35\n")
    first, second, third = procedure(dunning).levels
    assert first.names == {"de": "Zahlungserinnerung", "en": "Payment reminder"}
    assert "{pay_by}" in first.texts["de"]
    assert second.names == {"de": "Mahnung", "en": "Reminder 1"}
    assert "trotz unserer Erinnerung" in second.texts["de"]
    assert second.texts["en"] == "Please, {total} by {pay_by}."
    assert third.names == {"de": "Letzte Mahnung", "en": "Final reminder"}


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("receipt_days = 4\n", "", "ConfigMissingKey", '"stated" needs receipt_days'),
        ('due_dates = "stated"', 'due_dates = "state"', "ConfigWrongValue", "due_dates: 'state' is not known"),
        ("days = 21", "days = 7", "ConfigWrongValue", "level.days: 7 days do not come after 7"),
        ('fee = "2.50"', 'fee = "2.505"', "ConfigWrongValue", "has a fraction of the smallest unit"),
        ('fee = "2.50"', "fee = 2.5", "ConfigFloat", "level.fee: 2.5 is a floating-point number"),
        ('fee = "2.50"', 'fee = "-1"', "ConfigWrongValue", "level.fee"),
        ("Bitte {total}", "Bitte {sum}", "ConfigWrongValue", "{sum} is not known here; a text may use {number}"),
        ('"Mahnung"', '"Mahnung nach vielen Wochen"', "ConfigWrongValue", "at most 25 characters"),
        ("from = 2027-01-01", "from = 2027-02-01", "ConfigWrongValue", "base rates begin on 1 January and 1 July"),
        ("interest = true", 'interest = "yes"', "ConfigWrongType", "is not true or false"),
        ("settled_within", "setled_within", "ConfigUnknownKey", "unknown key"),
    ],
)
def test_faults_are_told_with_their_lines(dunning: Folder, old: str, new: str, code: str, says: str) -> None:
    """Like those of the other files."""
    line = dunning.text("dunning").partition(old)[0].count("\n") + 1
    dunning.put("dunning", old, new)
    problem = dunning.problem()
    assert problem.code == code
    assert says in problem.message
    assert problem.place in (f"dunning.toml:{line}", "dunning.toml:1")


def test_a_file_without_levels_is_none(dunning: Folder) -> None:
    """At least one is needed; a file that is no TOML is told alone."""
    (dunning.path / "dunning.toml").write_text('due_dates = "agreed"\n', encoding="utf-8")
    assert dunning.problem().code == "ConfigMissingKey"
    (dunning.path / "dunning.toml").write_text("due_dates = agreed\n", encoding="utf-8")
    assert [each.code for each in dunning.problems()] == ["ConfigSyntax"]
