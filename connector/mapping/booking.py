"""From an invoice to its booking: debtor, revenue rows, texts (domain 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from connector.core.booking import Booking, LedgerRow, RevenueAccount
from connector.core.invoice import Invoice, InvoiceLine
from connector.core.money import Money
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.reason import Step, step
from connector.core.suggest import did_you_mean
from connector.core.vat import VatCategory, VatRate
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
    def period(self) -> Period:
        return Period(min(line.period.start for line in self.lines), max(line.period.end for line in self.lines))


def book(mapping: Mapping, invoice: Invoice) -> Booking | tuple[Problem, ...]:
    """Return the booking, or every hole of the mapping it meets (MissingDebtor, MissingRevenueAccount, MissingTaxKey).

    Lines without an amount, and lines that cancel each other on one account, book nothing. Rows stand in the order of
    their first line; their gross amounts add up to the document's gross.
    """
    debtor = mapping.debtors.get(invoice.buyer.id)
    placed = [(line, _rule_for(mapping, invoice, line)) for line in invoice.lines if line.net]
    problems = (*_debtor_problems(mapping, invoice, debtor), *_revenue_problems(invoice, placed))
    if problems or debtor is None:
        return problems
    groups = _groups((line, rule) for line, rule in placed if rule is not None)
    rows = tuple(_row(mapping, invoice, group, tax) for group, tax in _with_tax(invoice, groups))
    return Booking(invoice, debtor.rule.account, debtor.place, rows)


def _rule_for(mapping: Mapping, invoice: Invoice, line: InvoiceLine) -> Placed[RevenueRule] | None:
    return next((placed for placed in mapping.revenue if _matches(placed.rule, invoice, line)), None)


def _matches(rule: RevenueRule, invoice: Invoice, line: InvoiceLine) -> bool:
    return (
        rule.service in (None, line.service)
        and rule.category in (None, line.category)
        and rule.project in (None, line.project)
        and rule.agreement in (None, invoice.agreement)
        and rule.vat_category in (None, line.vat.rate.category)
        and rule.rate in (None, line.vat.rate.percent)
        and within(line.period.last_day, rule.valid_from, rule.valid_to)
    )


def _debtor_problems(mapping: Mapping, invoice: Invoice, debtor: Placed[DebtorRule] | None) -> Iterator[Problem]:
    if debtor is None:
        buyer = invoice.buyer
        message = f"no debtor account for {buyer.name} ({buyer.id})"
        near = did_you_mean(buyer.id, mapping.debtors)
        meant = f"\n({near})" if near.startswith("did") else ""
        hint = lines_to_add("debtor", {"customer": buyer.id}, {"account": 'debtor account, such as "10001"'})
        yield Problem("MissingDebtor", message, _place(invoice), hint + meant, agreement=invoice.agreement)


def _revenue_problems(
    invoice: Invoice, placed: Iterable[tuple[InvoiceLine, Placed[RevenueRule] | None]]
) -> Iterator[Problem]:
    """Yield one problem per hole, with the numbers of all lines that fall into it."""
    holes: dict[Problem, list[int]] = {}
    for line, rule in placed:
        if problem := _revenue_problem(invoice, line, rule):
            holes.setdefault(problem, []).append(line.number)
    for problem, numbers in holes.items():
        lines = ("line " if len(numbers) == 1 else "lines ") + ", ".join(map(str, numbers))
        yield replace(problem, place=f"{_place(invoice)}, {lines}")


def _revenue_problem(invoice: Invoice, line: InvoiceLine, placed: Placed[RevenueRule] | None) -> Problem | None:
    if placed is None:
        return _missing_account(invoice, line)
    account, rate = placed.rule.revenue_account, line.vat.rate
    if rate.category is not VatCategory.STANDARD or account.automatic or account.tax_key:
        return None
    message = f"{placed.place} would book gross amounts with {rate.percent} % VAT on account {account.account} as net"
    hint = "give the rule a tax_key, or automatic = true if the account splits the VAT itself"
    return Problem("MissingTaxKey", message, "", hint, agreement=invoice.agreement)


def _missing_account(invoice: Invoice, line: InvoiceLine) -> Problem:
    category, percent = line.vat.rate.category.value, str(line.vat.rate.percent)
    message = f"no revenue account for service {line.service!r}, VAT {category} {percent} %, on {line.period.last_day}"
    wanted = {
        "account": 'revenue account, such as "4400"',
        "automatic": "true if the account splits the VAT itself, else false",
        "tax_key": 'such as "3"; leave out if automatic',
    }
    hint = lines_to_add("revenue", {"service": line.service, "vat_category": category, "rate": percent}, wanted)
    return Problem("MissingRevenueAccount", message, "", hint, agreement=invoice.agreement)


def _place(invoice: Invoice) -> str:
    return f"document {invoice.number or invoice.key}"


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
    shares = {
        vat_line.rate: iter(
            share_out(vat_line.rate, [group.net for group in groups if group.vat == vat_line.rate], vat_line.tax)
        )
        for vat_line in invoice.vat
    }
    return [(group, next(shares[group.vat])) for group in groups]


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


def _reason(group: _Group, tax: RowTax) -> Iterator[Step]:
    yield step("row_net", lines=", ".join(str(line.number) for line in group.lines), net=group.net)
    yield step("row_account", account=group.revenue.account, found_at=group.rules[0].place)
    yield step("row_tax", net=group.net, percent=group.vat.percent, tax=tax.tax - tax.adjustment)
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
