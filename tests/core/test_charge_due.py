"""Due so far − billed so far."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.billed import History
from connector.core.catalogue import ItemUnit, OverageRule
from connector.core.charge import Charge, LateRule
from connector.core.charge_due import DueCharge, due_charges
from connector.core.consumption import Usage
from connector.core.period import Period
from connector.core.pricing import HourPricing, lump
from connector.core.problems import Problem, Severity
from connector.core.quantity import Quantity, Unit
from connector.core.readings import Metric
from connector.core.reason import step
from connector.core.retainer_terms import Billing, Discount, RetainerTerms, VariablePart
from connector.core.term_end import Term
from tests.core.builders import billed_entry, eur, position
from tests.core.retainer_builders import (
    SUPPORT,
    Log,
    assess,
    codes,
    hours,
    item,
    month,
    overage,
    retainer,
    tiers,
    units_used,
    used,
    version,
    worked_item,
)

COMMAND = 'honorar accept "support/2026-01/overage/design" --reason "..."'
WORKED = (used(14, 1), used(23, 2), used(30, 3), used(5, 4))


def charges(*usage: Usage, terms: RetainerTerms | None = None, as_of: date) -> tuple[Charge, ...]:
    """Return the charges of the retainer, assessed without a problem."""
    found = assess(terms or retainer(), *usage, as_of=as_of)
    assert not found.problems
    return found.charges


def first(number: int) -> date:
    """Return the first day of a month."""
    return month(number, 1)


def lines(due: Sequence[DueCharge]) -> list[str]:
    """Return each line as it is printed, corrections marked with !."""
    return [
        f"{'!' if each.correction else ''}{each.charge.period_name}/{each.charge.part}: "
        f"{each.printed.quantity} × {each.printed.unit_price} = {each.amount.amount}"
        for each in due
    ]


def test_rule_6_what_was_billed_is_not_billed_again() -> None:
    """January's fee is due on 1 February, once; then February's."""
    log = Log()
    assert lines(log.run(charges(as_of=first(2)), first(2))) == ["2026-01/fee: 1 × 2400.00 = 2400.00"]
    assert log.run(charges(as_of=first(2)), first(2)) == ()
    assert lines(log.run(charges(as_of=first(3)), first(3))) == ["2026-02/fee: 1 × 2400.00 = 2400.00"]


def test_what_is_still_to_come_is_not_due() -> None:
    """A charge waits for the day it is billed with."""
    assert Log().due(charges(used(30), as_of=first(2)), date(2026, 1, 31)).due == ()


def test_rule_6_a_late_entry_becomes_a_correction_of_its_period() -> None:
    """Two and a half hours of January found in March: more overage, as hours × price."""
    log = Log()
    log.run(charges(used(27), as_of=first(2)), first(2))
    due = log.run(charges(used(27), used("2.5"), as_of=first(3)), first(3))
    assert lines(due) == ["2026-02/fee: 1 × 2400.00 = 2400.00", "!2026-01/overage/design: 2.50 × 130.00 = 325.00"]
    assert (due[1].billed, due[1].printed.unit) == (eur("910.00"), Unit.HOUR)
    assert dict(due[1].reason[-1].values) == {"target": "1235.00 EUR", "billed": "910.00 EUR", "due": "325.00 EUR"}


def test_rule_6_a_deleted_entry_is_given_back() -> None:
    """Overage that is no longer there is credited: −7 × 130, also where nothing of it is left."""
    log = Log()
    log.run(charges(used(27), as_of=first(2)), first(2))
    due = log.run(charges(used(5), as_of=first(3)), first(3))
    assert lines(due)[1] == "!2026-01/overage/design: -7.00 × 130.00 = -910.00"
    assert due[1].reason[0] == step("charge_gone", position="support/2026-01/overage/design")
    assert [each.rule for each in due[1].reason] == ["charge_gone", "charge_due"]
    assert log.due(charges(used(5), as_of=first(3)), first(3)).due == ()


def test_rule_6_what_is_gone_is_given_back_as_it_was_billed() -> None:
    """Of the second tier nothing is left; its credit is taxed, booked and named as the charge was."""
    ladder = overage(of=tiers((130, hours(5)), (120, None)))
    terms = replace(retainer(version("2400", item(beyond=ladder))), service="care", vat_class="reduced")
    log = Log()
    billed = log.run(charges(used(27), terms=terms, as_of=first(2)), first(2))[-1].charge
    gone = log.run(charges(used(24), terms=terms, as_of=first(2)), first(2))[-1]
    assert (gone.charge.period_name, gone.charge.part) == ("2026-01", "overage/design/2")
    assert gone.charge.as_position() == replace(billed.as_position(), quantity=Quantity(Decimal(0), Unit.HOUR))


def test_rule_6_overage_that_was_not_there_before_is_a_correction_too() -> None:
    """January was billed without overage; the late hours are named by their period."""
    log = Log()
    log.run(charges(used(5), as_of=first(2)), first(2))
    due = log.due(charges(used(27), as_of=first(3)), first(3)).due
    assert lines(due)[1] == "!2026-01/overage/design: 7.00 × 130.00 = 910.00"


def test_rule_6_closed_periods_are_recomputed_in_order() -> None:
    """Six more hours in January: the lot that February and March lived on is gone, and both are corrected."""
    terms = retainer(version("2400", worked_item()))
    log = Log()
    log.run(charges(*WORKED, terms=terms, as_of=first(4)), first(4))
    assert log.total() == 3 * 2400 + 7 * 130
    due = log.run(charges(*WORKED, used(6, 1), terms=terms, as_of=first(5)), first(5))
    assert lines(due) == [
        "2026-04/fee: 1 × 2400.00 = 2400.00",
        "!2026-02/overage/design: 3.00 × 130.00 = 390.00",
        "!2026-03/overage/design: 3.00 × 130.00 = 390.00",
    ]
    undone = log.run(charges(*WORKED, terms=terms, as_of=first(5)), first(5))
    assert [str(each.amount) for each in undone] == ["-390.00 EUR", "-390.00 EUR"]


def test_rule_6_a_changed_price_is_corrected_as_an_amount() -> None:
    """140 instead of 130: 7 × 10 is not quantity × price of the line, so 1 × 70.00."""
    log = Log()
    log.run(charges(used(27), as_of=first(2)), first(2))
    dearer = retainer(version("2400", item(beyond=overage(price="140"))))
    due = log.due(charges(used(27), terms=dearer, as_of=first(2)), first(2)).due
    assert lines(due) == ["!2026-01/overage/design: 1 × 70.00 = 70.00"]
    assert due[0].printed.unit is Unit.FLAT


def test_rule_6_a_change_of_quantity_that_does_not_multiply_out_is_an_amount() -> None:
    """One piece at 0.125 was 0.13, two are 0.25: the difference is not 1 × 0.125."""
    terms = retainer(version("0", item("design", 0, unit=ItemUnit.UNITS, beyond=overage(price="0.125"))))
    log = Log()
    log.run(charges(units_used(1), terms=terms, as_of=first(2)), first(2))
    due = log.due(charges(units_used(2), terms=terms, as_of=first(2)), first(2)).due
    assert lines(due) == ["!2026-01/overage/design: 1 × 0.12 = 0.12"]


def test_rule_6_a_change_of_unit_is_an_amount() -> None:
    """An hour was printed as 1 × 130.00, now as hours: an hour more is no hour more of the same."""
    log = Log()
    exact = replace(retainer(), pricing=HourPricing(exact=True))
    log.run(charges(used(21), terms=exact, as_of=first(2)), first(2))
    due = log.due(charges(used(22), as_of=first(2)), first(2)).due
    assert due[0].printed == lump(eur("130"))


def test_rule_6_what_is_gone_is_given_back_on_the_day_it_was_billed() -> None:
    """The overage on 1 February, the fee in advance on 1 January."""
    log = Log()
    log.run(charges(used(27), as_of=first(2)), first(2))
    assert lines(log.due(charges(as_of=first(2)), first(2)).due) == [
        "!2026-01/overage/design: -7.00 × 130.00 = -910.00"
    ]
    advance = Log()
    advance.run(charges(terms=replace(retainer(), billing=Billing.IN_ADVANCE), as_of=first(1)), first(1))
    assert lines(advance.due((), first(1)).due) == ["!2026-01/fee: -1 × 2400.00 = -2400.00"]


def test_rule_6_an_end_in_the_past_gives_back_what_was_billed_in_advance() -> None:
    """April was billed on the 1st; notice ends the retainer with March, or in the middle of April."""
    advance = replace(retainer(version("3000")), billing=Billing.IN_ADVANCE)
    log = Log()
    log.run(charges(terms=advance, as_of=first(4)), first(4))
    ended = replace(advance, term=Term(last_day=date(2026, 3, 31)))
    on = date(2026, 4, 10)
    assert lines(log.due(charges(terms=ended, as_of=on), on).due) == ["!2026-04/fee: -1 × 3000.00 = -3000.00"]
    half = replace(advance, term=Term(last_day=date(2026, 4, 15)))
    assert lines(log.due(charges(terms=half, as_of=on), on).due) == ["!2026-04/fee: -1 × 1500.00 = -1500.00"]


def test_what_is_to_be_billed_later_than_it_was_stays() -> None:
    """Billed in advance, now in arrears: January's fee is neither given back nor billed again."""
    advance = replace(retainer(), billing=Billing.IN_ADVANCE)
    log = Log()
    log.run(charges(terms=advance, as_of=first(1)), first(1))
    assert log.due(charges(as_of=date(2026, 1, 20)), date(2026, 1, 20)).due == ()
    assert log.due(charges(as_of=first(2)), first(2)).due == ()


