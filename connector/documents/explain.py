"""Every amount explained in sentences: readings, rule, rounding, log before and after, mapping (domain 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.booking import Booking
from connector.core.invoice import Invoice, InvoiceLine
from connector.core.quantity import Unit
from connector.core.reason import Step
from connector.core.texts import KINDS
from connector.documents import numbers
from connector.documents.charge_steps import CHARGE_STEPS, CHARGE_VALUES, money_text

_STEPS = {
    "de": {
        "total": "Position: {quantity} {unit} × {unit_price}, Rabatt {discount} = {total}",
        "reading": "Fortschritt {share}, abgelesen am {on} ({scope} {subject}; {origin})",
        "no_reading": "Keine Ablesung bis {as_of}: Fortschritt 0 %",
        "elapsed": "Zeitanteil {start} bis {end}: {elapsed} von {days} Tagen ({count})",
        "effort": "Aufwand: {seconds} gebucht ({entries} Zeiteinträge) von {planned} geplant",
        "units": "Stückzahl: {units} von {quantity}, abgelesen am {on} ({origin})",
        "instalment": "Rate „{text}“, fällig am {due_on}, eine von {count}",
        "capped": "Fortschritt {share} liegt über dem Ganzen: auf 100 % begrenzt",
        "vanished": "Position {position} ist entfallen (angenommene Änderung): Wert 0",
        "deviation": "Frühere Rechnungen von Hand geändert: berechnet {computed}, fakturiert {invoiced}",
        "due": "Soll bei {share}: {target}; bisher fakturiert {billed}; jetzt fällig {due}",
        "edited": "Von {who} am {on} geändert: berechnet {computed}, fakturiert {invoiced}. Grund: {comment}",
        "whole": "Im Ganzen {total}; davon schon fakturiert {invoiced}",
        "deducted": "{document} wird abgezogen: netto {net}, USt {tax}",
        "cancelled": "Storno von {document}, Position {line}: {net}. Grund: {reason}",
        "row_net": "Netto der Positionen {lines}: {net}",
        "row_account": "Konto {account} ({found_at})",
        "row_tax": "Umsatzsteuer der Zeile: {net} × {percent} % = {tax}",
        "row_vat_when_paid": "Sie ist fällig, wenn gezahlt wird, und wird erst dann gebucht",
        "row_adjustment": "Rundung {adjustment}, damit die Zeilen die Umsatzsteuer des Belegs ergeben: {tax}",
        "row_gross": "Brutto: {net} + {tax} = {gross}",
        "row_prepaid": "Mit {document} schon angefordert, auf Konto {account} ({found_at}): {gross}",
        "row_reversal": "Storno der Buchung von {document} auf Konto {account}: {gross}",
        **CHARGE_STEPS["de"],
    },
    "en": {
        "total": "Position: {quantity} {unit} × {unit_price}, discount {discount} = {total}",
        "reading": "Progress {share}, read on {on} ({scope} {subject}; {origin})",
        "no_reading": "No reading up to {as_of}: progress 0 %",
        "elapsed": "Time elapsed {start} to {end}: {elapsed} of {days} days ({count})",
        "effort": "Effort: {seconds} booked ({entries} time entries) of {planned} planned",
        "units": "Units: {units} of {quantity}, read on {on} ({origin})",
        "instalment": "Instalment “{text}”, due on {due_on}, one of {count}",
        "capped": "Progress {share} is more than the whole: capped at 100 %",
        "vanished": "Position {position} is gone (accepted change): worth 0",
        "deviation": "Earlier invoices changed by hand: computed {computed}, invoiced {invoiced}",
        "due": "Due at {share}: {target}; billed before {billed}; due now {due}",
        "edited": "Changed by {who} on {on}: computed {computed}, invoiced {invoiced}. Reason: {comment}",
        "whole": "{total} as a whole; of that, invoiced before {invoiced}",
        "deducted": "{document} is deducted: net {net}, VAT {tax}",
        "cancelled": "Cancels {document}, line {line}: {net}. Reason: {reason}",
        "row_net": "Net of lines {lines}: {net}",
        "row_account": "Account {account} ({found_at})",
        "row_tax": "VAT of the row: {net} × {percent} % = {tax}",
        "row_vat_when_paid": "It is due when it is paid, and booked only then",
        "row_adjustment": "Rounding {adjustment}, so that the rows add up to the document's VAT: {tax}",
        "row_gross": "Gross: {net} + {tax} = {gross}",
        "row_prepaid": "Asked for with {document} before, on account {account} ({found_at}): {gross}",
        "row_reversal": "Reverses the booking of {document} on account {account}: {gross}",
        **CHARGE_STEPS["en"],
    },
}

_FRAME = {
    "de": {
        "document": "{kind} {number} vom {issue_date} an {buyer}: netto {net}, USt {tax}, brutto {gross}",
        "line": "Position {number}: {text}: {net}",
        "printed": "Gedruckt: {quantity} {unit} × {unit_price} = {net}, Leistungszeitraum {start} bis {end}",
        "vat_line": "Umsatzsteuer: {category} {percent} % ({rule})",
        "vat": "Umsatzsteuer {category} {percent} %: {base} × {percent} % = {tax}, auf die Summe der Positionen",
        "debtor": "Debitor {account} ({rule})",
        "row": "Buchung: {gross} brutto auf Konto {account}{tax_key}{cost_centre}{lines} ({rules})",
        "row_lines": " für Position {lines}",
        "tax_key": ", Steuerschlüssel {key}",
        "cost_centre": ", Kostenstelle {centre}",
    },
    "en": {
        "document": "{kind} {number} of {issue_date} to {buyer}: net {net}, VAT {tax}, gross {gross}",
        "line": "Line {number}: {text}: {net}",
        "printed": "Printed: {quantity} {unit} × {unit_price} = {net}, service period {start} to {end}",
        "vat_line": "VAT: {category} {percent} % ({rule})",
        "vat": "VAT {category} {percent} %: {base} × {percent} % = {tax}, on the sum of the lines",
        "debtor": "Debtor {account} ({rule})",
        "row": "Booking: {gross} gross to account {account}{tax_key}{cost_centre}{lines} ({rules})",
        "row_lines": " for line {lines}",
        "tax_key": ", tax key {key}",
        "cost_centre": ", cost centre {centre}",
    },
}

_SCOPES = {
    "de": {"position": "Position", "category": "Kategorie", "project": "Projekt"},
    "en": {"position": "position", "category": "category", "project": "project"},
}

_DAY_COUNTS = {
    "de": {"calendar": "Kalendertage", "working": "Arbeitstage"},
    "en": {"calendar": "calendar days", "working": "working days"},
}


def _share(text: str, language: str) -> str:
    try:
        return numbers.share(Fraction(text), language)
    except ValueError:
        return text


_SHOWN: dict[str, Callable[[str, str], str]] = {
    **CHARGE_VALUES,
    **dict.fromkeys(
        ("total", "target", "billed", "due", "computed", "invoiced", "adjustment", "net", "tax", "gross"), money_text
    ),
    **dict.fromkeys(
        ("on", "as_of", "start", "end", "due_on"), lambda text, lang: numbers.day(date.fromisoformat(text), lang)
    ),
    **dict.fromkeys(("quantity", "unit_price", "units"), lambda text, lang: numbers.number(Decimal(text), lang)),
    "percent": lambda text, lang: _share(text, lang) if "/" in text else numbers.number(Decimal(text), lang),
    **dict.fromkeys(("seconds", "planned"), lambda text, _: numbers.hours(int(text))),
    "scope": lambda text, lang: _SCOPES[lang][text],
    "count": lambda text, lang: _DAY_COUNTS[lang].get(text, text),
    "unit": lambda text, lang: numbers.unit(Unit(text), lang),
    "discount": lambda text, lang: numbers.share(Fraction(text), lang),
    "share": _share,
}
"""How a value of a step is shown, by its name; others are shown as they are."""


def explain_step(step: Step, language: str) -> str:
    """Return the step as a sentence; one of a rule that is no longer known is told by its names and values."""
    shown = {name: _SHOWN[name](text, language) if name in _SHOWN else text for name, text in step.values}
    if template := _STEPS[language].get(step.rule):
        return template.format(**shown)
    return f"{step.rule}: {', '.join(f'{name} {text}' for name, text in shown.items())}"


def explain_line(line: InvoiceLine, language: str) -> Iterator[str]:
    """Yield the line's heading and, step by step, why its amount is what it is."""
    frame = _FRAME[language]
    yield frame["line"].format(number=line.number, text=line.text, net=numbers.money(line.net, language))
    for step in line.reason:
        yield f"  {explain_step(step, language)}"
    yield "  " + frame["printed"].format(
        quantity=numbers.number(line.quantity, language),
        unit=numbers.unit(line.unit, language),
        unit_price=numbers.number(line.unit_price, language),
        net=numbers.money(line.net, language),
        start=numbers.day(line.period.start, language),
        end=numbers.day(line.period.last_day, language),
    )
    rate = line.vat.rate
    percent = numbers.number(rate.percent, language)
    yield "  " + frame["vat_line"].format(category=rate.category, percent=percent, rule=line.vat.rule)


