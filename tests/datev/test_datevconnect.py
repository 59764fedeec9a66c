from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.core.errors import AuthenticationFailed, NotFound, UnexpectedAnswer
from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Checkable, Receipt, StatusSource
from connector.core.problems import Problem
from connector.datev.datevconnect import DatevConnect
from tests.core.builders import eur
from tests.datev.samples import settings
from tests.standins import Said, Standin, datevconnect, serving
from tests.support.transports import transport_for

MUELLER, MEIER = 100010000, 100020000

RECEIPTS = [Receipt(f"key-{number}", "file", f"RE-{number}") for number in (1, 2, 3)]


@dataclass
class Premises:
    """The accounting of one client, and readers of it."""

    standin: Standin

    @property
    def books(self) -> datevconnect.DatevConnect:
        """Return the books."""
        books: datevconnect.DatevConnect = self.standin.api
        return books

    def reader(self, **wishes: Any) -> DatevConnect:  # noqa: ANN401 - any setting
        """Return a reader of the client."""
        own = {"payments": "datevconnect", "datevconnect_url": self.standin.url}
        own |= {"datevconnect_client": self.books.client, "datevconnect_user": "anna"}
        wanted = settings(**{**own, "datevconnect_password": "sesame", **wishes})
        return DatevConnect(wanted, transport_for("datev"))

    def told(self, **wishes: Any) -> list[PaymentStatus | Problem]:  # noqa: ANN401 - any setting
        """Return what the books say of the documents."""
        return list(self.reader(**wishes).statuses(RECEIPTS, None))


@pytest.fixture
def premises() -> Iterator[Premises]:
    """Yield a client with nothing booked."""
    with serving(datevconnect.api()) as standin:
        yield Premises(standin)


def test_open_part_paid_and_paid_are_told(premises: Premises) -> None:
    """With DATEV's own word; a document that is not booked yet is not told of."""
    reader = premises.reader()
    assert isinstance(reader, StatusSource)
    assert isinstance(reader, Checkable)
    assert premises.told() == []
    premises.books.bill(MUELLER, "RE-1", "119.00")
    premises.books.bill(MEIER, "RE-2", "119.00")
    premises.books.pay(MEIER, "RE-2", "50.00")
    premises.books.bill(MEIER, "RE-3", "119.00")
    premises.books.pay(MEIER, "RE-3", "119.00")
    not_dunned = Dunning(0)
    assert premises.told() == [
        PaymentStatus("key-1", PaymentState.OPEN, eur("119.00"), dunning=not_dunned, word="open"),
        PaymentStatus("key-2", PaymentState.PART_PAID, eur("69.00"), dunning=not_dunned, word="open"),
        PaymentStatus(
            "key-3",
            PaymentState.PAID,
            eur("0.00"),
            dunning=not_dunned,
            word="balancing_by_means_of_payments_or_bank_posting",
        ),
    ]


def test_a_credit_note_is_open_below_zero(premises: Premises) -> None:
    """Its balance stands on the side of Haben."""
    premises.books.bill(MUELLER, "RE-1", "-40.00")
    [status] = premises.told()
    assert isinstance(status, PaymentStatus)
    assert (status.state, status.open) == (PaymentState.OPEN, eur("-40.00"))


def test_reminders_are_told_with_their_day_and_block(premises: Premises) -> None:
    """The highest level, the day of that level, and whether dunning is blocked."""
    premises.books.bill(MUELLER, "RE-1", "119.00", has_dunning_block=True)
    premises.books.dun(MUELLER, "RE-1", 1, "2026-03-01")
    premises.books.dun(MUELLER, "RE-1", 2, "2026-03-15")
    [status] = premises.told()
    assert isinstance(status, PaymentStatus)
    assert status.dunning == Dunning(2, on=date(2026, 3, 15), blocked=True)


