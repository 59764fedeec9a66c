"""The time bank statement: on the terminal, as JSON, and as a file for spreadsheets (domain 4.10)."""

from __future__ import annotations

import click

from connector import logs
from connector.as_json import time_bank_as_json
from connector.cli.options import Options
from connector.cli.steps import DONE, HELD, Outcome, Work, for_each_tenant
from connector.documents.timebank_csv import statement_file
from connector.wiring import billing


def timebank(options: Options, agreement: str, period: str, *, as_csv: bool) -> None:
    """Show the statement of one tenant's agreement; a file would not tell tenants apart."""
    for_each_tenant(options, lambda work: _show(work, agreement, period, as_csv=as_csv), secrets=False, one=True)


def _show(work: Work, agreement: str, period: str, *, as_csv: bool) -> Outcome:
    """Print the statement, unless a problem holds it (exit code 1); beside a file, problems go to standard error."""
    bank = billing.time_bank(work.space, agreement, work.as_of, period)
    if as_csv:
        for problem in bank.problems:
            logs.tell(f"{problem.place}: {problem.message}", problem.hint)
        if not bank.held:
            click.echo(statement_file(bank, work.space.tenant.language), nl=False)
    elif work.for_people:
        if not bank.held:
            work.screen.time_bank(bank)
        work.screen.problems(bank.problems)
    return time_bank_as_json(bank), HELD if bank.held else DONE
