"""The first line of a file: for whom it is, which days it covers, and whose export it belongs to."""

from __future__ import annotations

from datetime import date, datetime

from connector.core.ports import Export
from connector.datev.batches import Span
from connector.datev.columns import line_of
from connector.datev.settings import Settings
from connector.datev.tables import HEADER

CREATED, TOKEN = 6, 31
"""The fields 'Erzeugt am' and 'Anwendungsinformation', by which an export knows its own file again."""


def booking_header(settings: Settings, export: Export, span: Span, part: int) -> str:
    """Return the header of a Buchungsstapel."""
    own = {
        3: "21",
        4: "Buchungsstapel",
        5: "13",
        15: _day(span.days.start),
        16: _day(span.days.last_day),
        17: batch_label(export, span, part),
        18: settings.dictation_initials,
        19: "1",
        20: "0",
        21: str(settings.commit),
        22: settings.currency,
    }
    return line_of(HEADER, _common(settings, export, span) | own)


def debtor_header(settings: Settings, export: Export, span: Span) -> str:
    """Return the header of a Debitoren/Kreditoren file; master data have no days, label or currency."""
    own = {3: "16", 4: "Debitoren/Kreditoren", 5: "5", 21: "0"}
    return line_of(HEADER, _common(settings, export, span) | own)


def batch_label(export: Export, span: Span, part: int) -> str:
    """Return what the accountant sees as the batch's name, such as 'Rechnungsausgang 01/2026'."""
    kind = "Wiederholung" if export.repeat else "Rechnungsausgang"
    suffix = f" {part}" if part > 1 else ""
    return f"{kind} {span.days.start:%m/%Y}{suffix}"


def _common(settings: Settings, export: Export, span: Span) -> dict[int, str]:
    return {
        1: "EXTF",
        2: "700",
        CREATED: _moment(export.made_at),
        8: "RE",
        9: settings.exported_by,
        11: str(settings.consultant_number),
        12: str(settings.client_number),
        13: _day(span.fiscal_year),
        14: str(settings.account_length),
        27: settings.chart,
        TOKEN: export.token,
    }


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"
