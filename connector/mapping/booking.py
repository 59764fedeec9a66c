"""From an invoice to its booking: debtor, revenue rows, texts (domain 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from connector.core.booking import Booking, LedgerRow, RevenueAccount
from connector.core.final import DEDUCTION
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine, Prepayment
from connector.core.money import Money
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.reason import Step, step
from connector.core.suggest import did_you_mean
from connector.core.vat import VatCategory, VatLine, VatRate
from connector.mapping.allocation import RowTax, share_out
from connector.mapping.lines_to_add import lines_to_add
from connector.mapping.rules import DebtorRule, Mapping, Placed, RevenueRule
from connector.mapping.vat import within


@dataclass(frozen=True, slots=True)
class _Group:
    """The lines that make one row: same account, tax key, cost centres and VAT rate."""

    revenue: RevenueAccount
    vat: VatRate
    lines: tuple[InvoiceLine, ...]
    rules: tuple[Placed[RevenueRule], ...]

    @property
    def net(self) -> Money:
        return Money.total((line.net for line in self.lines), self.lines[0].net.currency)

    @property
    def is_deduction(self) -> bool:
        return all(line.category == DEDUCTION for line in self.lines)

    @property
    def deducted(self) -> RowTax:
        """The VAT that the documents deducted had: each line is one of them at one rate."""
        net = self.net
        tax = Money.total((self.vat.tax_on(line.net) for line in self.lines), net.currency)
        return RowTax(tax, tax - self.vat.tax_on(net))

    @property
    def period(self) -> Period:
        return Period(min(line.period.start for line in self.lines), max(line.period.end for line in self.lines))


class _Case(NamedTuple):
    """What a revenue rule looks at: a line of the document, or a VAT row of what it takes as prepaid."""

    agreement: str
    kind: DocumentKind
    category: str
    service: str
    project: str
    vat: VatRate
    on: date


_Found = tuple[_Case, Placed[RevenueRule] | None]
"""A case with the first rule that matches it."""


def book(mapping: Mapping, invoice: Invoice) -> Booking | tuple[Problem, ...]:
    """Return the booking, or every hole of the mapping it meets (MissingDebtor, MissingRevenueAccount, MissingTaxKey).

    Lines without an amount, and lines that cancel each other on one account, book nothing. Rows stand in the order of
    their first line, then those of what is prepaid; their gross amounts add up to what is left to pay.
    """
    debtor = mapping.debtors.get(invoice.buyer.id)
    lines = [(line, *_found(mapping, _line_case(invoice, line))) for line in invoice.lines if line.net]
    prepaid = [
        (earlier, row, *_found(mapping, _prepaid_case(invoice, earlier, row)))
        for earlier in invoice.prepayments
        for row in earlier.vat
        if row.gross
    ]
    problems = (
        *_debtor_problems(mapping, invoice, debtor),
        *_revenue_problems(invoice, "line", [(str(line.number), (case, rule)) for line, case, rule in lines]),
        *_revenue_problems(invoice, "prepaid", [(each.number, (case, rule)) for each, _, case, rule in prepaid]),
    )
    if problems or debtor is None:
        return problems
    groups = _groups((line, rule) for line, _, rule in lines if rule is not None)
    rows = (
        *(_row(mapping, invoice, group, tax) for group, tax in _with_tax(invoice, groups)),
        *(_prepaid_row(mapping, invoice, earlier, row, rule) for earlier, row, _, rule in prepaid if rule is not None),
    )
    contact = debtor.rule.contact or ""
    return Booking(invoice, debtor.rule.account, debtor.place, rows, reverses=invoice.corrects, contact=contact)


def _line_case(invoice: Invoice, line: InvoiceLine) -> _Case:
    on = line.period.last_day
    return _Case(invoice.agreement, invoice.kind, line.category, line.service, line.project, line.vat.rate, on)


def _prepaid_case(invoice: Invoice, earlier: Prepayment, row: VatLine) -> _Case:
    on = earlier.period.last_day
    return _Case(invoice.agreement, invoice.kind, earlier.category, earlier.service, earlier.project, row.rate, on)


def _found(mapping: Mapping, case: _Case) -> _Found:
    return case, next((placed for placed in mapping.revenue if _matches(placed.rule, case)), None)


def _matches(rule: RevenueRule, case: _Case) -> bool:
    return (
        rule.service in (None, case.service)
        and rule.category in (None, case.category)
        and rule.project in (None, case.project)
        and rule.agreement in (None, case.agreement)
        and rule.document_kind in (None, case.kind)
        and rule.vat_category in (None, case.vat.category)
        and rule.rate in (None, case.vat.percent)
        and within(case.on, rule.valid_from, rule.valid_to)
    )


def _debtor_problems(mapping: Mapping, invoice: Invoice, debtor: Placed[DebtorRule] | None) -> Iterator[Problem]:
    if debtor is None:
        buyer = invoice.buyer
        message = f"no debtor account for {buyer.name} ({buyer.id})"
        near = did_you_mean(buyer.id, mapping.debtors)
        meant = f"\n({near})" if near.startswith("did") else ""
        hint = lines_to_add("debtor", {"customer": buyer.id}, {"account": 'debtor account, such as "10001"'})
        yield Problem("MissingDebtor", message, _place(invoice), hint + meant, agreement=invoice.agreement)


def _revenue_problems(invoice: Invoice, noun: str, named: Iterable[tuple[str, _Found]]) -> Iterator[Problem]:
    """Yield one problem per hole, with the names of all that falls into it."""
    holes: dict[Problem, dict[str, None]] = {}
    for name, (case, rule) in named:
        if problem := _revenue_problem(case, rule):
            holes.setdefault(problem, {})[name] = None
    for problem, names in holes.items():
        plural = "s" if noun == "line" and len(names) > 1 else ""
        yield replace(problem, place=f"{_place(invoice)}, {noun}{plural} {', '.join(names)}")


def _revenue_problem(case: _Case, placed: Placed[RevenueRule] | None) -> Problem | None:
    if placed is None:
        return _missing_account(case)
    account = placed.rule.revenue_account
    fixed = account.automatic or account.tax_key or account.vat_when_paid
    if fixed or case.vat.category is not VatCategory.STANDARD:
        return None
    message = (
        f"{placed.place} would book gross amounts with {case.vat.percent} % VAT on account {account.account} as net"
    )
    hint = "give the rule a tax_key, or automatic = true if the account splits the VAT itself"
    return Problem("MissingTaxKey", message, "", hint, agreement=case.agreement)


def _missing_account(case: _Case) -> Problem:
    category, percent = case.vat.category.value, str(case.vat.percent)
    message = f"no revenue account for service {case.service!r}, VAT {category} {percent} %, on {case.on}"
    wanted = {
        "account": 'revenue account, such as "4400"',
        "automatic": "true if the account splits the VAT itself, else false",
        "tax_key": 'such as "3"; leave out if automatic',
    }
    hint = lines_to_add("revenue", _conditions(case) | {"vat_category": category, "rate": percent}, wanted)
    return Problem("MissingRevenueAccount", message, "", hint, agreement=case.agreement)


def _conditions(case: _Case) -> dict[str, str | bool]:
    """Return what a rule for the case would ask for: down payments have accounts of their own."""
    if case.kind is DocumentKind.PARTIAL:
        return {"document_kind": case.kind.value}
    return {"category": case.category} if case.category == DEDUCTION else {"service": case.service}


def _place(invoice: Invoice) -> str:
    return f"document {invoice.name}"


def _groups(placed: Iterable[tuple[InvoiceLine, Placed[RevenueRule]]]) -> list[_Group]:
    lines: dict[tuple[RevenueAccount, VatRate], list[tuple[InvoiceLine, Placed[RevenueRule]]]] = {}
    for line, rule in placed:
        lines.setdefault((rule.rule.revenue_account, line.vat.rate), []).append((line, rule))
    groups = (
        _Group(revenue, vat, tuple(line for line, _ in pairs), tuple(rule for _, rule in pairs))
        for (revenue, vat), pairs in lines.items()
    )
    return [group for group in groups if group.net]


def _with_tax(invoice: Invoice, groups: Sequence[_Group]) -> list[tuple[_Group, RowTax]]:
    """Return each group with its part of the document's VAT, in the order given."""
    shares = {row.rate: _taxes(row, [group for group in groups if group.vat == row.rate]) for row in invoice.vat}
    return [(group, next(shares[group.vat])) for group in groups]


