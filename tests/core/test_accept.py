"""Accepting what waits: a position that changed or vanished after it was billed (domain 3.9), or a charge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from connector.core.accept import Acceptance, AcceptError, accepted_change, waiting_charges
from connector.core.agreement import Agreement, Instalment
from connector.core.billed import BilledEntry, BilledKind
from connector.core.catalogue import OverageRule
from connector.core.feed import Feed
from connector.core.offer import Position
from tests.core.books import FEB, JAN, Books, books, codes, nets
from tests.core.builders import agreement, eur, offer, position, project, reading, schedule_terms
from tests.core.retainer_builders import hours, item, overage, retainer, tiers, version, work

ON = date(2026, 2, 20)


def accept(ours: Books, key: str = "A1/1") -> BilledEntry:
    """Accept what became of the position, and write it into the log."""
    entry = accepted_change(ours.facts(FEB), Acceptance(key, ON, "anna", "agreed by phone"))
    ours.log.append(entry)
    return entry


def refusal(ours: Books, key: str = "A1/1") -> str:
    """Return why there is nothing to accept."""
    with pytest.raises(AcceptError) as caught:
        accept(ours, key)
    return str(caught.value)


def billed(*positions: Position) -> Books:
    """Return books with half of each position billed in January."""
    ours = books(*positions)
    ours.bill(JAN, *(reading("50 %", each.key) for each in positions))
    return ours


def offered(ours: Books, *positions: Position) -> None:
    """Let the offer have these positions from now on."""
    ours.offers = [offer(*positions)] if positions else []


def test_a_changed_position_is_agreed_anew_and_catches_up() -> None:
    """Half of 5,000.00 is billed; of 6,000.00 half is 3,000.00, so 500.00 are due."""
    ours = billed(position())
    offered(ours, position("1", "6000"))
    entry = accept(ours)
    assert (entry.kind, entry.position, entry.document) == (BilledKind.CHANGE_ACCEPTED, position("1", "6000"), "")
    assert (entry.computed, entry.invoiced, entry.vanished) == (eur("0.00"), eur("0.00"), False)
    assert (entry.share_before, entry.share_after, entry.on) == (Fraction(1, 2), Fraction(1, 2), ON)
    assert (entry.who, entry.comment) == ("anna", "agreed by phone")
    assert nets(ours.plan(FEB)) == {"A1/1": "500.00"}


def test_a_vanished_position_is_given_back() -> None:
    """What was billed of it is due to the customer, once."""
    ours = billed(position(), position("2", "100"))
    offered(ours, position("2", "100"))
    entry = accept(ours)
    assert (entry.position, entry.vanished) == (position(), True)
    assert nets(ours.bill(FEB)) == {"A1/1": "-2500.00"}
    assert refusal(ours) == "position 'A1/1' has not changed since it was billed"


def test_a_position_that_came_back_is_agreed_again() -> None:
    """Its return is a change like any other."""
    ours = billed(position())
    offered(ours)
    accept(ours)
    offered(ours, position())
    assert codes(ours.plan(FEB)) == ["PositionChangedAfterBilling"]
    assert accept(ours).vanished is False
    assert codes(ours.plan(FEB)) == []


def test_a_position_may_move_to_another_agreement() -> None:
    """It is agreed there from then on."""
    ours = billed(position())
    offered(ours, position("1", "6000"))
    ours.offers = [replace(each, project="APP") for each in ours.offers]
    ours.projects = {"WEB": project(), "APP": project("APP")}
    ours.agreements = [agreement(), agreement(id_="app", project="APP")]
    assert accept(ours).agreement == "app"


def test_instalments_change_with_what_they_cover() -> None:
    """An amendment makes each instalment larger; the one that was billed is accepted."""
    ours = books(position(), agreements=[agreement(schedule_terms())])
    ours.bill(JAN)
    offered(ours, position("1", "6000"))
    entry = accept(ours, "website/instalment-1")
    assert entry.position.total == eur("3000.00")
    assert nets(ours.plan(FEB)) == {"website/instalment-1": "500.00", "website/instalment-2": "3000.00"}


def test_a_schedule_that_does_not_add_up_is_mended_first() -> None:
    """Another agreement's schedule stands in nobody's way."""
    wrong = schedule_terms(Instalment(JAN, "all", amount=eur("1.00")))
    ours = books(position(), agreements=[agreement(schedule_terms())])
    ours.bill(JAN)
    ours.agreements = [agreement(wrong)]
    assert refusal(ours, "website/instalment-1") == (
        "agreement website: the instalments add up to 1.00 EUR, the positions to 5000.00 EUR: "
        "correct the instalments so that they add up"
    )
    other = billed(position())
    other.offers = [offer(position("1", "6000")), offer(id_="B1", project="APP")]
    other.projects = {"WEB": project(), "APP": project("APP")}
    other.agreements = [agreement(wrong, id_="app", project="APP"), agreement()]
    assert accept(other).agreement == "website"


def test_what_did_not_change_is_not_accepted() -> None:
    """An acceptance nobody needs would hide the next change."""
    assert refusal(billed(position())) == "position 'A1/1' has not changed since it was billed"


def test_what_is_not_billed_may_change_as_it_likes() -> None:
    """Nothing billed, or nothing that stands."""
    assert refusal(books(position())) == "nothing is billed of position 'A1/1', so it may change as it likes"
    ours = books(position())
    plan = ours.bill(JAN, reading())
    ours.cancel(plan.documents[0].invoice.key)
    assert refusal(ours).startswith("nothing is billed of position 'A1/1'")


def test_another_currency_is_not_accepted() -> None:
    """What was billed in one cannot be compared with the other."""
    ours = billed(position())
    offered(ours, position(currency="CHF"))
    assert refusal(ours) == (
        "position A1/1 was billed in EUR and is now in CHF: change it back and make an amendment in the other currency"
    )


@pytest.mark.parametrize("agreements", [[], [replace(agreement(), terms=retainer())]])
def test_only_agreements_on_positions_lose_positions(agreements: list[Agreement]) -> None:
    """Where the agreement is gone, or bills by the period now, nothing would be given back."""
    ours = billed(position())
    offered(ours)
    ours.agreements = agreements
    assert refusal(ours) == "'A1/1' was billed by website, which is no agreement on positions today"


def with_overage_that_waits() -> Books:
    """Return the books of a retainer with seven hours beyond the allowance of January, in two tiers."""
    item_ = item(beyond=overage(OverageRule.HOLD, of=tiers((130, hours(5)), (110, None))))
    terms = retainer(version("2400", item_))
    return books(agreements=[replace(agreement(), terms=terms, feeds=(Feed("design"),))])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("website/2026-01/overage/design", ["design", "design/2"]),
        ("website/2026-01/overage/design/2", ["design/2"]),
        ("website/2026-01", ["design", "design/2"]),
        ("website", ["design", "design/2"]),
        ("website/2026-0", []),
        ("website/2026-01/fee", []),
        ("web", []),
    ],
)
def test_charges_that_wait_are_found_by_key_period_or_agreement(name: str, found: list[str]) -> None:
    """Whole parts of the key count; a tier belongs to its overage."""
    plan = with_overage_that_waits().plan(FEB, work={"website": [work(27)]})
    keys = [due.charge.key.removeprefix("website/2026-01/overage/") for due in waiting_charges(plan, name)]
    assert keys == found


def test_a_charge_is_not_accepted_as_a_position() -> None:
    """Neither one that is billed nor one that is not: nothing of it can change but what it comes to."""
    ours = with_overage_that_waits()
    refused = "nothing of 'website/2026-01/fee' waits: no overage for its approval, and no late change"
    assert refusal(ours, "website/2026-01/fee") == refused
    ours.bill(FEB)
    assert refusal(ours, "website/2026-01/fee") == refused


def test_an_offer_may_have_the_name_of_a_retainer() -> None:
    """What was billed of its positions by another agreement is accepted as ever."""
    ours = billed(position())
    offered(ours, position("1", "900"))
    ours.agreements = [*ours.agreements, replace(agreement(id_="A1", project="APP"), terms=retainer())]
    assert accept(ours).position.unit_price == 900
