from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import StringIO
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from connector.console import MOST_LABELS, Screen
from connector.console.tables import LOG_WIDTH
from connector.console.words import DEEDS, WORDS
from connector.core.billed import BilledKind
from connector.core.catalogue import OverageRule
from connector.core.charge_due import DueCharge
from connector.core.dues import Rest, Untouched
from connector.core.invoice import DocumentKind, Prepayment
from connector.core.lifecycle import DocumentState
from connector.core.ports import Changes
from connector.core.problems import Problem, Severity
from connector.core.standing import Standing
from connector.core.texts import LANGUAGES
from connector.jobs.pull import PulledSource
from connector.jobs.push import Pushed
from connector.jobs.states import HOLD, PAID, RELEASE, UNPAID
from connector.store import AuditRow, DocumentSummary, ExportSummary
from tests.core.builders import JANUARY, billed_entry, eur, invoice, line, party, position
from tests.core.retainer_builders import YEAR_END, Log, assess, item, overage, retainer, used, version
from tests.support.time_banks import bank_of, booked, mixed_bank

Out = pytest.CaptureFixture[str]

DOCUMENTS_BEGIN = (DocumentState.DRAFT, DocumentState.HELD, DocumentState.APPROVED)

PROBLEM = Problem("BadCell", "not a number: '1.2.3'", "positions.csv:7, column price", "write 1234,5")

SUMMARY = DocumentSummary(
    key="k-1",
    number="RE-2026-0001",
    agreement="website",
    customer="K1",
    kind=DocumentKind.INVOICE,
    state=DocumentState.QUEUED,
    issue_date=date(2026, 1, 31),
    due_date=date(2026, 2, 14),
    net=eur("8333.33"),
    gross=eur("9916.66"),
    config_hash="c0ffee",
    created_at=datetime(2026, 2, 1, 8, tzinfo=UTC),
    created_by="anna",
)


