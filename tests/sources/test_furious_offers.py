"""Proposals with their rate cards, and addenda, as offers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import Money
from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem, Severity
from connector.core.quantity import Quantity, Unit
from tests.sources.furious_standin import SETTINGS, World, codes
from tests.support.found import good, problems

STATES: dict[str, Any] = {"accepted": ["3"], "lost": ["1"], "sent": ["4"], "draft": ["5"]}
ADDENDUM: dict[str, Any] = {"addendum": {"states": {"accepted": ["1"], "draft": ["0"]}}}
LINES_OF_ADDENDA: dict[str, Any] = {**ADDENDUM, "line": {"addendum": "proposal_addon_id"}}


def with_fields(**fields: str) -> dict[str, Any]:
    """Return settings with fields of proposals named."""
    return {"proposal": {**SETTINGS["proposal"], **fields}}


def the_position(world: World, **settings: Any) -> Position:  # noqa: ANN401 - settings as a configuration has them
    """Return the one position of the one offer."""
    [offer] = good(world.source(**settings).offers())
    [position] = offer.positions
    return position


def the_problem(world: World, **settings: Any) -> Problem:  # noqa: ANN401 - settings as a configuration has them
    """Return the one problem; no offer comes with it."""
    [problem] = world.source(**settings).offers()
    assert isinstance(problem, Problem)
    return problem


class TestLines:
    """Lines of rate cards become positions."""

    def test_a_line_is_a_position(self) -> None:
        """The category is its text if no field is named for it; days, class of VAT and service come along."""
        world = World()
        world.row("proposal-rate-card").update(
            quantity="12.50", unit_type="day", amount="920.000000", bu_id="3", start_date="2026-01-05", end_date=None
        )
        position = the_position(world, line={"service": "bu_id", "start": "start_date", "end": "end_date"})
        assert position == Position(
            id="100",
            offer="100",
            project="100",
            label="Phase 1",
            quantity=Quantity(Decimal("12.5"), Unit.DAY),
            unit_price=Decimal(920),
            currency="EUR",
            category="Phase 1",
            service="3",
            start=date(2026, 1, 5),
            origin="furious: proposal-rate-card #100",
        )

    def test_a_third_of_ten_thousand_comes_to_ten_thousand(self) -> None:
        """Three deliveries at 3,333.333333 each: six decimals are what a unit price may have."""
        world = World()
        world.row("proposal-rate-card").update(quantity="3", unit_type="unit", amount="3333.333333")
        assert the_position(world).total == Money(Decimal("10000.00"), "EUR")

    @given(cents=st.integers(1, 10**9), quantity=st.integers(1, 9999))
    def test_a_total_is_divided_so_that_it_multiplies_out_again(self, cents: int, quantity: int) -> None:
        """Where the amount is that of the line: either the position comes to it to the cent, or it is refused."""
        world = World()
        total = Decimal(cents).scaleb(-2)
        world.row("proposal-rate-card").update(quantity=str(quantity), unit_type="unit", amount=str(total))
        [found] = world.source(price_is="line_total").offers()
        if isinstance(found, Problem):
            assert quantity > 1000
        else:
            assert [each.total.amount for each in found.positions] == [total]

    @pytest.mark.parametrize(
        ("discount", "how", "part"),
        [
            ("10", "percent", Fraction(1, 10)),
            ("2.5", "percent", Fraction(1, 40)),
            ("500", "amount", Fraction(1, 10)),
            ("5000", "amount", Fraction(1)),
            ("0", "percent", Fraction(0)),
            ("", "percent", Fraction(0)),
        ],
    )
    def test_discounts_are_percentages_or_amounts(self, discount: str, how: str, part: Fraction) -> None:
        """As the settings say; exact fractions."""
        world = World()
        world.row("proposal-rate-card")["discount"] = discount
        assert the_position(world, discount_is=how).discount == part

    def test_an_option_is_not_billed(self) -> None:
        """Nor does it count for the offer's total."""
        world = World()
        world.row("proposal-rate-card")["is_option"] = "1"
        assert not the_position(world).billable

    @pytest.mark.parametrize("vat", ["7", "7.0", "7.00"])
    def test_vat_is_a_class(self, vat: str) -> None:
        """However many decimals it is written with; 10 is not 1."""
        world = World()
        world.row("proposal-rate-card")["vat"] = vat
        assert the_position(world).vat_class == "reduced"
        world.row("proposal-rate-card")["vat"] = "10"
        assert the_position(world, vat_classes={"10": "tenth"}).vat_class == "tenth"

    def test_more_words_for_units_and_services_are_settings(self) -> None:
        """Beside those that are known."""
        world = World()
        world.row("proposal-rate-card").update(unit_type="Paket", bu_id="3")
        more = {"units": {"Paket": "flat"}, "services": {"3": "web"}, "line": {"service": "bu_id"}}
        position = the_position(world, **more)
        assert (position.quantity.unit, position.service) == (Unit.FLAT, "web")

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"amount": None}, "this field is empty: 'amount'"),
            ({"amount": "5.000,00"}, "amount is not a number"),
            ({"amount": "0.1234567"}, "amount is too fine"),
            ({"quantity": ""}, "this field is empty: 'quantity'"),
            ({"quantity": "1.00001"}, "quantity is too fine"),
            ({"quantity": "10000000", "amount": "1000000000"}, "amount out of bounds"),
            ({"unit_type": "Fass"}, "unknown: 'Fass'"),
            ({"unit_type": ""}, "unknown: ''"),
            ({"vat": "5.5"}, "no VAT class for this percentage"),
            ({"vat": ""}, "no VAT class for this percentage"),
            ({"category": ""}, "this field is empty: 'category'"),
            ({"discount": "101"}, "not a discount on 5000.00"),
            ({"discount": "-1"}, "not a discount on 5000.00"),
            ({"bu_id": "9"}, "unknown: '9'"),
            ({"is_option": "vielleicht"}, "unknown: 'vielleicht'"),
            ({"cf_position": "1/2"}, "the sign / parts offer and position"),
            ({"proposal_id": {}}, "proposal_id is neither text nor number"),
        ],
    )
    def test_a_faulty_line_withholds_its_offer(self, values: dict[str, Any], fault: str) -> None:
        """Shares would be taken of the wrong total; the record and what to do are named, other offers go on."""
        world = World()
        other = world.add("proposal", pipe="3", project_id=world.project)
        world.add_line(proposal_id=other, cf_position="1")
        world.row("proposal-rate-card").update({"cf_position": "1", "bu_id": None, **values})
        fields = {"line": {"number": "cf_position", "service": "bu_id"}, "services": {"3": "web"}}
        found = list(world.source(**fields).offers())
        [problem] = problems(found)
        assert (problem.code, problem.place) == ("BadPosition", "furious: proposal-rate-card #100")
        assert problem.message.startswith(fault)
        assert problem.hint
        assert other in [each.id for each in found if isinstance(each, Offer)]
        assert isinstance(values.get("proposal_id"), dict) or len(found) == 2

    @pytest.mark.parametrize(
        ("quantity", "fault"),
        [("0", "amount is for a quantity of nothing"), ("30001", "amount cannot be divided by a quantity of 30001")],
    )
    def test_a_total_that_cannot_be_divided_is_told(self, quantity: str, fault: str) -> None:
        """By nothing, or by so much that six decimals are not enough."""
        world = World()
        world.row("proposal-rate-card").update(amount="100.01", quantity=quantity, unit_type="unit")
        assert the_problem(world, price_is="line_total").message.startswith(fault)

    def test_two_lines_of_one_number_are_told(self) -> None:
        """Progress and the log know positions by number."""
        world = World()
        world.row("proposal-rate-card")["cf_position"] = "1"
        world.add_line(cf_position="1")
        assert "two lines of an offer have this number" in the_problem(world, line={"number": "cf_position"}).message

    def test_a_line_of_no_proposal_is_noticed(self) -> None:
        """Its proposal may have been deleted."""
        world = World()
        world.add_line(proposal_id=999)
        found = list(world.source().offers())
        [notice] = problems(found)
        assert (notice.code, notice.severity, len(found)) == ("BadPosition", Severity.NOTICE, 2)

    def test_faults_of_a_lost_offer_are_only_noticed(self) -> None:
        """Nothing of it is billed; it is withheld all the same."""
        world = World()
        world.row("proposal")["pipe"] = "1"
        world.row("proposal-rate-card")["amount"] = None
        assert the_problem(world).severity is Severity.NOTICE

    def test_a_line_without_id_withholds_all_offers(self) -> None:
        """Nobody knows whose it is."""
        world = World()
        world.api.tables["proposal-rate-card"].insert(0, {"id": ""})
        assert the_problem(world).code == "UnreadableRecord"


