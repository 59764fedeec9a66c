"""A retainer's year as a bookkeeper keeps it: month by month, with new terms in July and a late entry in April."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from connector.core.catalogue import Rollover
from connector.core.consumption import Usage
from connector.core.retainer_terms import RetainerTerms
from connector.core.term_end import Term
from tests.core.retainer_builders import Log, assess, hours, item, month, retainer, row, used, version, worked_item

YEAR = """
month  known  final  opening  used  lapsed  overage  closing  invoice
1         14     16        0    16       0        0        4  2400.00
2         23     23        4    23       0        0        1  2400.00
3         30     30        1    30       0        9        0  3310.00
4          5      5        0     5       5        0       10  2660.00
5         32     32       10    32       0        2        0  2660.00
6         20     20        0    20       0        0        0  2400.00
7         10     10        0    10       2        0       10  2640.00
8         25     25       10    25       0        0        7  2640.00
9         40     40        7    40       0       11        0  4070.00
10        22     22        0    22       0        0        0  2640.00
11        12     12        0    12       0        0       10  2640.00
12        31     31       10    31       1        0        0  2640.00
"""
"""Hours known when the month was billed, hours known at last, the bank at last, and what was invoiced for the month.

2,400 for 20 hours, from July 2,640 for 22; 130 an hour beyond; at most 10 hours are carried over, into two months; it
ends with the year. In April two hours turn up that belong into January: February's lot is two hours shorter, and March
has nine hours of overage, not seven. April's invoice corrects March by 2 × 130.00.
"""

ROWS = [dict(zip(YEAR.split("\n")[1].split(), line.split(), strict=True)) for line in YEAR.strip().split("\n")[1:]]


def terms() -> RetainerTerms:
    """Return the terms of the year."""
    july = version("2640", item("design", 22, rollover=Rollover(hours(10), 2)), since=date(2026, 7, 1))
    return replace(retainer(version("2400", worked_item()), july), term=Term(last_day=date(2026, 12, 31)))


def known_in(number: int) -> list[Usage]:
    """Return the hours known when the month is billed: January's late ones from April on."""
    column = "known" if number < 4 else "final"
    return [used(each[column], int(each["month"])) for each in ROWS if int(each["month"]) <= number]


def test_the_year_of_a_retainer() -> None:
    """Every invoice and every line of the time bank is as in the table."""
    log = Log()
    invoices = []
    for number in range(1, 13):
        first = month(number + 1, 1)
        due = log.run(assess(terms(), *known_in(number), as_of=first).charges, first)
        invoices.append(str(sum((each.amount.amount for each in due), Decimal(0))))
    assert invoices == [each["invoice"] for each in ROWS]
    banks = [row(statement) for statement in assess(terms(), *known_in(12)).statements]
    columns = ("opening", "used", "lapsed", "overage", "closing")
    assert banks == [tuple(int(each[column]) for column in columns) for each in ROWS]


def test_the_year_in_one_run() -> None:
    """Billed once, at the end, it comes to the same sum."""
    log = Log()
    log.run(assess(terms(), *known_in(12)).charges, month(13, 1))
    assert log.total() == sum(Decimal(each["invoice"]) for each in ROWS)
