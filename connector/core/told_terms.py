"""What project tools state of retainers and planned invoices, held against the agreements.

Nothing here bills anything: agreements do, for no tool knows all they need. What a tool says otherwise, or what no
agreement says at all, becomes a notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core.agreement import Agreement, Instalment, ScheduleTerms
from connector.core.catalogue import ItemUnit, shown
from connector.core.cycle import Cycle
from connector.core.indexation import fees
from connector.core.money import Money
from connector.core.offer import Project
from connector.core.period import ONE_DAY
from connector.core.problems import Problem, Severity
from connector.core.progress import project_chain
from connector.core.quantity import SECONDS_PER_HOUR
from connector.core.retainer_terms import RetainerTerms, TermsVersion

NEVER = date(2200, 1, 1)
"""Tools without a place for "no end" keep a day as far off as this."""

THIRDS = 9
"""Only seconds that it divides have a decimal form in hours: 3,600 is 9 times twos and fives."""


@dataclass(frozen=True, slots=True)
class ToldRetainer:
    """A retainer as a project tool states it; '' or None where it does not say. `place` is where it stands there.

    `fee` per full period; `seconds` of work contained in it. `budget` is money per period of which the tool does not
    say whether it is the fee or the worth of the work. Without a `project` it is meant for all of the customer's.
    """

    place: str
    title: str
    customer: str = ""
    project: str = ""
    start: date | None = None
    last_day: date | None = None
    cycle: Cycle | None = None
    fee: Money | None = None
    seconds: int | None = None
    budget: Money | None = None

    @property
    def ends(self) -> date | None:
        """Return the last day, None if it is so far off that it stands for none."""
        return self.last_day if self.last_day and self.last_day < NEVER else None

    @property
    def currency(self) -> str:
        """Return the currency of its amounts, '' without any."""
        amount = self.fee or self.budget
        return amount.currency if amount else ""


@dataclass(frozen=True, slots=True)
class ToldSchedule:
    """The invoices that a project tool plans for a project and has not written yet, each with its amount."""

    place: str
    project: str
    customer: str
    instalments: tuple[Instalment, ...]


ToldTerms = ToldRetainer | ToldSchedule


def difference(
    told: ToldTerms, agreements: Sequence[Agreement], projects: Mapping[str, Project], as_of: date
) -> Problem | None:
    """Return a notice where no agreement of the project says what the tool says, None where one does.

    Of several agreements, the one that comes closest is told of. A retainer that has ended is left alone.
    """
    if isinstance(told, ToldRetainer) and told.ends and told.ends < as_of:
        return None
    related = [each for each in agreements if _related(each, told, projects)]
    compared = [(each, found) for each in related if (found := _compared(told, each, as_of)) is not None]
    if not compared:
        whose = "project" if told.project else "customer"
        others = ", ".join(f"{each.id} ({each.terms.family})" for each in related) or "none"
        message = f"{_name(told)}: no agreement says so; agreements of the {whose}: {others}"
        hint = f"agree on it, if it is to be billed; add to agreements.toml:\n{block(told)}"
        return Problem("TermsNotAgreed", message, told.place, hint, Severity.NOTICE)
    agreement, found = min(compared, key=lambda each: len(each[1]))
    if not found:
        return None
    message = f"{_name(told)} differs from agreement {agreement.id} ({agreement.place}): {'; '.join(found)}"
    hint = "correct the one that is wrong; the agreement is what is billed"
    return Problem("TermsDiffer", message, told.place, hint, Severity.NOTICE, agreement.id)


def _name(told: ToldTerms) -> str:
    return f"the retainer {told.title!r}" if isinstance(told, ToldRetainer) else "the planned invoices"


def _related(agreement: Agreement, told: ToldTerms, projects: Mapping[str, Project]) -> bool:
    if not told.project:
        return agreement.customer == told.customer
    return not {*agreement.projects}.isdisjoint(project_chain(told.project, projects))


def _compared(told: ToldTerms, agreement: Agreement, as_of: date) -> list[str] | None:
    """Return where the two differ, None if the agreement is of another kind."""
    match told, agreement.terms:
        case ToldRetainer(), RetainerTerms() as terms:
            return list(_of_retainer(told, agreement, terms, as_of))
        case ToldSchedule(), ScheduleTerms() as terms:
            return list(_of_schedule(told, terms))
    return None


def _of_retainer(told: ToldRetainer, agreement: Agreement, terms: RetainerTerms, as_of: date) -> Iterator[str]:
    """Yield what the tool states otherwise than the terms that hold on the day, or hold first."""
    day = max(as_of, terms.start)
    version = [each for each in terms.versions if each.valid_from <= day][-1]
    fee = [str(each.amount) for each in fees(agreement, terms, day + ONE_DAY)[0] if each.start <= day][-1]
    hours, money = (_allowances(version, unit, terms.currency) for unit in (ItemUnit.HOURS, ItemUnit.AMOUNT))
    included = None if told.seconds is None else shown(told.seconds, ItemUnit.HOURS, terms.currency)
    yield from _differs("cycle", told.cycle, [terms.calendar.cycle])
    yield from _differs("fee", told.fee, [fee])
    yield from _differs("hours included", included, hours)
    yield from _differs("budget", told.budget, [fee, *money])
    yield from _differs("first day", told.start, [str(terms.start)])
    yield from _differs("last day", told.ends, _last_days(terms, told.ends))


def _differs(what: str, told: object, agreed: Sequence[str]) -> Iterator[str]:
    if told is not None and str(told) not in agreed:
        yield f"{what} {told}, agreed {' or '.join(agreed) or 'none'}"


def _allowances(version: TermsVersion, unit: ItemUnit, currency: str) -> list[str]:
    """Return what the items of the unit contain, each and together."""
    grains = [item.allowance for item in version.items if item.unit is unit]
    return list(dict.fromkeys(shown(each, unit, currency) for each in (*grains, sum(grains)) if grains))


def _last_days(terms: RetainerTerms, told: date | None) -> list[str]:
    """Return the agreed last day; where a notice decides, the end that comes next to the one that was told."""
    term, end = terms.term, terms.end
    if end is None and told and (term.minimum or term.renewal):
        noticed = term.notice.before(told) if term.notice else told
        end = term.next_exit(terms.start, terms.calendar, noticed).end
    return [str(end - ONE_DAY)] if end else []


def _of_schedule(told: ToldSchedule, terms: ScheduleTerms) -> Iterator[str]:
    """Yield each planned invoice that no instalment stands for; one in percent stands for any amount."""
    for planned in told.instalments:
        agreed = [each.amount for each in terms.instalments if each.due_on == planned.due_on]
        if None not in agreed:
            yield from _differs(f"{planned.due_on}:", planned.amount, [str(each) for each in agreed])


def block(told: ToldTerms) -> str:
    """Return the agreement in TOML: what the tool states filled in, the rest empty with what is to be written."""
    lines = _retainer_lines(told) if isinstance(told, ToldRetainer) else _schedule_lines(told)
    return "\n".join(lines)


def _head(kind: str, told: ToldTerms) -> Iterator[str]:
    yield "[[agreement]]"
    yield 'id =  # a name of your own; it is never changed, such as "care"'
    yield _key("kind", kind)
    yield _key("customer", told.customer, "id of the customer")
    yield _key("project", told.project, "id of the project")


def _retainer_lines(told: ToldRetainer) -> Iterator[str]:
    yield from _head("retainer", told)
    yield _key("label", told.title, "what stands on the line of the fee")
    if told.currency:
        yield _key("currency", told.currency)
    yield _key("cycle", told.cycle or "", "week, month, quarter or year")
    if told.ends:
        yield f"term = {{ last_day = {told.ends} }}"
    yield ""
    yield "[[agreement.version]]"
    yield f"valid_from = {told.start or ' # first day'}"
    yield _fee(told)
    if told.seconds is not None:
        yield from _item(told.title, told.seconds)


def _fee(told: ToldRetainer) -> str:
    if told.fee is None and told.budget is not None:
        return f'fee =  # of a full period; or the budget of {told.budget} is the allowance of an item, unit = "amount"'
    return _key("fee", str(told.fee.amount) if told.fee else "", "of a full period")


def _item(title: str, seconds: int) -> Iterator[str]:
    hours = "" if seconds % THIRDS else f"{(Decimal(seconds) / SECONDS_PER_HOUR).normalize():f}"
    yield ""
    yield "[[agreement.version.item]]"
    yield _key("id", "hours")
    yield _key("label", title, "what stands on the line of what goes beyond")
    yield _key("unit", ItemUnit.HOURS)
    yield _key("allowance", hours, shown(seconds, ItemUnit.HOURS, ""))
    yield 'overage =  # what goes beyond, such as { rule = "bill_now", price = 130 }'


def _schedule_lines(told: ToldSchedule) -> Iterator[str]:
    yield from _head("schedule", told)
    yield "instalments =  # partial_supply or down_payment"
    for planned in told.instalments:
        yield ""
        yield "[[agreement.instalment]]"
        yield f"date = {planned.due_on}"
        yield _key("text", planned.text, "what stands on the line")
        yield _key("amount", str(planned.amount.amount) if planned.amount else "", "what is asked for")


def _key(name: str, value: str, wanted: str = "") -> str:
    """Return the line of the key; where there is no value, with what is to be written."""
    quoted = " ".join(value.split()).replace("\\", r"\\").replace('"', r"\"")
    return f'{name} = "{quoted}"' if value else f"{name} =  # {wanted}"
