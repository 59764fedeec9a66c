"""The commands of `honorar` and their exit codes; what a command does is imported when it is called."""

from __future__ import annotations

import gc
import shlex
import sys
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from connector import __version__
from connector.cli.options import Options, Selection, takes_options, with_options, with_selection
from connector.core.errors import HonorarError

USAGE, INTERRUPTED = 2, 130
"""Exit codes besides those of a run; the second is what a shell reports for Ctrl-C."""

FEW_COLLECTIONS = (50_000, 20, 20)
"""How rarely memory is searched for circles: starts, plans and pulls make values by the hundred thousand, and hardly a
circle among them. A command starts a tenth faster, and a plan of 100,000 positions takes a fifth less."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="honorar")
@with_options
@click.pass_context
def honorar(context: click.Context, /, **given: Any) -> None:
    """Bill progress exactly: from project tools to booked documents for accounting."""
    context.obj = Options().overlaid(given)


@honorar.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--example", is_flag=True, help="Copy the example agency with six months of data.")
def init(folder: Path, *, example: bool) -> None:
    """Make the folder of a new tenant."""
    from connector import logs
    from connector.starter import make_tenant

    logs.set_up()
    for path in make_tenant(folder, example=example):
        click.echo(str(path))
    click.echo(f"next: honorar check --config {shlex.quote(str(folder))}")


@honorar.command()
@takes_options
def check(options: Options) -> None:
    """Report every fault of configuration, mapping and connections at once."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.check)


@honorar.command()
@click.option("--accept-empty", multiple=True, metavar="SOURCE", help="Believe this source that it has nothing left.")
@click.option(
    "--reread-from",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Read all time from this day on again, to find what was deleted there.",
)
@takes_options
def pull(options: Options, accept_empty: tuple[str, ...], reread_from: datetime | None) -> None:
    """Read the sources into the store."""
    from connector.cli import steps

    first = reread_from.date() if reread_from else None
    steps.for_each_tenant(options, steps.alone(lambda work: steps.pull(work, accept_empty, first)))


@honorar.command()
@with_selection
@takes_options
def plan(options: Options, select: Selection) -> None:
    """Show what would be billed; writes nothing."""
    from connector.cli import steps

    steps.for_each_tenant(options, lambda work: steps.plan(work, select))


