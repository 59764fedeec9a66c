"""The plan and documents as JSON values; amounts are decimal strings, service days inclusive."""

from __future__ import annotations

from typing import Any

from connector.core.invoice import Invoice, InvoiceLine
from connector.core.plan import Plan
from connector.core.problems import Problem
from connector.core.vat import VatLine


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return `{"as_of", "documents", "problems"}`."""
    return {
        "as_of": plan.as_of.isoformat(),
        "documents": [invoice_as_json(document.invoice) for document in plan.documents],
        "problems": [problem_as_json(problem) for problem in plan.problems],
    }


def invoice_as_json(invoice: Invoice) -> dict[str, Any]:
    """Return key, agreement, customer, kind, currency, lines, net, vat and gross."""
    return {
        "key": invoice.key,
        "agreement": invoice.agreement,
        "customer": invoice.buyer.id,
        "kind": invoice.kind.value,
        "currency": invoice.currency,
        "lines": [_line(line) for line in invoice.lines],
        "net": str(invoice.net.amount),
        "vat": [_vat(row) for row in invoice.vat],
        "gross": str(invoice.gross.amount),
    }


def problem_as_json(problem: Problem) -> dict[str, str]:
    """Return code, message, place and hint."""
    return {"code": problem.code, "message": problem.message, "place": problem.place, "hint": problem.hint}


def _line(line: InvoiceLine) -> dict[str, str]:
    return {
        "position": line.position,
        "text": line.text,
        "quantity": f"{line.quantity:f}",
        "unit": line.unit.value,
        "unit_price": f"{line.unit_price:f}",
        "net": str(line.net.amount),
        "service_start": line.period.start.isoformat(),
        "service_end": line.period.last_day.isoformat(),
    }


def _vat(row: VatLine) -> dict[str, str]:
    return {
        "category": row.rate.category.value,
        "rate": f"{row.rate.percent:f}",
        "base": str(row.base.amount),
        "amount": str(row.tax.amount),
    }