def explain_document(invoice: Invoice, booking: Booking | None, language: str) -> Iterator[str]:
    """Yield the document's heading, every line explained, the VAT, and the booking with its mapping rules."""
    frame = _FRAME[language]
    yield frame["document"].format(
        kind=KINDS[language][invoice.kind],
        number=invoice.number or invoice.key,
        issue_date=numbers.day(invoice.issue_date, language),
        buyer=invoice.buyer.name,
        net=numbers.money(invoice.net, language),
        tax=numbers.money(invoice.tax, language),
        gross=numbers.money(invoice.gross, language),
    )
    for line in invoice.lines:
        yield from explain_line(line, language)
    for row in invoice.vat:
        yield frame["vat"].format(
            category=row.rate.category,
            percent=numbers.number(row.rate.percent, language),
            base=numbers.money(row.base, language),
            tax=numbers.money(row.tax, language),
        )
    if booking is not None:
        yield from _booking(booking, language)


def _booking(booking: Booking, language: str) -> Iterator[str]:
    frame = _FRAME[language]
    yield frame["debtor"].format(account=booking.debtor, rule=booking.debtor_rule)
    for row in booking.rows:
        revenue = row.revenue
        yield frame["row"].format(
            gross=numbers.money(row.gross, language),
            account=revenue.account,
            tax_key=frame["tax_key"].format(key=revenue.tax_key) if revenue.tax_key else "",
            cost_centre=frame["cost_centre"].format(centre=revenue.cost_centre) if revenue.cost_centre else "",
            lines=frame["row_lines"].format(lines=", ".join(map(str, row.lines))) if row.lines else "",
            rules=", ".join(row.rules),
        )
        for step in row.reason:
            yield f"  {explain_step(step, language)}"