@honorar.command()
@with_selection
@takes_options
def bill(options: Options, select: Selection) -> None:
    """Store what is due as documents with numbers."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.alone(lambda work: steps.bill(work, select)))


@honorar.command()
@click.argument("documents", nargs=-1, metavar="[DOC]...")
@click.option("--all", "everything", is_flag=True, help="Approve every draft.")
@takes_options
def approve(options: Options, documents: tuple[str, ...], *, everything: bool) -> None:
    """Approve drafts, so that they are handed over."""
    if bool(documents) == everything:
        message = "name the documents to approve, or give --all"
        raise click.UsageError(message)
    from connector.cli import steps

    steps.for_each_tenant(options, steps.alone(lambda work: steps.approve(work, documents)))


@honorar.command()
@click.argument("line", metavar="DOC.LINE")
@click.option("--text", help="What the line says.")
@click.option("--quantity", metavar="NUMBER", help="Quantity, with a decimal point.")
@click.option("--price", metavar="NUMBER", help="Unit price, with a decimal point.")
@click.option("--reason", required=True, help="Why; kept in the billed log.")
@takes_options
def edit(
    options: Options, line: str, *, text: str | None, quantity: str | None, price: str | None, reason: str
) -> None:
    """Change a line of a draft; what was computed stays in the log, and later invoices are not affected."""
    wanted = {"text": text, "quantity": quantity, "price": price}
    if not any(wanted.values()):
        message = "say what to change: --text, --quantity or --price"
        raise click.UsageError(message)
    from connector.cli import steps

    steps.for_each_tenant(options, steps.alone(lambda work: steps.edit(work, line, wanted, reason)))


_why = click.option("--reason", required=True, help="Why; kept in the audit trail.")


@honorar.command()
@click.argument("document", metavar="DOC")
@_why
@takes_options
def cancel(options: Options, document: str, *, reason: str) -> None:
    """Cancel a document: void its number, or take it back by a correction; what it billed is due again."""
    from connector.cli import decisions

    decisions.decide(options, lambda work: decisions.cancel(work, document, reason), secrets=True)


@honorar.command()
@click.argument("document", metavar="DOC")
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day the money arrived.")
@click.option("--reason", default="", help="A remark, such as the bank statement; kept in the audit trail.")
@takes_options
def paid(options: Options, document: str, *, on: datetime, reason: str) -> None:
    """Record that a document was paid in full; a final invoice deducts what was paid."""
    from connector.cli import decisions

    decisions.decide(options, lambda work: decisions.paid(work, document, on.date(), reason))


@honorar.command()
@click.argument("document", metavar="DOC")
@_why
@takes_options
def unpaid(options: Options, document: str, *, reason: str) -> None:
    """Take a payment back that bounced, or was recorded by mistake."""
    from connector.cli import decisions

    decisions.decide(options, lambda work: decisions.unpaid(work, document, reason))


@honorar.command()
@click.argument("document", metavar="DOC")
@_why
@takes_options
def hold(options: Options, document: str, *, reason: str) -> None:
    """Hold a draft back, so that it is not approved with the others; or let nobody be reminded of an open document."""
    from connector.cli import decisions

    decisions.decide(options, lambda work: decisions.hold(work, document, reason))


@honorar.command()
@click.argument("document", metavar="DOC")
@click.option("--reason", default="", help="Why; kept in the audit trail.")
@takes_options
def release(options: Options, document: str, *, reason: str) -> None:
    """Make a draft again of what was held back, queue again what accounting rejected, or remind again."""
    from connector.cli import decisions

    decisions.decide(options, lambda work: decisions.release(work, document, reason))


@honorar.command()
@click.argument("name", metavar="POSITION")
@click.option("--there", metavar="ID", help="The id under which accounting has the document; POSITION is its number.")
@_why
@takes_options
def accept(options: Options, name: str, *, there: str | None, reason: str) -> None:
    """Accept what waits for a person; the next run bills it.

    A POSITION (offer/position) that changed or vanished after it was billed; or the overage or late change of a charge
    (agreement/period/part, as the plan names it), or of all charges of an agreement/period. With --there, a document
    whose answer was lost, and that you found in an accounting system that cannot be searched.
    """
    from connector.cli import decisions

    if there:
        decisions.decide(options, lambda work: decisions.take_over(work, name, there, reason), secrets=True)
    else:
        decisions.decide(options, lambda work: decisions.accept(work, name, reason))


@honorar.command()
@click.argument("agreement")
@click.argument("positions", nargs=-1, metavar="[POSITION]...")
@click.option("--all", "everything", is_flag=True, help="Bill all of the agreement again.")
@takes_options
def select(options: Options, agreement: str, positions: tuple[str, ...], *, everything: bool) -> None:
    """Bill only these positions or categories of an AGREEMENT until something else is selected."""
    if bool(positions) == everything:
        message = "name the positions to bill, or give --all"
        raise click.UsageError(message)
    from connector.cli import decisions

    decisions.decide(options, lambda work: decisions.select(work, agreement, positions))


@honorar.command()
@click.argument("subject", required=False, default="")
@takes_options
def audit(options: Options, subject: str) -> None:
    """Show who did what and when; of a SUBJECT (document, position, agreement or sink), if one is named."""
    from connector.cli import decisions, steps

    steps.for_each_tenant(options, lambda work: decisions.audit(work, subject), secrets=False)


@honorar.command()
@click.option("--again", metavar="DOC", help="Hand this document over once more: in files, marked as a repeat.")
@takes_options
def push(options: Options, again: str | None) -> None:
    """Hand approved documents over to accounting."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.alone(lambda work: steps.push(work, again)))


@honorar.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day of issue (default: a year ago).")
@takes_options
def reconcile(options: Options, since: datetime | None) -> None:
    """Compare with the accounting system: what is missing there, double, different, or not ours."""
    from connector.cli import steps

    steps.for_each_tenant(options, lambda work: steps.reconcile(work, since.date() if since else None))


@honorar.command()
@click.argument("name", metavar="ADAPTER")
@click.option("--no-browser", is_flag=True, help="Only print the address to log in at.")
@takes_options
def login(options: Options, name: str, *, no_browser: bool) -> None:
    """Log in for a source or sink that asks a person for consent; it is kept until it ends."""
    from connector.cli.login import login as log_in

    log_in(options, name, no_browser=no_browser)