def _taxes(row: VatLine, groups: Sequence[_Group]) -> Iterator[RowTax]:
    """Return the VAT of the groups of one rate: down payments are taken off with the VAT they had, the others share."""
    fixed = {number: group.deducted for number, group in enumerate(groups) if group.is_deduction}
    if len(fixed) == len(groups):
        fixed = {}
    rest = row.tax - Money.total((each.tax for each in fixed.values()), row.tax.currency)
    free = [group.net for number, group in enumerate(groups) if number not in fixed]
    shared = iter(share_out(row.rate, free, rest))
    return (fixed[number] if number in fixed else next(shared) for number in range(len(groups)))


def _row(mapping: Mapping, invoice: Invoice, group: _Group, tax: RowTax) -> LedgerRow:
    template = group.rules[0].rule.text or mapping.texts.booking
    places = [
        place for line, rule in zip(group.lines, group.rules, strict=True) for place in (rule.place, line.vat.rule)
    ]
    return LedgerRow(
        revenue=group.revenue,
        vat=group.vat,
        net=group.net,
        gross=group.net + tax.tax,
        adjustment=tax.adjustment,
        text=_text(template, invoice, group.period),
        supplied_on=group.period.last_day,
        lines=tuple(line.number for line in group.lines),
        rules=tuple(dict.fromkeys(places)),
        reason=tuple(_reason(group, tax)),
    )


