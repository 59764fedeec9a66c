"""A person changes a draft line: what is invoiced changes, what was computed does not (domain 3.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from connector.core.billed import BilledEntry, BilledKind, BilledState
from connector.core.document import kind_of
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine, breakdown_of
from connector.core.money import Money
from connector.core.reason import step

_KINDS_BY_SIGN = frozenset({DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE})


class EditError(ValueError):
    """What a person wants of a line cannot be done."""


class NoSuchLineError(EditError):
    """The document has no line of that number."""

    def __init__(self, invoice: Invoice, number: int) -> None:
        """Name the document and the lines it has."""
        super().__init__(f"document {invoice.number or invoice.key} has lines 1 to {len(invoice.lines)}, not {number}")


class NothingBilledError(EditError):
    """The line only shows a position of which nothing was ever billed, so there is nothing to deviate from."""

    def __init__(self, line: InvoiceLine) -> None:
        """Name the line and its position."""
        super().__init__(f"line {line.number} shows {line.position}, of which nothing is billed: it cannot be edited")


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What a person wants of a line (None: as it is), who, when and why."""

    line: int
    who: str
    on: date
    comment: str
    text: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None


def line_of(invoice: Invoice, number: int) -> InvoiceLine:
    """Return the line of that number; NoSuchLineError."""
    if not 1 <= number <= len(invoice.lines):
        raise NoSuchLineError(invoice, number)
    return invoice.lines[number - 1]


def edited(invoice: Invoice, edit: LineEdit) -> Invoice:
    """Return the document with the line changed and everything below it summed anew; NoSuchLineError."""
    line_of(invoice, edit.line)
    lines = tuple(_changed(line, edit) if line.number == edit.line else line for line in invoice.lines)
    vat = breakdown_of(lines, invoice.currency)
    kind = kind_of(vat) if invoice.kind in _KINDS_BY_SIGN else invoice.kind
    return replace(invoice, lines=lines, vat=vat, kind=kind)


def edit_entry(before: Invoice, after: Invoice, edit: LineEdit, state: BilledState | None) -> BilledEntry:
    """Return the log entry of the edit: the difference in what is invoiced, and nothing computed.

    `state` is that of the line's position; its terms are kept so that a later change of the position is still seen.
    Raises NothingBilledError where there is none.
    """
    old, new = before.lines[edit.line - 1], after.lines[edit.line - 1]
    if state is None:
        raise NothingBilledError(old)
    return BilledEntry(
        agreement=before.agreement,
        position=state.terms,
        document=before.key,
        kind=BilledKind.EDITED,
        on=edit.on,
        share_before=state.share,
        share_after=state.share,
        quantity=Decimal(0),
        computed=Money.zero(before.currency),
        invoiced=new.net - old.net,
        period=old.period,
        who=edit.who,
        comment=edit.comment,
    )


def _changed(line: InvoiceLine, edit: LineEdit) -> InvoiceLine:
    quantity = line.quantity if edit.quantity is None else edit.quantity
    price = line.unit_price if edit.unit_price is None else edit.unit_price
    net = Money.of(quantity, line.net.currency, price)
    found = step("edited", computed=line.net, invoiced=net, who=edit.who, on=edit.on, comment=edit.comment)
    return replace(
        line,
        text=line.text if edit.text is None else edit.text,
        quantity=quantity,
        unit_price=price,
        net=net,
        reason=(*line.reason, found),
    )
