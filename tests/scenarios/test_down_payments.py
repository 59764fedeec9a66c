"""A relaunch for 30,000.00 net at 19 %, paid ahead: three down payments and a final invoice.

| day      | what is done                    | document        |        net |      VAT |     gross |
| -------- | ------------------------------- | --------------- | ---------: | -------: | --------: |
| 31 Jan.  | concept 34.21 %                 | partial invoice |   1,710.50 |   325.00 |  2,035.50 |
| 28 Feb.  | concept, one third of design    | partial invoice |   6,622.83 | 1,258.34 |  7,881.17 |
| 31 March | design, 40 % of building        | partial invoice |  12,666.67 | 2,406.67 | 15,073.34 |
| 30 April | everything                      | final invoice   |            |          |           |
|          | `final = "remainder"`           |                 |   9,000.00 | 1,710.00 | 10,710.00 |
|          | `final = "full"`                |                 |  30,000.00 | 5,700.00 | 35,700.00 |
|          | … of which prepaid              |                 |            |          | 24,990.01 |
|          | … left to pay                   |                 |            |          | 10,709.99 |

1,710.50 × 19 % is 324.995, rounded half away from zero: 325.00; deducted, it is −325.00.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connector.core.invoice import Invoice
from connector.datev.read import records_of
from connector.datev.records import Field
from connector.wiring import open_workspace
from tests.support.commands import Ran, honorar
from tests.support.down_payments import paid_ahead
from tests.support.small_tenant import write_ledger

JANUARY, FEBRUARY, MARCH, APRIL, MAY = "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"

DONE, HELD, REFUSED = 0, 1, 3


@dataclass(frozen=True)
class Agency:
    """The tenant's folder, and what a person types."""

    folder: Path

    def types(self, *command: str) -> Ran:
        """Return what the command said, as JSON."""
        return honorar("--config", self.folder, "--json", "--user", "Anna", *command)

    def runs(self, day: str) -> list[tuple[str, str, str]]:
        """Return what the month's run billed: kind, net and gross of each document."""
        return [
            (each["kind"], each["net"], each["gross"]) for each in self.types("run", "--as-of", day).json["documents"]
        ]

    def pays(self, *numbers: str) -> None:
        """Record that the documents are paid."""
        for number in numbers:
            assert self.types("paid", f"RE-2026-000{number}", "--on", APRIL, "--as-of", APRIL).code == DONE

    def asks_ahead(self) -> None:
        """Bill the three down payments."""
        for day in (JANUARY, FEBRUARY, MARCH):
            assert self.runs(day)

    def invoice(self, number: str) -> Invoice:
        """Return a document as it is stored."""
        with open_workspace(self.folder) as space:
            return space.store.billing.document(f"RE-2026-000{number}").invoice

    def states(self) -> dict[str, str]:
        """Return the state of each document by the last digit of its number."""
        return {each["number"][-1]: each["state"] for each in self.types("documents").json["documents"]}

    def booked(self, number: str) -> list[tuple[str, ...]]:
        """Return amount, side, accounts and reversal flag of the rows in the files that carry the number."""
        wanted = (Field.AMOUNT, Field.SIDE, Field.ACCOUNT, Field.CONTRA_ACCOUNT, Field.REVERSAL)
        return [
            tuple(row[field - 1] for field in wanted)
            for file in sorted((self.folder / "out").glob("EXTF_Buchungsstapel_*.csv"))
            for row in records_of(file)
            if row[Field.DOCUMENT_NUMBER - 1] == f"RE-2026-000{number}"
        ]

    def invoiced(self) -> dict[str, str]:
        """Return per phase what the log says was invoiced in all."""
        with open_workspace(self.folder) as space:
            positions = space.store.billing.history().positions
            assert all(state.computed == state.invoiced for state in positions.values())
            return {key[-1]: str(state.invoiced.amount) for key, state in positions.items()}


WHOLE = {"1": "5000.00", "2": "10000.00", "3": "15000.00"}