@pytest.mark.parametrize("as_of", [date(2026, 3, 20), date(2026, 3, 31), first(2), date(2025, 12, 31)])
@pytest.mark.parametrize("billing", list(Billing))
def test_a_run_for_a_day_in_the_past_takes_nothing_back(as_of: date, billing: Billing) -> None:
    """What was billed on 1 April stays, although neither charge nor entry is there yet on the earlier day."""
    discount = Discount("d", "Start", Period(first(1), first(12)), Fraction(1, 10))
    terms = replace(retainer(), billing=billing, discounts=(discount,))
    log = Log()
    usage = (used(27, 1), used(29, 2), used(31, date(2026, 3, 31)))
    log.run(charges(*usage, terms=terms, as_of=first(4)), first(4))
    assert log.due(charges(*usage, terms=terms, as_of=as_of), as_of).due == ()


def test_rule_6_late_hold_makes_a_problem_of_a_correction() -> None:
    """It names both amounts and holds the document, until a person lets it through; the hint is what to type."""
    log = Log(LateRule.HOLD)
    log.run(charges(used(27), as_of=first(2)), first(2))
    changed = charges(used(28), as_of=first(3))
    found = log.due(changed, first(3))
    assert found.problems == (
        Problem(
            "LateChange",
            "support/2026-01/overage/design was billed at 910.00 EUR and now comes to 1040.00 EUR",
            "agreements.toml:1 support/2026-01/overage/design",
            f"undo the late change, set late = correct, or accept the correction:\n{COMMAND}",
            agreement="support",
        ),
    )
    assert lines(found.due) == ["2026-02/fee: 1 × 2400.00 = 2400.00"]
    assert lines(found.held) == ["!2026-01/overage/design: 1.00 × 130.00 = 130.00"]
    approved = {each.approval for each in found.held}
    accepted = log.due(changed, first(3), approved)
    assert (accepted.problems, accepted.held) == ((), ())
    assert lines(accepted.due)[1] == "!2026-01/overage/design: 1.00 × 130.00 = 130.00"
    again = log.due(charges(used(29), as_of=first(3)), first(3), approved)
    assert lines(again.held) == ["!2026-01/overage/design: 2.00 × 130.00 = 260.00"]


