"""agreements.toml as models and as values of the core."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.agreement import (
    Agreement,
    DayCount,
    DecreaseRule,
    Instalment,
    OverRule,
    ProgressMode,
    ProgressTerms,
    ScheduleTerms,
)
from connector.core.money import Money
from tests.config.folders import Folder

MANUAL = 'progress = "manual"'
SCHEDULE = 'kind = "schedule"'


def terms(folder: Folder, more: str) -> ProgressTerms:
    """Return the terms of the first agreement with more lines in it."""
    folder.put("agreements", MANUAL, f"{MANUAL}\n{more}")
    found = folder.tenant().agreements[0].terms
    assert isinstance(found, ProgressTerms)
    return found


def test_agreements_become_values_with_their_place(folder: Folder) -> None:
    """What is not written has the defaults of the core; the place is the line of [[agreement]]."""
    website, shop = folder.tenant().agreements
    assert website == Agreement(
        id="website",
        customer="K1",
        project="WEB",
        terms=ProgressTerms(ProgressMode.MANUAL),
        place="agreements.toml:1",
    )
    assert (shop.id, shop.offers, shop.payment_days, shop.place) == ("shop", ("A1", "A2"), None, "agreements.toml:9")
    assert shop.terms == ScheduleTerms(
        (
            Instalment(date(2026, 1, 31), "1. Rate", part=Fraction(2, 5)),
            Instalment(date(2026, 2, 28), "2. Rate", part=Fraction(3, 5)),
        )
    )


def test_every_key_of_progress_reaches_the_terms(folder: Folder) -> None:
    """Modes by category and position, rules, hours: as written."""
    found = terms(
        folder,
        """\
payment_days = 0
progress_by_category = { "Phase 1 – Audit" = "effort" }
progress_by_position = { "A1/3" = "units" }
differentiate = false
hours_per_day = "7.5"
over = "bill"
on_decrease = "credit"
show_unchanged = true""",
    )
    assert found == ProgressTerms(
        ProgressMode.MANUAL,
        mode_by_category={"Phase 1 – Audit": ProgressMode.EFFORT},
        mode_by_position={"A1/3": ProgressMode.UNITS},
        differentiate=False,
        hours_per_day=Decimal("7.5"),
        over=OverRule.BILL,
        on_decrease=DecreaseRule.CREDIT,
        show_unchanged=True,
    )
    assert folder.tenant().agreements[0].payment_days == 0


def test_working_days_know_the_holidays_of_the_state(folder: Folder) -> None:
    """Epiphany is a holiday in Bavaria and a working day in Hamburg."""
    found = terms(folder, 'days = "working"\nstate = "BY"')
    assert found.day_count is DayCount.WORKING
    assert date(2026, 1, 6) in found.holidays
    folder.put("agreements", '"BY"', '"HH"')
    hamburg = folder.tenant().agreements[0].terms
    assert isinstance(hamburg, ProgressTerms)
    assert date(2026, 1, 6) not in hamburg.holidays


def test_instalments_may_be_amounts(folder: Folder) -> None:
    """Amounts are exact and in the currency of the agreement."""
    folder.put("agreements", "percent = 40", 'amount = "1000.50"')
    folder.put("agreements", SCHEDULE, f'{SCHEDULE}\ncurrency = "CHF"\nlist_positions = true')
    found = folder.tenant().agreements[1].terms
    assert isinstance(found, ScheduleTerms)
    assert found.list_positions
    assert found.instalments[0].amount == Money(Decimal("1000.50"), "CHF")
    assert found.instalments[1].part == Fraction(3, 5)


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        (MANUAL, f'{MANUAL}\ndays = "working"', 1, 'days = "working" needs the state'),
        (MANUAL, f'{MANUAL}\nstate = "BY"', 1, "state has no effect without"),
        (MANUAL, f'{MANUAL}\ndays = "working"\nstate = "BX"', 9, "'BX' is not known"),
        (MANUAL, f'{MANUAL}\nhours_per_day = "0"', 8, "greater than 0"),
        (MANUAL, f"{MANUAL}\nhours_per_day = 25", 8, "less than or equal to 24"),
        (MANUAL, f"{MANUAL}\npayment_days = 366", 8, "less than or equal to 365"),
        ('id = "shop"', 'id = "my shop"', 10, "should match pattern"),
        (SCHEDULE, f'{SCHEDULE}\ncurrency = "EURO"', 12, "unknown currency 'EURO'"),
        ("percent = 40", "percent = 41", 9, "the instalments add up to 101 %, not to 100 %"),
        ("percent = 40", 'percent = 40\namount = "1"', 16, "give either amount or percent"),
        ("percent = 40\n", "", 16, "give either amount or percent"),
        ("percent = 40", 'amount = "1.005"', 9, "1.005 EUR has a fraction of the smallest unit"),
        ("percent = 40", "percent = 0", 18, "greater than 0"),
        ("2026-02-28", "2025-02-28", 9, "instalments stand in the order of their days"),
    ],
)
def test_what_could_not_be_billed_is_refused(folder: Folder, old: str, new: str, line: int, fault: str) -> None:
    """Contradictions are told when the file is read, not at the first invoice."""
    folder.put("agreements", old, new)
    problem = folder.problem()
    assert problem.place == f"agreements.toml:{line}"
    assert fault in problem.message


def test_down_payments_are_refused_in_plain_words(folder: Folder) -> None:
    """They are a different thing in VAT law, and must not pass for partial supplies."""
    folder.put("agreements", '"partial_supply"\nprogress', '"down_payment"\nprogress')
    problem = folder.problem()
    assert problem.message == (
        "agreement.instalments: down payments (Abschlagszahlungen, VAT due when paid) are not supported yet"
    )
    assert problem.place == "agreements.toml:6"


def test_the_tax_nature_of_instalments_is_never_guessed(folder: Folder) -> None:
    """Every agreement says it."""
    folder.put("agreements", 'instalments = "partial_supply"\n', "")
    assert [problem.message for problem in folder.problems()] == ["agreement.instalments: the key is missing"] * 2