PARTIALS = [
    ("partial", "1710.50", "2035.50"),
    ("partial", "6622.83", "7881.17"),
    ("partial", "12666.67", "15073.34"),
]

Make = Callable[..., Agency]


@pytest.fixture
def agency(tmp_path: Path) -> Make:
    """Return what makes the agency, with more keys in its agreement."""
    return lambda **keys: Agency(paid_ahead(tmp_path / "agency", **keys))


def lines(document: Invoice) -> list[tuple[str, str]]:
    """Return what each line says and costs."""
    return [(line.text, str(line.net.amount)) for line in document.lines]


PHASES = [("Concept", "5000.00"), ("Design", "10000.00"), ("Building", "15000.00")]


def test_the_remainder_is_asked_for_by_negative_lines(agency: Make) -> None:
    """The whole, less each down payment with its own VAT: 9,000.00 are left, and nothing is due after that."""
    ours = agency()
    assert [each for day in (JANUARY, FEBRUARY, MARCH) for each in ours.runs(day)] == PARTIALS
    ours.pays("1", "2", "3")
    assert ours.runs(APRIL) == [("final", "9000.00", "10710.00")]
    assert lines(ours.invoice("4")) == [
        *PHASES,
        ("less: Partial invoice RE-2026-0001 of 2026-01-31", "-1710.50"),
        ("less: Partial invoice RE-2026-0002 of 2026-02-28", "-6622.83"),
        ("less: Partial invoice RE-2026-0003 of 2026-03-31", "-12666.67"),
    ]
    assert ours.invoiced() == WHOLE
    assert ours.runs(MAY) == []


def test_the_full_shape_names_what_was_prepaid(agency: Make) -> None:
    """The whole with its VAT, and each down payment with its own as a reference: 10,709.99 are left to pay."""
    ours = agency(final="full")
    ours.asks_ahead()
    ours.pays("1", "2", "3")
    [document] = ours.types("run", "--as-of", APRIL).json["documents"]
    assert (document["net"], document["gross"]) == ("30000.00", "35700.00")
    assert (document["prepaid"], document["payable"]) == ("24990.01", "10709.99")
    assert [(each["number"], each["vat"][0]["base"], each["vat"][0]["amount"]) for each in document["prepayments"]] == [
        ("RE-2026-0001", "1710.50", "325.00"),
        ("RE-2026-0002", "6622.83", "1258.34"),
        ("RE-2026-0003", "12666.67", "2406.67"),
    ]
    assert lines(ours.invoice("4")) == PHASES
    assert ours.invoice("4").notes == (
        "Partial invoice RE-2026-0001 of 2026-01-31: 1,710.50 EUR net, 325.00 EUR VAT, 2,035.50 EUR gross",
        "Partial invoice RE-2026-0002 of 2026-02-28: 6,622.83 EUR net, 1,258.34 EUR VAT, 7,881.17 EUR gross",
        "Partial invoice RE-2026-0003 of 2026-03-31: 12,666.67 EUR net, 2,406.67 EUR VAT, 15,073.34 EUR gross",
    )
    assert ours.invoiced() == WHOLE


@pytest.mark.parametrize(
    ("shape", "rows"),
    [
        ("remainder", [("35700,01", "S", "10001", "8400", ""), ("24990,01", "H", "10001", "1718", "")]),
        (
            "full",
            [
                ("35700,00", "S", "10001", "8400", ""),
                ("2035,50", "H", "10001", "1718", ""),
                ("7881,17", "H", "10001", "1718", ""),
                ("15073,34", "H", "10001", "1718", ""),
            ],
        ),
    ],
)
def test_down_payments_pass_by_revenue(agency: Make, shape: str, rows: list[tuple[str, ...]]) -> None:
    """They wait on an account of their own, gross; the final invoice takes them off again to the cent."""
    ours = agency(final=shape)
    ours.asks_ahead()
    ours.pays("1", "2", "3")
    ours.runs(APRIL)
    assert [ours.booked(number) for number in "123"] == [
        [("2035,50", "S", "10001", "1593", "")],
        [("7881,17", "S", "10001", "1593", "")],
        [("15073,34", "S", "10001", "1593", "")],
    ]
    assert ours.booked("4") == rows