class TestProposals:
    """Proposals become offers."""

    def test_a_proposal_is_an_offer(self) -> None:
        """Number, project, state, title and day of acceptance."""
        world = World()
        world.row("proposal").update(cf_angebotsnummer="A-1", signature_date="2026-01-05 10:00:00")
        [offer] = good(world.source(**with_fields(number="cf_angebotsnummer")).offers())
        assert (offer.id, offer.project, offer.label, offer.state) == ("A-1", "100", "Angebot", OfferState.ACCEPTED)
        assert (offer.accepted_on, offer.origin) == (date(2026, 1, 5), "furious: proposal #100")

    @pytest.mark.parametrize(("pipe", "state"), [("3", "accepted"), ("1", "lost"), ("4", "sent"), ("5", "draft")])
    def test_states_are_those_of_the_settings(self, pipe: str, state: str) -> None:
        """What is won is never guessed."""
        world = World()
        world.row("proposal")["pipe"] = pipe
        [offer] = good(world.source(proposal={"states": STATES}).offers())
        assert offer.state.value == state

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"pipe": "9"}, "unknown: '9'"),
            ({"pipe": None}, "unknown: ''"),
            ({"project_id": "999"}, "project_id leads to no project: '999'"),
            ({"project_id": None}, "project_id leads to no project: ''"),
            ({"currency": "USD"}, "its project is in EUR, the proposal is not: 'USD'"),
            ({"signature_date": "bald"}, "signature_date is not a local day"),
            ({"cf_angebotsnummer": "A/1"}, "the sign / parts offer and position"),
            ({"cf_angebotsnummer": ""}, "this field is empty: 'cf_angebotsnummer'"),
            ({"discount": "120"}, "not a discount on 5000.00"),
        ],
    )
    def test_a_faulty_proposal_is_told_and_the_others_go_on(self, values: dict[str, Any], fault: str) -> None:
        """Its lines are not told a second time."""
        world = World()
        world.row("proposal").update({"cf_angebotsnummer": "A-1", **values})
        world.add("proposal", pipe="3", project_id=world.project, cf_angebotsnummer="A-2")
        found = list(world.source(**with_fields(number="cf_angebotsnummer")).offers())
        [problem] = problems(found)
        assert (problem.code, problem.place) == ("BadOffer", "furious: proposal #100")
        assert problem.message.startswith(fault)
        assert [each.id for each in found if isinstance(each, Offer)] == ["A-2"]

    def test_a_currency_nobody_knows_is_told(self) -> None:
        """Its minor units would be a guess."""
        world = World()
        world.row("project")["currency"] = None
        world.row("proposal")["currency"] = "XYZ"
        assert the_problem(world).message.startswith("unknown currency 'XYZ'")

    def test_what_was_not_accepted_may_have_no_project(self) -> None:
        """It becomes an offer with its project; its lines and addenda are left out with it."""
        world = World()
        world.row("proposal").update(pipe="1", project_id="0")
        world.add("proposal-addon", id=world.proposal, amount=1, status="1")
        assert list(world.source(**ADDENDUM).offers()) == []

    def test_two_of_one_number_are_told(self) -> None:
        """The first one is taken."""
        world = World()
        world.row("proposal")["cf_angebotsnummer"] = "A"
        world.add("proposal", pipe="3", project_id=world.project, cf_angebotsnummer="A")
        found = list(world.source(**with_fields(number="cf_angebotsnummer")).offers())
        assert codes(found) == ["BadOffer"]
        assert len(found) == 2

    @pytest.mark.parametrize(("discount", "how"), [("10", "percent"), ("1000", "amount")])
    def test_a_discount_on_the_whole_is_one_on_each_line(self, discount: str, how: str) -> None:
        """On top of their own; an amount is shared out by what is billed, options count for nothing."""
        world = World()
        world.row("proposal").update(discount=discount, amount="10000", discounted_amount="9000")
        world.add_line()
        world.add_line(is_option=True)
        [offer] = good(world.source(discount_is=how).offers())
        assert [each.discount for each in offer.positions] == [Fraction(1, 10)] * 3

    def test_discounts_of_line_and_offer_come_together(self) -> None:
        """10 % off what is left after 20 % is 28 % off."""
        world = World()
        world.row("proposal")["discount"] = "10"
        world.row("proposal-rate-card")["discount"] = "20"
        assert the_position(world).discount == Fraction(28, 100)

    @pytest.mark.parametrize(("amount", "discounted"), [("5000.00", None), ("9", "4500"), ("0", "5000"), (None, None)])
    def test_a_total_that_is_that_of_the_lines_is_nothing_to_tell(
        self, amount: str | None, discounted: str | None
    ) -> None:
        """Before or after discount, in either field."""
        world = World()
        world.row("proposal").update(amount=amount, discounted_amount=discounted, discount="10")
        assert good(world.source().offers())

    def test_another_total_withholds_the_offer(self) -> None:
        """A price that is read in the wrong way is not billed."""
        world = World()
        world.row("proposal")["amount"] = "15000"
        world.row("proposal-rate-card").update(quantity="3", amount="15000")
        [problem] = world.source().offers()
        assert isinstance(problem, Problem)
        assert (problem.code, problem.severity) == ("OfferTotalDiffers", Severity.HOLD)
        assert problem.message == "its lines come to 45000.00, Furious says 15000"
        assert good(world.source(**with_fields(amount="")).offers())

    def test_a_total_that_is_a_cent_off_is_noticed(self) -> None:
        """A line may be rounded otherwise."""
        world = World()
        world.row("proposal-rate-card").update(quantity="1", amount="5000.01")
        world.row("proposal")["amount"] = "5000"
        notice, offer = world.source().offers()
        assert isinstance(notice, Problem)
        assert isinstance(offer, Offer)
        assert (notice.code, notice.severity) == ("OfferTotalDiffers", Severity.NOTICE)

    def test_a_faulty_discount_on_an_offer_that_is_not_billed_is_noticed(self) -> None:
        """A draft may have a discount before it has a line."""
        world = World()
        world.row("proposal").update(discount="110", pipe="5")
        [notice] = world.source(proposal={"states": STATES}).offers()
        assert isinstance(notice, Problem)
        assert (notice.code, notice.severity) == ("BadOffer", Severity.NOTICE)