@pytest.mark.parametrize(("until", "blocked"), [("2026-03-31", True), ("2026-03-30", False)])
def test_a_block_may_be_until_a_day(premises: Premises, until: str, *, blocked: bool) -> None:
    """It holds on that day, and no longer."""
    premises.books.bill(MUELLER, "RE-1", "119.00", temp_dunning_block=f"{until}T00:00:00+02:00")
    reader = replace(premises.reader(), now=lambda: datetime(2026, 3, 31, 12, tzinfo=UTC))
    [status] = reader.statuses(RECEIPTS, None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning == Dunning(0, blocked=blocked)


def test_the_newest_year_that_has_an_item_knows_it_best(premises: Premises) -> None:
    """What was open at the end of a year is carried into the next and paid there; what was paid stays behind."""
    premises.books.years["20250101"] = {}
    premises.books.bill(MUELLER, "RE-1", "119.00", year="20250101")
    premises.books.bill(MUELLER, "RE-1", "119.00")
    premises.books.pay(MUELLER, "RE-1", "119.00")
    premises.books.bill(MEIER, "RE-2", "10.00", year="20250101")
    premises.books.pay(MEIER, "RE-2", "10.00", year="20250101")
    states = [each.state for each in premises.told() if isinstance(each, PaymentStatus)]
    assert states == [PaymentState.PAID, PaymentState.PAID]
    assert len(premises.told(payment_years=1)) == 1


def test_only_our_debtors_and_documents_are_asked_for(premises: Premises) -> None:
    """The filter names the range; another's item of the same number is left alone."""
    premises.books.bill(700010000, "RE-1", "5.00")
    premises.books.bill(MUELLER, "RE-17", "5.00")
    assert premises.told() == []
    assert premises.standin.asked[-1].value("filter") == ("account_number ge 100000000 and account_number le 699990000")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"currency_code": "CHF"}, "it is not in EUR"),
        ({"debit_credit_identifier": "X"}, "its balance is on no side"),
        ({"open_balance_of_item": None}, "None is no amount"),
        ({"dunning_level": "first"}, "invalid literal"),
    ],
)
def test_an_item_that_cannot_be_understood_is_told_and_the_others_go_on(
    premises: Premises, change: dict[str, object], words: str
) -> None:
    """With document and debtor."""
    premises.books.bill(MUELLER, "RE-1", "119.00", dunning_level="0")
    premises.books.years["20260101"][MUELLER, "RE-1"] |= change
    premises.books.bill(MEIER, "RE-2", "119.00")
    problem, status = premises.told()
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("OpenItemUnreadable", "debtor 10001")
    assert words in problem.message
    assert isinstance(status, PaymentStatus)


def test_a_wrong_password_or_client_is_told(premises: Premises) -> None:
    """Password and pair stand in no message."""
    premises.books.password = "other"  # noqa: S105 - a stand-in's
    with pytest.raises(AuthenticationFailed) as caught:
        premises.told()
    assert "sesame" not in str(caught.value)
    premises.books.password = ""
    with pytest.raises(NotFound, match="DCO10404 The requested resource is not available"):
        premises.told(datevconnect_client="other")


@pytest.mark.parametrize("body", [{}, [7], ["x"]])
def test_an_answer_that_is_no_list_is_told(premises: Premises, monkeypatch: pytest.MonkeyPatch, body: object) -> None:
    """Nothing is concluded from it."""
    monkeypatch.setattr(premises.books, "answer", lambda _: Said(200, body))
    with pytest.raises(UnexpectedAnswer, match="not what is documented"):
        premises.told()


def test_a_refusal_without_words_is_told_without(premises: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its status."""
    monkeypatch.setattr(premises.books, "answer", lambda _: Said(400, []))
    with pytest.raises(Exception, match="status 400"):
        premises.told()


def test_check_asks_for_the_years(premises: Premises) -> None:
    """A client without one is perhaps another one."""
    assert list(premises.reader().check()) == []
    premises.books.years.clear()
    assert [each.code for each in premises.reader().check()] == ["OpenItemsEmpty"]


@pytest.mark.parametrize("missing", ["datevconnect_client", "datevconnect_user"])
def test_settings_that_lack_something_are_refused(missing: str) -> None:
    """At check time, not in the night."""
    given = {"payments": "datevconnect", "datevconnect_client": "x", "datevconnect_user": "anna"}
    with pytest.raises(ValueError, match="needs datevconnect_client and datevconnect_user"):
        settings(**given | {missing: ""})