def test_rule_4_5_hold_waits_for_approval() -> None:
    """A notice until it is approved; then billed like new, however late; more waits again, less is a late change."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.HOLD))))
    log = Log()
    waiting = log.due(charges(used(27), terms=terms, as_of=first(2)), first(2))
    assert waiting.problems == (
        Problem(
            "OverageWaits",
            "Design of 2026-01: 910.00 EUR of overage wait for approval",
            "agreements.toml:1 support/2026-01/overage/design",
            f"accept it, or agree on another overage rule:\n{COMMAND}",
            Severity.NOTICE,
            "support",
        ),
    )
    log.run(charges(used(27), terms=terms, as_of=first(3)), first(3))
    approved = {each.approval for each in waiting.held}
    due = log.run(charges(used(27), terms=terms, as_of=first(3)), first(3), approved)
    assert lines(due) == ["2026-01/overage/design: 7.00 × 130.00 = 910.00"]
    more = log.due(charges(used(28), terms=terms, as_of=first(3)), first(3), approved)
    assert (lines(more.held), codes(more.problems)) == (
        ["!2026-01/overage/design: 1.00 × 130.00 = 130.00"],
        ["OverageWaits"],
    )
    less = log.due(charges(used(26), terms=terms, as_of=first(3)), first(3))
    assert lines(less.due) == ["!2026-01/overage/design: -1.00 × 130.00 = -130.00"]
    gone = log.due(charges(used(1), terms=terms, as_of=first(3)), first(3))
    assert lines(gone.due) == ["!2026-01/overage/design: -7.00 × 130.00 = -910.00"]


def test_however_little_waits_for_approval() -> None:
    """Half an hour at 1.00."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.HOLD, price="1"))))
    found = Log().due(charges(used("20.5"), terms=terms, as_of=first(2)), first(2))
    assert lines(found.held) == ["2026-01/overage/design: 0.50 × 1.00 = 0.50"]