THREE_AND_THE_REST = """
[[agreement]]
id = "relaunch"
kind = "schedule"
customer = "K1"
project = "WEB"
instalments = "down_payment"
instalment = [
    { date = 2026-01-31, percent = 30, text = "When ordered" },
    { date = 2026-02-28, percent = 30, text = "When designed" },
    { date = 2026-03-31, percent = 30, text = "When online" },
    { date = 2026-04-30, percent = 10, text = "When accepted" },
]
"""


def test_fixed_instalments_are_paid_ahead_too(agency: Make) -> None:
    """30, 30 and 30 percent of 30,000.00 ahead; the last instalment makes the final invoice: 3,000.00 are left."""
    ours = agency()
    (ours.folder / "agreements.toml").write_text(THREE_AND_THE_REST, encoding="utf-8")
    assert [each for day in (JANUARY, FEBRUARY, MARCH) for each in ours.runs(day)] == [
        ("partial", "9000.00", "10710.00")
    ] * 3
    ours.pays("1", "2", "3")
    assert ours.runs(APRIL) == [("final", "3000.00", "3570.00")]
    assert ours.booked("4") == [("35700,00", "S", "10001", "8400", ""), ("32130,00", "H", "10001", "1718", "")]


def test_an_unpaid_down_payment_holds_the_final_invoice(agency: Make) -> None:
    """Nothing is deducted that nobody paid, and nothing asked for twice: the operator is asked."""
    ours = agency()
    ours.asks_ahead()
    ours.pays("1", "2")
    held = ours.types("run", "--as-of", APRIL)
    assert (held.code, held.json["documents"]) == (HELD, [])
    [problem] = held.json["problems"]
    assert problem["code"] == "DownPaymentsUnpaid"
    assert problem["message"] == "the final invoice of agreement relaunch is due, but not paid are: RE-2026-0003"
    assert problem["hint"] == (
        'record payments with honorar paid, cancel the others with honorar cancel, or set unpaid = "leave_open"'
    )
    ours.pays("3")
    assert ours.runs(APRIL) == [("final", "9000.00", "10710.00")]


def test_an_unpaid_down_payment_is_cancelled(agency: Make) -> None:
    """The final invoice asks for its money: 9,000.00 and 12,666.67."""
    ours = agency()
    ours.asks_ahead()
    ours.pays("1", "2")
    cancelled = ours.types("cancel", "RE-2026-0003", "--reason", "never paid", "--as-of", APRIL)
    assert (cancelled.json["correction"]["number"], cancelled.json["correction"]["gross"]) == (
        "RE-2026-0004",
        "-15073.34",
    )
    assert ours.runs(APRIL) == [("final", "21666.67", "25783.34")]
    assert ours.invoiced() == WHOLE


def test_an_unpaid_down_payment_is_left_open(agency: Make) -> None:
    """The final invoice does not deduct it; cancelled afterwards, it is not due again, for its money was asked for."""
    ours = agency(unpaid="leave_open")
    ours.asks_ahead()
    ours.pays("1", "2")
    assert ours.runs(APRIL) == [("final", "21666.67", "25783.34")]
    assert ours.states() == {"1": "paid", "2": "paid", "3": "accepted", "4": "accepted"}
    assert ours.types("cancel", "RE-2026-0003", "--reason", "replaced by RE-2026-0004", "--as-of", MAY).code == DONE
    assert ours.runs(MAY) == []
    assert ours.invoiced() == WHOLE


def test_a_cancelled_final_invoice_frees_what_it_took_over(agency: Make) -> None:
    """First the down payment nobody paid, then the final invoice is cancelled: the next one asks for both."""
    ours = agency(unpaid="leave_open")
    ours.asks_ahead()
    ours.pays("1", "2")
    ours.runs(APRIL)
    for number in ("RE-2026-0003", "RE-2026-0004"):
        ours.types("cancel", number, "--reason", "wrong address", "--as-of", MAY)
    assert ours.runs(MAY) == [("final", "21666.67", "25783.34")]
    assert ours.invoiced() == WHOLE