def waiting() -> tuple[DueCharge, ...]:
    """Return seven hours of January that wait for approval."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.HOLD))))
    return Log().due(assess(terms, used(27)).charges, YEAR_END).held


def lines(capsys: Out) -> list[str]:
    """Return what was printed, line by line, without blanks at the end."""
    return [each.rstrip() for each in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("words", [DocumentState, BilledKind, Rest])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_reason_has_a_word(language: str, words: type[DocumentState | BilledKind | Rest]) -> None:
    """A new member of the core cannot be forgotten."""
    assert {member.value for member in words} <= set(WORDS[language])


def test_both_languages_say_the_same() -> None:
    """The same words, with the same places to fill in."""
    places = {
        language: {word: [name for _, name, _, _ in Formatter().parse(text) if name] for word, text in words.items()}
        for language, words in WORDS.items()
    }
    assert places["de"] == places["en"]


def test_lines_are_printed_as_they_are(capsys: Out) -> None:
    """Neither brackets nor length change them."""
    text = "[bold]Phase [1][/bold] " + "x" * 3 * LOG_WIDTH
    Screen("en").lines([text, "[/]"])
    assert lines(capsys) == [text, "[/]"]


def test_a_source_is_told_in_one_line(capsys: Out) -> None:
    """What came anew, differently, or no longer; kinds that did not change are left out."""
    screen = Screen("de")
    screen.pulled(PulledSource("ledger", {"offers": Changes(3, 1, 2), "metrics": Changes()}, (), taken=True))
    screen.pulled(PulledSource("ledger", {"offers": Changes()}, (), taken=True))
    screen.pulled(PulledSource("redmine", {}, (PROBLEM,), taken=False))

    assert lines(capsys) == ["ledger: Angebote +3 ~1 −2", "ledger: unverändert", "redmine: nicht übernommen"]


@pytest.mark.parametrize("kind", ["customers", "projects", "offers", "readings", "metrics", "entries"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_record_has_a_word(language: str, kind: str, capsys: Out) -> None:
    """Whatever a source tells."""
    Screen(language).pulled(PulledSource("ledger", {kind: Changes(1)}, (), taken=True))
    assert lines(capsys) == [f"ledger: {WORDS[language][kind]} +1 ~0 −0"]


def test_documents_stand_in_a_table_with_their_lines(capsys: Out) -> None:
    """Number, customer and amounts in the language of the agency; a kind only where it is not an invoice."""
    first = replace(line("5000.00", text="Konzept [1]"), number=1)
    credit = replace(invoice(line("-100.00", text="Rückgabe"), number="RE-2026-0002"), kind=DocumentKind.CREDIT_NOTE)
    Screen("de").documents([invoice(first, line("1000.00", text="Design")), credit])

    heading, document, concept, design, second, gift = lines(capsys)
    assert heading.split() == ["Beleg", "Vereinbarung", "·", "Kunde", "/", "Position", "Netto", "USt", "Brutto"]
    assert document.startswith("neu           website · Müller & Söhne GmbH")
    assert document.split()[-4:] == ["6.000,00", "1.140,00", "7.140,00", "EUR"]
    assert concept.split() == ["Konzept", "[1]", "5.000,00"]
    assert design.split() == ["Design", "1.000,00"]
    assert second.startswith("RE-2026-0002  Kaufmännische Gutschrift · website")
    assert gift.split() == ["Rückgabe", "-100,00"]


def test_what_was_prepaid_is_taken_off_below_the_lines(capsys: Out) -> None:
    """Each document with its VAT, then what is left to pay."""
    ahead = invoice(line("1710.50"))
    earlier = Prepayment("RE-1", DocumentKind.PARTIAL, ahead.issue_date, ahead.vat, "", "", "WEB", JANUARY)
    final = replace(invoice(kind=DocumentKind.FINAL), prepaid=earlier.gross, prepayments=(earlier,))
    Screen("de").documents([final])

    *_, deducted, payable = lines(capsys)
    assert deducted.split()[-6:] == ["RE-1", "vom", "31.01.2026", "-1.710,50", "-325,00", "-2.035,50"]
    assert payable.split() == ["Zahlbetrag", "3.914,50", "EUR"]


def test_a_long_name_does_not_break_the_table(capsys: Out) -> None:
    """The heading of a document keeps to its line; the lines below fold, and no amount is cut."""
    long = "Oberlausitzer Gesellschaft für Wärmerückgewinnung und Gebäudetechnik " * 3
    Screen("de").documents([invoice(line("1234567.89", text=long), buyer=party(name=long))])

    _, document, *folded = lines(capsys)
    assert "…" in document
    assert "1.234.567,89" in folded[0]
    assert len(folded) > 2
    assert all(len(each) <= LOG_WIDTH for each in (document, *folded))


def test_nothing_due_is_said(capsys: Out) -> None:
    """An empty table would not say it."""
    Screen("de").documents([])
    Screen("en").documents([])
    assert lines(capsys) == ["Nichts fällig.", "Nothing is due."]


def untouched(count: int, rest: Rest = Rest.COMPLETE) -> list[Untouched]:
    """Return so many positions with nothing due."""
    return [Untouched("website", position(str(n)), rest) for n in range(count)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Design (support/2026-01/overage/design) freigegeben; der nächste Lauf fakturiert 910,00 EUR."),
        ("en", "Design (support/2026-01/overage/design) accepted; the next run bills 910.00 EUR."),
    ],
)
def test_what_was_let_through_is_said_with_what_comes_of_it(language: str, expected: str, capsys: Out) -> None:
    """One sentence per charge."""
    Screen(language).let_through(waiting())
    assert lines(capsys) == [expected]


def test_a_time_bank_is_told_item_by_item(capsys: Out) -> None:
    """Figures, what they leave open, entries; of an item without entries no second table."""
    Screen("de").time_bank(mixed_bank(booked("T1", "2", activity="Text")))
    told = [" ".join(each.split()) for each in lines(capsys)]
    assert told[:3] == [
        "Leistungsnachweis support: Retainer Support, Kunde K1, Stand 31.01.2026",
        "Zeitrundung: jeder Tag je Person, Projekt, Tätigkeit und Position in Schritten von 30 Minuten, aufgerundet",
        "",
    ]
    assert told[3:5] == [
        "Posts",
        "Zeitraum Stand Anfangsbestand davon Übertrag Kontingent Verbrauch Verfall Mehraufwand Endbestand",
    ]
    assert "2026-01 läuft 0 0 8 9,5 0 1,5 0" in told
    assert "2026-01: Mehraufwand 1,5: wird sofort berechnet" in told
    assert "10.01.2026 Website posts metrics:2 9,5" in told
    assert "10.01.2026 Zoë Website Text did T1 T1 2:00 h 2:00 h" in told


def test_a_time_bank_without_entries_has_no_table_of_them(capsys: Out) -> None:
    """Nothing was booked."""
    Screen("en").time_bank(bank_of(retainer(), JANUARY.last_day))
    assert [" ".join(each.split()) for each in lines(capsys)][3:] == [
        "Period State Opening carried in Granted Used Lapsed Overage Closing",
        "2026-01 running 0:00 h 0:00 h 20:00 h 0:00 h 0:00 h 0:00 h 20:00 h",
    ]


def test_why_nothing_else_is_due_is_said_per_reason(capsys: Out) -> None:
    """Few positions by name, many by number."""
    Screen("en").untouched([*untouched(2, Rest.NO_READING), *untouched(MOST_LABELS + 1)])
    assert lines(capsys) == [
        "Nothing else, because:",
        "  website: no reading yet (Position 0; Position 1)",
        "  website: billed in full (5 × Line)",
    ]


def test_where_everything_is_due_no_reason_is_given(capsys: Out) -> None:
    """Not even a heading."""
    Screen("en").untouched([])
    assert lines(capsys) == []


def test_a_problem_says_what_where_and_what_to_do(capsys: Out) -> None:
    """In English in its own words."""
    Screen("en").problems([PROBLEM, replace(PROBLEM, severity=Severity.NOTICE)])
    assert lines(capsys) == [
        "Held back [BadCell] positions.csv:7, column price: not a number: '1.2.3'",
        "  What to do: write 1234,5",
        "Notice [BadCell] positions.csv:7, column price: not a number: '1.2.3'",
        "  What to do: write 1234,5",
    ]


def test_a_problem_is_told_in_german(capsys: Out) -> None:
    """Meaning and remedy in German, the details as they were found; an unknown one in its own words."""
    Screen("de").problems([PROBLEM, replace(PROBLEM, code="MoonPhase")])
    assert lines(capsys) == [
        "Zurückgehalten [BadCell] positions.csv:7, column price: Eine Zelle ist nicht lesbar.",
        "  Einzelheiten: not a number: '1.2.3'",
        "  Abhilfe: die genannte Zelle berichtigen (docs/sources/ledger.md)",
        "Zurückgehalten [MoonPhase] positions.csv:7, column price: not a number: '1.2.3'",
        "  Abhilfe: write 1234,5",
    ]


def test_files_are_named_one_by_one(capsys: Out) -> None:
    """Nothing is said where nothing was handed over."""
    Screen("de").pushed(Pushed(("k-1",), ("/out/EXTF_1.csv", "/out/EXTF_2.csv")))
    Screen("de").pushed(Pushed())
    assert lines(capsys) == ["Datei: /out/EXTF_1.csv", "Datei: /out/EXTF_2.csv"]


def test_documents_are_listed(capsys: Out) -> None:
    """A line each, with where it stands; or that there is none."""
    Screen("en").listed([SUMMARY])
    Screen("en").listed([])
    _, row, none = lines(capsys)

    assert row.split() == [
        "RE-2026-0001", "31", "Jan", "2026", "Invoice", "website", "K1", "ready", "8,333.33", "9,916.66", "EUR",
    ]  # fmt: skip
    assert none == "No documents."


def test_agreements_are_told_with_what_people_changed(capsys: Out) -> None:
    """The deviation is shown only where there is one."""
    standing = Standing("website", eur("30000.00"), Fraction(1, 3), eur("8333.33"), eur("8333.33"))
    retainer = replace(standing, agreement="care", total=None, share=None)
    Screen("en").standings([standing, retainer, replace(standing, agreement="shop", invoiced=eur("8000.00"))])
    _, website, care, shop = lines(capsys)

    assert website.split() == ["website", "33.33", "%", "30,000.00", "EUR", "8,333.33", "EUR", "8,333.33", "EUR"]
    assert care.split() == ["care", "8,333.33", "EUR", "8,333.33", "EUR"]
    assert shop.endswith("-333.33 EUR")


def test_states_are_counted(capsys: Out) -> None:
    """Or that there are no documents yet."""
    Screen("de").states({"accepted": 31, "draft": 2})
    Screen("de").states({})
    assert lines(capsys) == ["Belege: 31 übergeben, 2 Entwurf", "Belege: 0"]


def test_sources_are_told_with_their_last_reading(capsys: Out) -> None:
    """In the tenant's time; or that nothing came yet."""
    read = datetime(2026, 2, 1, 23, 30, tzinfo=UTC)
    Screen("de").last_read({"redmine": read, "ledger": None}, ZoneInfo("Europe/Berlin"))
    assert lines(capsys) == [
        "Quelle redmine: zuletzt gelesen 02.02.2026 00:30",
        "Quelle ledger: zuletzt gelesen noch nie",
    ]