def test_what_was_agreed_for_one_amount_is_not_agreed_for_another() -> None:
    """Seven hours were let through; by the time of the run there are eight."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.HOLD))))
    log = Log()
    waiting = log.due(charges(used(27), terms=terms, as_of=first(2)), first(2))
    approved = {each.approval for each in waiting.held}
    assert approved == {"support/2026-01/overage/design 0.00>910.00 EUR"}
    found = log.due(charges(used(28), terms=terms, as_of=first(2)), first(2), approved)
    assert lines(found.held) == ["2026-01/overage/design: 8.00 × 130.00 = 1040.00"]


def test_rule_4_5_absorbed_overage_is_shown_once() -> None:
    """7 × 0.00 beside the fee, and not again with the next one."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.ABSORB))))
    for logged in (True, False):
        log = Log()
        due = log.run(charges(used(27), terms=terms, as_of=first(2)), first(2))
        assert lines(due)[1:] == ["2026-01/overage/design: 7.00 × 0.00 = 0.00"]
        if not logged:
            log.entries = [entry for entry in log.entries if entry.computed]
        assert log.due(charges(used(27), terms=terms, as_of=first(2)), first(2)).due == ()
        assert log.due(charges(used(29), terms=terms, as_of=first(2)), first(2)).due == ()