def test_a_down_payment_that_is_deducted_and_then_cancelled_is_due_again(agency: Make) -> None:
    """The money went back: the final invoice counted on it, so it is billed anew, as an invoice."""
    ours = agency()
    ours.asks_ahead()
    ours.pays("1", "2", "3")
    ours.runs(APRIL)
    refused = ours.types("cancel", "RE-2026-0003", "--reason", "charged back", "--as-of", MAY)
    assert refused.code == REFUSED
    assert refused.json["error"] == (
        "document RE-2026-0003 is paid (give the money back, take the payment off with honorar unpaid, then cancel)"
    )
    assert ours.types("unpaid", "RE-2026-0003", "--reason", "charged back").json["state"] == "open"
    assert ours.types("cancel", "RE-2026-0003", "--reason", "charged back", "--as-of", MAY).code == DONE
    assert ours.runs(MAY) == [("invoice", "12666.67", "15073.34")]
    assert ours.invoiced() == WHOLE


def test_a_document_handed_over_is_cancelled_and_billed_again(agency: Make) -> None:
    """A correction with the next number, booked as Generalumkehr; what it freed is billed again to the same amount."""
    ours = agency()
    ours.runs(JANUARY)
    ours.runs(FEBRUARY)
    told = ours.types("cancel", "RE-2026-0002", "--reason", "wrong address", "--as-of", FEBRUARY).json["correction"]
    assert (told["number"], told["kind"], told["corrects"]) == ("RE-2026-0003", "correction", "RE-2026-0002")
    assert (told["net"], told["gross"]) == ("-6622.83", "-7881.17")
    assert ours.runs(FEBRUARY) == [("partial", "6622.83", "7881.17")]
    assert ours.states() == {"1": "accepted", "2": "cancelled", "3": "accepted", "4": "accepted"}
    # Belegfeld 1, side and accounts are those of the original; the flag in field 118 turns the effect.
    assert ours.booked("2") == [
        ("7881,17", "S", "10001", "1593", ""),
        ("7881,17", "S", "10001", "1593", "1"),
    ]
    assert ours.booked("3") == []
    assert ours.booked("4") == [("7881,17", "S", "10001", "1593", "")]
    assert ours.types("log", "A1/2").json["entries"][1] | {"key": ""} == {
        "on": FEBRUARY,
        "kind": "reversed",
        "document": "RE-2026-0002",
        "key": "",
        "share_before": "1/3",
        "share_after": "0",
        "quantity": "-0.3333",
        "currency": "EUR",
        "computed": "-3333.33",
        "invoiced": "-3333.33",
        "who": "Anna",
        "comment": "wrong address",
    }


def test_a_correction_is_booked_where_the_document_was(agency: Make) -> None:
    """Even if the mapping says something else by then."""
    ours = agency()
    ours.runs(JANUARY)
    mapping = ours.folder / "mapping.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("1593", "1595"), encoding="utf-8")
    ours.types("cancel", "RE-2026-0001", "--reason", "wrong address", "--as-of", JANUARY)
    assert ours.runs(JANUARY) == PARTIALS[:1]
    assert [row[3] for row in ours.booked("1") + ours.booked("3")] == ["1593", "1593", "1595"]


def test_a_cancelled_draft_leaves_a_void_number(agency: Make) -> None:
    """Nobody has seen it, so there is nothing to correct; its number is not given again."""
    ours = agency(approval="manual")
    ours.runs(JANUARY)
    cancelled = ours.types("cancel", "RE-2026-0001", "--reason", "wrong customer", "--as-of", JANUARY)
    assert (cancelled.code, cancelled.json) == (DONE, {"correction": None, "problems": []})
    assert ours.runs(JANUARY) == PARTIALS[:1]
    assert ours.states() == {"1": "cancelled", "2": "draft"}
    with open_workspace(ours.folder) as space:
        assert str(space.store.billing.history().positions["A1/1"].computed) == "1710.50 EUR"