def test_exports_are_told_with_their_files(capsys: Out) -> None:
    """Repeats are marked, and what the next run will have to end."""
    made = datetime(2026, 2, 1, 8, tzinfo=UTC)
    finished = ExportSummary("datev", 1, "0123456789abcdef", made, False, made, ("EXTF_1.csv",), 2)  # noqa: FBT003 - a row as it is stored
    Screen("en").exports([finished, replace(finished, number=2, repeat=True, finished_at=None, files=())])
    assert lines(capsys) == [
        "datev 1: 2 documents",
        "  EXTF_1.csv",
        "datev 2 (repeat): 2 documents – not finished, the next run will end it",
    ]


def test_the_log_of_a_position_ends_with_its_sums(capsys: Out) -> None:
    """What was computed, what was invoiced, and the difference people made."""
    billed = billed_entry("3333.33", shares=(0, Fraction(1, 3)), document="k-1")
    edited = billed_entry(
        "0.00", invoiced="-333.33", kind=BilledKind.EDITED, document="k-9", comment="goodwill", shares=(0, 0)
    )
    Screen("en").log([billed, edited], {"k-1": "RE-2026-0001"})
    _, first, second, sums = lines(capsys)

    assert first.split()[3:] == ["billed", "RE-2026-0001", "0", "%", "33.33", "%", "test", "3,333.33", "3,333.33"]
    assert second.split()[3:5] == ["edited", "k-9"]
    assert "goodwill" in second
    assert sums == "Sum: computed 3,333.33 EUR, invoiced 3,000.00 EUR, deviation -333.33 EUR"