def _prepaid_row(
    mapping: Mapping, invoice: Invoice, earlier: Prepayment, row: VatLine, placed: Placed[RevenueRule]
) -> LedgerRow:
    """Return the row that takes a prepaid document off again, with the VAT it had (domain 7.3, `final = full`)."""
    template = placed.rule.text or mapping.texts.booking
    account = placed.rule.revenue_account
    gross = -row.gross
    found = step("row_prepaid", document=earlier.number, account=account.account, found_at=placed.place, gross=gross)
    return LedgerRow(
        revenue=account,
        vat=row.rate,
        net=-row.base,
        gross=gross,
        adjustment=Money.zero(invoice.currency),
        text=_text(template, invoice, earlier.period),
        supplied_on=earlier.period.last_day,
        lines=(),
        rules=(placed.place,),
        reason=(found,),
    )


def _reason(group: _Group, tax: RowTax) -> Iterator[Step]:
    yield step("row_net", lines=", ".join(str(line.number) for line in group.lines), net=group.net)
    yield step("row_account", account=group.revenue.account, found_at=group.rules[0].place)
    yield step("row_tax", net=group.net, percent=group.vat.percent, tax=tax.tax - tax.adjustment)
    if group.revenue.vat_when_paid:
        yield step("row_vat_when_paid")
    if tax.adjustment:
        yield step("row_adjustment", adjustment=tax.adjustment, tax=tax.tax)
    yield step("row_gross", net=group.net, tax=tax.tax, gross=group.net + tax.tax)


def _text(template: str, invoice: Invoice, period: Period) -> str:
    """Return the booking text; an unknown place in braces was refused when the rules were read."""
    return template.format(
        number=invoice.number,
        customer=invoice.buyer.name,
        agreement=invoice.agreement,
        period=_period_text(period),
    )


def _period_text(period: Period) -> str:
    """Return '01/2026' for a calendar month, else the first and the last day."""
    if period == Period.month_of(period.start):
        return f"{period.start:%m/%Y}"
    if period.days == 1:
        return f"{period.start:%d.%m.%Y}"
    return f"{period.start:%d.%m.%Y}-{period.last_day:%d.%m.%Y}"
