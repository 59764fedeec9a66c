"""A person changes a draft line: what is invoiced changes, what was computed does not (domain 3.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from connector.core.billed import BilledEntry, BilledKind, BilledState
from connector.core.invoice import Invoice, InvoiceLine, breakdown_of
from connector.core.money import Money
from connector.core.reason import step


class NoSuchLineError(ValueError):
    """The document has no line of that number."""

    def __init__(self, invoice: Invoice, number: int) -> None:
        """Name the document and the lines it has."""
        super().__init__(f"document {invoice.number or invoice.key} has lines 1 to {len(invoice.lines)}, not {number}")


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


def edited(invoice: Invoice, edit: LineEdit) -> Invoice:
    """Return the document with the line changed and everything below it summed anew; NoSuchLineError."""
    if not 1 <= edit.line <= len(invoice.lines):
        raise NoSuchLineError(invoice, edit.line)
    lines = tuple(_changed(line, edit) if line.number == edit.line else line for line in invoice.lines)
    return replace(invoice, lines=lines, vat=breakdown_of(lines, invoice.currency))


def edit_entry(before: Invoice, after: Invoice, edit: LineEdit, state: BilledState) -> BilledEntry:
    """Return the log entry of the edit: the difference in what is invoiced, and nothing computed.

    `state` is that of the line's position; its terms are kept so that a later change of the position is still seen.
    """
    old, new = before.lines[edit.line - 1], after.lines[edit.line - 1]
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