def test_a_held_draft_waits_until_it_is_released(agency: Make) -> None:
    """`approve --all` passes it by; once released, it goes out with the others."""
    ours = agency(approval="manual")
    ours.runs(JANUARY)
    ours.runs(FEBRUARY)
    assert ours.types("hold", "RE-2026-0001", "--reason", "ask the customer").json["state"] == "held"
    assert len(ours.types("approve", "--all").json["documents"]) == 1
    assert ours.states() == {"1": "held", "2": "queued"}
    assert ours.types("release", "RE-2026-0001").json["state"] == "draft"
    assert len(ours.types("approve", "--all").json["documents"]) == 1
    refused = ours.types("hold", "RE-2026-0001", "--reason", "again")
    assert (refused.code, refused.json["error"]) == (
        REFUSED,
        "document RE-2026-0001 is queued: only a draft can be held; what is approved can be cancelled",
    )
    deeds = [(deed["who"], deed["action"], deed["details"].get("why")) for deed in _deeds(ours, "RE-2026-0001")]
    assert deeds == [
        ("Anna", "document draft", None),
        ("Anna", "document held", "ask the customer"),
        ("Anna", "document draft", ""),
        ("Anna", "document booked anew", None),
        ("Anna", "document approved", ""),
    ]


def _deeds(ours: Agency, subject: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ours.types("audit", subject).json["deeds"]
    return found


CHEAPER_DESIGN = """\
    offer;position;category;label;quantity;unit;unit_price;currency;vat_class;service
    A1;1;Concept;Concept;1;pauschal;5.000,00;EUR;standard;web
    A1;2;Design;Design;1;pauschal;8.000,00;EUR;standard;web
    A1;3;Building;Building;1;pauschal;15.000,00;EUR;standard;web
    """

NO_DESIGN = """\
    offer;position;category;label;quantity;unit;unit_price;currency;vat_class;service
    A1;1;Concept;Concept;1;pauschal;5.000,00;EUR;standard;web
    A1;3;Building;Building;1;pauschal;15.000,00;EUR;standard;web
    """

LESS_PROGRESS = """\
    date;project;position;share
    28.02.2026;WEB;A1/1;100 %
    31.03.2026;WEB;A1/3;40 %
    30.04.2026;WEB;A1/3;100 %
    """


def test_an_accepted_change_catches_up_in_money(agency: Make) -> None:
    """A third of 10,000.00 is billed; the position is 8,000.00 now: held, accepted, and 4,666.67 are left of it."""
    ours = agency()
    ours.runs(JANUARY)
    ours.runs(FEBRUARY)
    write_ledger(ours.folder, "positions", CHEAPER_DESIGN)
    held = ours.types("run", "--as-of", MARCH)
    assert (held.code, [problem["code"] for problem in held.json["problems"]]) == (
        HELD,
        ["PositionChangedAfterBilling"],
    )
    accepted = ours.types("accept", "A1/2", "--reason", "agreed by phone", "--as-of", MARCH)
    assert (accepted.code, accepted.json["vanished"], accepted.json["comment"]) == (DONE, False, "agreed by phone")
    assert ours.runs(MARCH) == [("partial", "10666.67", "12693.34")]
    assert [(deed["who"], deed["action"], deed["details"]) for deed in _deeds(ours, "A1/2")] == [
        ("Anna", "change accepted", {"why": "agreed by phone"})
    ]
    again = ours.types("accept", "A1/2", "--reason", "agreed by phone", "--as-of", MARCH)
    assert again.code == REFUSED
    assert again.json["error"].startswith("position 'A1/2' has not changed since it was billed (honorar plan")


def test_an_accepted_loss_is_given_back_by_the_final_invoice(agency: Make) -> None:
    """The design is off after a third of it was paid: the final invoice shows it at 0.00 and deducts what was paid."""
    ours = agency()
    ours.runs(JANUARY)
    ours.runs(FEBRUARY)
    ours.pays("1", "2")
    write_ledger(ours.folder, "positions", NO_DESIGN)
    write_ledger(ours.folder, "progress", LESS_PROGRESS)
    held = ours.types("run", "--as-of", APRIL)
    assert [problem["message"] for problem in held.json["problems"]] == ["position A1/2 is gone after it was billed"]
    assert ours.types("accept", "A1/2", "--reason", "cancelled by the customer", "--as-of", APRIL).json["vanished"]
    assert ours.runs(APRIL) == [("final", "11666.67", "13883.34")]
    assert lines(ours.invoice("3"))[:3] == [("Concept", "5000.00"), ("Building", "15000.00"), ("Design", "0.00")]
    assert ours.invoiced() == {"1": "5000.00", "2": "0.00", "3": "15000.00"}
    assert ours.runs(MAY) == []


def test_a_selection_holds_until_it_is_changed(agency: Make) -> None:
    """Only the concept goes onto the document, run after run; the rest stays due."""
    ours = agency()
    assert ours.types("pull", "--as-of", FEBRUARY).code == DONE
    assert ours.types("select", "relaunch", "A1/1").json == {"agreement": "relaunch", "positions": ["A1/1"]}
    assert ours.runs(JANUARY) == PARTIALS[:1]
    assert ours.runs(FEBRUARY) == [("partial", "3289.50", "3914.51")]
    assert ours.runs(FEBRUARY) == []
    assert ours.types("select", "relaunch", "--all").json == {"agreement": "relaunch", "positions": []}
    assert ours.runs(FEBRUARY) == [("partial", "3333.33", "3966.66")]
    unknown = ours.types("select", "relaunch", "A1/9")
    assert (unknown.code, unknown.json["error"]) == (
        REFUSED,
        "agreement relaunch has no position or category 'A1/9' (did you mean 'A1/3'?)",
    )


def test_a_selection_never_closes_a_project(agency: Make) -> None:
    """A final invoice states the whole: while part of it is left out, there is none."""
    ours = agency()
    ours.asks_ahead()
    ours.pays("1", "2", "3")
    ours.types("select", "relaunch", "Building", "Concept")
    assert ours.runs(APRIL) == [("partial", "9000.00", "10710.00")]


def test_a_payment_to_come_is_not_recorded(agency: Make) -> None:
    """The day is that of the money, not of a promise; a draft cannot be paid at all."""
    ours = agency(approval="manual")
    ours.runs(JANUARY)
    future = ours.types("paid", "RE-2026-0001", "--on", FEBRUARY, "--as-of", JANUARY)
    assert (future.code, future.json["error"]) == (
        REFUSED,
        "2026-02-28 is later than 2026-01-31 (give the day the money arrived)",
    )
    draft = ours.types("paid", "RE-2026-0001", "--on", JANUARY, "--as-of", JANUARY)
    assert (draft.code, draft.json["error"]) == (
        REFUSED,
        "document RE-2026-0001 is draft: only what was handed over and is open can be paid",
    )


def test_people_read_the_same_in_words(agency: Make) -> None:
    """Tables name the kinds, what was prepaid and what is left; the audit trail says who did what."""
    ours = agency(final="full")
    ours.asks_ahead()
    ours.pays("1", "2", "3")
    told = honorar("--config", ours.folder, "run", "--as-of", APRIL).out
    assert "RE-2026-0004  Final invoice · relaunch · Möwe GmbH" in told
    assert "-1,710.50    -325.00      -2,035.50" in told
    assert [line.split()[-3:] for line in told.splitlines() if "Amount due" in line] == [["due", "10,709.99", "EUR"]]
    cancelled = honorar("--config", ours.folder, "cancel", "RE-2026-0004", "--reason", "typo", "--as-of", APRIL)
    assert "RE-2026-0005  Correction · relaunch · Möwe GmbH" in cancelled.out
    trail = honorar("--config", ours.folder, "audit", "RE-2026-0004").out
    assert "document cancelled  RE-2026-0004  reason: typo, correction: RE-2026-0005" in trail