def test_rule_4_5_absorbed_overage_is_shown_again_on_the_document_that_replaces_a_cancelled_one() -> None:
    """The customer sees what was absorbed on the document that counts."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.ABSORB))))
    log = Log()
    shown = lines(log.run(charges(used(27), terms=terms, as_of=first(2)), first(2)))
    log.cancel(first(2))
    assert lines(log.run(charges(used(27), terms=terms, as_of=first(2)), first(2))) == shown


def test_what_was_cancelled_is_billed_like_new() -> None:
    """A document taken back is due again, whole and not as a correction, although later ones stand."""
    log = Log()
    for number in (2, 3):
        log.run(charges(used(27), as_of=first(number)), first(number))
    log.cancel(first(2))
    assert lines(log.run(charges(used(27), as_of=first(4)), first(4))) == [
        "2026-01/fee: 1 × 2400.00 = 2400.00",
        "2026-03/fee: 1 × 2400.00 = 2400.00",
        "2026-01/overage/design: 7.00 × 130.00 = 910.00",
    ]


def test_cancelled_charges_that_are_gone_are_not_credited() -> None:
    """Nothing of them is billed any more."""
    log = Log()
    log.run(charges(used(27), as_of=first(2)), first(2))
    log.cancel(first(2))
    assert lines(log.due(charges(as_of=first(2)), first(2)).due) == ["2026-01/fee: 1 × 2400.00 = 2400.00"]


def test_rule_3_8_what_people_changed_does_not_count() -> None:
    """An edited line billed 100.00 less; the correction follows what was computed, and says so."""
    log = Log()
    log.run(charges(used(27), as_of=first(2)), first(2))
    log.entries[1] = replace(log.entries[1], invoiced=eur("810.00"))
    due = log.due(charges(used(28), as_of=first(2)), first(2)).due
    assert lines(due) == ["!2026-01/overage/design: 1.00 × 130.00 = 130.00"]
    assert due[0].reason[-2] == step("deviation", computed=eur("910.00"), invoiced=eur("810.00"))


def test_a_charge_billed_in_another_currency_is_a_problem() -> None:
    """Amounts of two currencies are not subtracted."""
    log = Log()
    log.run(charges(as_of=first(2)), first(2))
    swiss = replace(retainer(), versions=(replace(version(), fee=replace(eur("2400"), currency="CHF")),))
    found = log.due(charges(terms=swiss, as_of=first(2)), first(2))
    assert not found.due
    assert found.problems == (
        Problem(
            "CurrencyChanged",
            "support/2026-01/fee was billed in EUR and now comes out in CHF",
            "agreements.toml:1 support/2026-01/fee",
            "change it back, and make an agreement of its own for the other currency",
            agreement="support",
        ),
    )
    log.cancel(first(2))
    assert lines(log.due(charges(terms=swiss, as_of=first(2)), first(2)).due) == ["2026-01/fee: 1 × 2400.00 = 2400.00"]


@pytest.mark.parametrize(("start", "end"), [(None, None), (first(1), None), (None, first(1))])
def test_a_position_that_is_no_charge_is_refused(start: date | None, end: date | None) -> None:
    """The states of other positions do not belong here."""
    other = position("2026-01/fee", offer="support", start=start, end=end)
    states = History.fold([billed_entry(of=other)]).positions
    with pytest.raises(ValueError, match="was not billed as a charge"):
        due_charges(SUPPORT, [], states, first(2))


def test_corrections_stand_after_what_is_new() -> None:
    """Each by the first day of its period."""
    log = Log()
    log.run(charges(used(27), used(27, 2), as_of=first(3)), first(3))
    due = log.due(charges(used(21), used(1, 2), used(30, 3), as_of=first(4)), first(4)).due
    assert lines(due) == [
        "2026-03/fee: 1 × 2400.00 = 2400.00",
        "2026-03/overage/design: 10.00 × 130.00 = 1300.00",
        "!2026-01/overage/design: -6.00 × 130.00 = -780.00",
        "!2026-02/overage/design: -7.00 × 130.00 = -910.00",
    ]
    assert sum(each.amount.amount for each in due) == Decimal("2010.00")


def test_fees_stand_first_then_discounts_items_and_variable_parts() -> None:
    """Also where the fee changes inside the period, so that its parts begin on different days."""
    part = VariablePart("media", "Media", "spend", Fraction(8, 100))
    discount = Discount("start", "Start", Period(month(1, 5), month(1, 9)), Fraction(1, 10))
    terms = replace(
        retainer(
            version("3100", item("design", 0)),
            version("6200", item("design", 0), since=month(1, 11), variable=(part,)),
        ),
        discounts=(discount,),
    )
    found = assess(terms, used(1), metrics=[Metric("spend", "WEB", month(1, 20), Decimal(100))], as_of=first(2))
    assert [line.partition(":")[0] for line in lines(Log().due(found.charges, first(2)).due)] == [
        "2026-01/fee",
        "2026-01/fee/2026-01-11",
        "2026-01/discount/start",
        "2026-01/overage/design",
        "2026-01/variable/media",
    ]


def test_two_charges_of_one_key_are_refused() -> None:
    """One of them would be lost without a word: a fault of the program."""
    twice = charges(as_of=first(2))[:1] * 2
    with pytest.raises(ValueError, match="same key"):
        due_charges(SUPPORT, twice, {}, first(2))