@honorar.command()
@takes_options
def settle(options: Options) -> None:
    """Read back from accounting what was paid, and what was reminded of."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.alone(steps.settle))


@honorar.command()
@click.option("--send", is_flag=True, help="Write the reminders into accounting, each exactly once.")
@takes_options
def remind(options: Options, *, send: bool) -> None:
    """Show which customers are due to be reminded, of what, and how it was reckoned."""
    from connector.cli import reminders

    reminders.remind(options, send=send)


@honorar.command()
@click.argument("document", metavar="DOC")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the reminder (default: today).")
@click.option("--reason", default="", help="A remark; kept in the audit trail.")
@takes_options
def reminded(options: Options, document: str, *, on: datetime | None, reason: str) -> None:
    """Record that a person reminded of a document: its next level counts as given."""
    from connector.cli import decisions, reminders

    day = on.date() if on else None
    decisions.decide(options, lambda work: reminders.reminded(work, document, day, reason))


@honorar.command()
@click.argument("document", metavar="DOC")
@_why
@takes_options
def unreminded(options: Options, document: str, *, reason: str) -> None:
    """Take the newest reminder back that was not given, or discarded; it is due again."""
    from connector.cli import decisions, reminders

    decisions.decide(options, lambda work: reminders.unreminded(work, document, reason))


@honorar.command()
@takes_options
def run(options: Options) -> None:
    """Pull, bill and push, and read payments back: the line for cron."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.alone(steps.run))


@honorar.command()
@takes_options
def status(options: Options) -> None:
    """Show per agreement what is agreed, done and billed, where the documents stand, and how old open items are."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.status, secrets=False)


@honorar.command()
@click.option("--state", multiple=True, help="Only documents in this state (repeatable).")
@click.option("--agreement", default="", help="Only documents of this agreement.")
@click.option("--open", "still_open", is_flag=True, help="Only open items, with ages on the day of --as-of.")
@takes_options
def documents(options: Options, state: tuple[str, ...], agreement: str, *, still_open: bool) -> None:
    """List the documents, or the open items."""
    if still_open and state:
        message = "choose one: --open or --state"
        raise click.UsageError(message)
    from connector.cli import steps

    def step(work: steps.Work) -> steps.Outcome:
        return steps.open_items(work, agreement) if still_open else steps.documents(work, state, agreement)

    steps.for_each_tenant(options, step, secrets=False)


@honorar.command()
@click.argument("position")
@takes_options
def log(options: Options, position: str) -> None:
    """Show what was billed of a POSITION (offer/position), and how people changed it."""
    from connector.cli import steps

    steps.for_each_tenant(options, lambda work: steps.log(work, position), secrets=False)


@honorar.command()
@click.argument("agreement")
@click.option("--period", default="", help="Only this period: its name, or a day, month, quarter or year [2026-03].")
@click.option("--csv", "as_csv", is_flag=True, help="Print a file for spreadsheets.")
@takes_options
def timebank(options: Options, agreement: str, *, period: str, as_csv: bool) -> None:
    """Show the time bank of an AGREEMENT by item and period, with every entry behind what was used."""
    if as_csv and options.as_json:
        message = "choose one: --csv or --json"
        raise click.UsageError(message)
    from connector.cli.timebank import timebank

    timebank(options, agreement, period, as_csv=as_csv)


@honorar.command()
@click.argument("document", metavar="DOC[.LINE]")
@takes_options
def explain(options: Options, document: str) -> None:
    """Say why the amounts of a document or line are what they are."""
    from connector.cli import steps

    steps.for_each_tenant(options, lambda work: steps.explain(work, document), secrets=False)


@honorar.command()
@takes_options
def outbox(options: Options) -> None:
    """Show what waits for accounting, and what was handed over in which file."""
    from connector.cli import steps

    steps.for_each_tenant(options, steps.outbox, secrets=False)


def main() -> None:
    """Run the command line; every error of ours leaves with its own exit code and without a traceback."""
    gc.set_threshold(*FEW_COLLECTIONS)
    _write_anything()
    try:
        sys.exit(honorar(prog_name="honorar", standalone_mode=False))
    except click.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except HonorarError as error:
        from connector.logs import tell

        tell(str(error))
        sys.exit(error.exit_code)


def _write_anything() -> None:
    """Let a letter that the terminal or log cannot show become '?', instead of ending a run halfway."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