class TestAddenda:
    """Addenda become amendments."""

    def test_one_without_lines_of_its_own_is_one_position(self) -> None:
        """Its price with the proposal's VAT; its number follows from the proposal's."""
        world = World()
        world.add("proposal-addon", id=world.proposal, amount="-850", status="1", title="Entfall", discount="10")
        _, amendment = good(world.source(**ADDENDUM).offers())
        [position] = amendment.positions
        assert (amendment.id, amendment.amends, amendment.project) == ("100-A100", "100", "100")
        assert (position.key, position.label, position.total) == (
            "100-A100/1", "Entfall", Money(Decimal("-765.00"), "EUR"),
        )  # fmt: skip

    def test_lines_may_name_their_addendum(self) -> None:
        """Those that do not are the proposal's."""
        world = World()
        number = world.add("proposal-addon", id=world.proposal, amount="100", status="1", cf_nachtragsnummer="N-1")
        world.add_line(amount="100", proposal_addon_id=number)
        table = {"addendum": {**ADDENDUM["addendum"], "number": "cf_nachtragsnummer"}}
        offer, amendment = good(world.source(**{**LINES_OF_ADDENDA, **table}).offers())
        assert [each.key for each in (*offer.positions, *amendment.positions)] == ["100/100", "N-1/101"]

    def test_without_the_table_none_is_read(self) -> None:
        """Nor asked for."""
        world = World()
        world.add("proposal-addon", id=world.proposal, amount="100", status="1")
        assert len(good(world.source().offers())) == 1
        assert world.wire.searches("proposal-addon") == []

    @pytest.mark.parametrize(
        ("values", "code", "fault"),
        [
            ({"id": "999"}, "BadOffer", "id leads to no proposal: '999'"),
            ({"status": "7"}, "BadOffer", "unknown: '7'"),
            ({"amount": None}, "BadOffer", "this field is empty: 'amount'"),
            ({"amount": {}}, "BadOffer", "amount is neither text nor number"),
            ({"amount": "1.1234567"}, "BadPosition", "amount is too fine"),
        ],
    )
    def test_a_faulty_one_is_told_and_the_proposal_goes_on(self, values: dict[str, Any], code: str, fault: str) -> None:
        """With its own id."""
        world = World()
        world.add("proposal-addon", id=world.proposal, amount="100", status="1")
        world.row("proposal-addon").update(values)
        found = list(world.source(**ADDENDUM).offers())
        [problem] = problems(found)
        assert (problem.code, problem.place) == (code, "furious: proposal-addon #100")
        assert problem.message.startswith(fault)
        assert len(found) == 2

    def test_its_vat_must_have_a_class(self) -> None:
        """It is the proposal's."""
        world = World()
        world.row("proposal")["vat"] = "20"
        world.add("proposal-addon", id=world.proposal, amount="100", status="1")
        assert codes(world.source(**ADDENDUM).offers()) == ["BadPosition"]