def test_deeds_are_told_in_the_time_of_the_tenant(capsys: Out) -> None:
    """Document numbers for their keys, known words in the language, others as they are; empty details are left out."""
    at = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    deeds = [
        AuditRow(at, "anna", "document paid", "k-1", {"why": "", "on": "2026-01-30"}),
        AuditRow(at, "bert", "something new", "datev", {"depth": "3"}),
    ]
    Screen("de").deeds(deeds, {"k-1": "RE-2026-0001"}, ZoneInfo("Europe/Berlin"))
    heading, first, second = lines(capsys)
    assert heading.split() == ["Datum", "von", "Vorgang", "Gegenstand", "Einzelheiten"]
    assert " ".join(first.split()) == "01.02.2026 00:30 anna Beleg bezahlt RE-2026-0001 am: 2026-01-30"
    assert " ".join(second.split()) == "01.02.2026 00:30 bert something new datev depth: 3"


RECORDED = {"document rejected", "document queued"} | {
    f"document {state}" for state in (*DOCUMENTS_BEGIN, *(move.to for move in (HOLD, RELEASE, PAID, UNPAID)))
}
"""What can become of a document, in the words of the audit trail."""


def test_every_deed_on_a_document_has_a_german_word() -> None:
    """A new one cannot be forgotten."""
    assert set(DEEDS["de"]) >= RECORDED


class Terminal(StringIO):
    """Standard output as a person sees it."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Print to a terminal of eighty columns that knows colours, and return it."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return shown


def test_a_terminal_shows_that_work_is_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something moves while the sources are read, and is gone afterwards."""
    shown = terminal(monkeypatch)
    with Screen("en").busy("reading"):
        pass
    assert "Reading the sources …" in shown.getvalue()


def test_a_terminal_shows_tables_as_wide_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """With bold headings."""
    shown = terminal(monkeypatch)
    Screen("en").documents([invoice(line("1234.56", text="x" * 100))])
    folded = [each for each in shown.getvalue().splitlines() if "xxx" in each]

    assert "\x1b[1m" in shown.getvalue()
    assert len(folded) > 1
    assert all(len(each) == 80 for each in folded)


def test_a_log_has_neither_colour_nor_movement(capsys: Out) -> None:
    """Cron's mail is plain text of a fixed width."""
    screen = Screen("en")
    with screen.busy("reading"):
        screen.documents([invoice(line("1234.56"))])
    printed = capsys.readouterr()

    assert "\x1b" not in printed.out
    assert "Reading" not in printed.out
    assert printed.err == ""
