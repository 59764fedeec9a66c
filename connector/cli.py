"""The commands of `honorar` and their exit codes; everything else is imported when a command needs it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from connector import __version__
from connector.core.errors import HonorarError

if TYPE_CHECKING:
    from connector.console import Screen
    from connector.core.problems import Problem
    from connector.wiring import Workspace

DONE, HELD, CONFIG_FAULT, REFUSED, TRY_LATER = 0, 1, 2, 3, 75

_WORST_FIRST = (CONFIG_FAULT, REFUSED, TRY_LATER, HELD, DONE)

LOG_WIDTH = 120
"""Columns of tables in a log, where no terminal says how wide it is."""

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Options:
    """What every command can be told, before or after its name."""

    config: Path | None = None
    tenant: str = ""
    as_of: date | None = None
    as_json: bool = False
    user: str = ""
    log_format: str = "text"
    verbose: bool = False

    def overlaid(self, given: Mapping[str, Any]) -> Options:
        """Return these options with those given on the command line laid over them."""
        return replace(self, **{name: value for name, value in given.items() if value not in (None, False, "")})


def _as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


_OPTIONS = (
    click.option("--config", type=click.Path(path_type=Path, file_okay=False), envvar="HONORAR_CONFIG",
                 help="Folder of the tenant, or of many tenants (default: this folder, else ./config)."),
    click.option("--tenant", default="", help="Only the tenant in this subfolder."),
    click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), callback=_as_date,
                 help="The day to bill for (default: today)."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option("--user", default="", help="Who does this, for the audit trail (default: the system's user)."),
    click.option("--log-format", type=click.Choice(["text", "json"]), help="Form of the log lines on standard error."),
    click.option("--verbose", is_flag=True, help="Also log what is being done."),
)  # fmt: skip


def _with_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_select = click.option(
    "--select", multiple=True, metavar="AGREEMENT:POSITION", help="Only this position or category (repeatable)."
)


def _options(context: click.Context, given: Mapping[str, Any]) -> Options:
    base = context.obj if isinstance(context.obj, Options) else Options()
    return base.overlaid(given)


@dataclass(frozen=True)
class Work:
    """One tenant open for a command, and where it prints."""

    space: Workspace
    screen: Screen
    options: Options

    @property
    def as_of(self) -> date:
        """Return the day asked for, else the tenant's today."""
        return self.options.as_of or self.space.today()


Step = Callable[[Work], tuple[Any, int]]
"""Does the work for one tenant; returns what to print as JSON (None: it has printed) and the exit code."""


def _for_each_tenant(options: Options, step: Step) -> None:
    """Do the step for every tenant, print its JSON if asked for, and leave with the worst exit code."""
    from connector import logs
    from connector.wiring import tenant_folders

    logs.set_up(options.log_format, verbose=options.verbose)
    folders = tenant_folders(_config_folder(options), options.tenant)
    outcomes = [_for_one(folder, options, step, heading=len(folders) > 1) for folder in folders]
    if options.as_json:
        found = [data for data, _ in outcomes]
        click.echo(json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False))
    codes = {code for _, code in outcomes}
    sys.exit(next(code for code in _WORST_FIRST if code in codes))


def _config_folder(options: Options) -> Path:
    if options.config is not None:
        return options.config
    return Path() if Path("connector.toml").is_file() else Path("config")


def _for_one(folder: Path, options: Options, step: Step, *, heading: bool) -> tuple[Any, int]:
    from connector.wiring import open_workspace

    try:
        with open_workspace(folder, options.user) as space:
            screen = _screen(space.tenant.language)
            if heading and not options.as_json:
                screen.line(f"== {space.tenant.name}")
            return step(Work(space, screen, options))
    except HonorarError as error:
        return _show_error(error, options), error.exit_code


def _screen(language: str) -> Screen:
    from rich.console import Console

    from connector.console import Screen

    console = Console()
    return Screen(console if console.is_terminal else Console(width=LOG_WIDTH), language)


def _show_error(error: HonorarError, options: Options) -> dict[str, Any]:
    from connector.as_json import problems_as_json
    from connector.redact import redact

    problems = getattr(error, "problems", ())
    if not options.as_json:
        click.echo(redact(str(error)), err=True)
        for problem in problems:
            click.echo(f"  {problem.place}: {problem.message}\n    {problem.hint}", err=True)
    return {"error": redact(str(error)), "problems": problems_as_json(problems)}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="honorar")
@_with_options
@click.pass_context
def honorar(context: click.Context, /, **given: Any) -> None:
    """Bill progress exactly: from project tools to booked documents for accounting."""
    context.obj = Options().overlaid(given)


@honorar.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--example", is_flag=True, help="Copy the example agency with six months of data.")
def init(folder: Path, *, example: bool) -> None:
    """Make the folder of a new tenant."""
    from connector.starter import make_tenant

    for path in make_tenant(folder, example=example):
        click.echo(str(path))
    click.echo(f"next: honorar check --config {folder}")


@honorar.command()
@_with_options
@click.pass_context
def check(context: click.Context, /, **given: Any) -> None:
    """Report every fault of configuration, mapping and connections at once."""
    _for_each_tenant(_options(context, given), _check)


def _check(work: Work) -> tuple[Any, int]:
    problems = work.space.check()
    if not work.options.as_json:
        work.screen.problems(problems)
        work.screen.told("checked", problems=len(problems))
    return _problems_json(problems), CONFIG_FAULT if problems else DONE


@honorar.command()
@_with_options
@click.option("--accept-empty", multiple=True, metavar="SOURCE", help="Believe this source that it has nothing left.")
@click.pass_context
def pull(context: click.Context, /, accept_empty: tuple[str, ...], **given: Any) -> None:
    """Read the sources into the store."""
    _for_each_tenant(_options(context, given), lambda work: _locked(work, lambda: _pull(work, accept_empty)))


def _pull(work: Work, accept_empty: Iterable[str] = ()) -> tuple[dict[str, Any], int]:
    from connector.as_json import pulled_as_json

    with work.screen.busy("reading"):
        pulled = work.space.pull(work.as_of, frozenset(accept_empty))
    problems = [problem for source in pulled for problem in source.problems]
    if not work.options.as_json:
        for source in pulled:
            work.screen.pulled(source)
        work.screen.problems(problems)
    taken = all(source.taken for source in pulled)
    return {"sources": pulled_as_json(pulled)} | _problems_json(problems), DONE if taken else HELD


@honorar.command()
@_with_options
@click.option(
    "--select", multiple=True, metavar="AGREEMENT:POSITION", help="Only this position or category (repeatable)."
)
@click.pass_context
def plan(context: click.Context, /, select: tuple[str, ...], **given: Any) -> None:
    """Show what would be billed; writes nothing."""
    _for_each_tenant(_options(context, given), lambda work: _plan(work, _selection(select)))


def _plan(work: Work, selection: Mapping[str, frozenset[str]]) -> tuple[Any, int]:
    from connector.as_json import plan_as_json

    outlook = work.space.look_ahead(work.as_of, selection)
    if not work.options.as_json:
        work.screen.documents([each.invoice for each in outlook.ready])
        work.screen.untouched(outlook.plan.untouched)
        work.screen.problems(outlook.plan.problems)
    return plan_as_json(outlook), _held_or_done(outlook.plan.problems)


@honorar.command()
@_with_options
@click.option(
    "--select", multiple=True, metavar="AGREEMENT:POSITION", help="Only this position or category (repeatable)."
)
@click.pass_context
def bill(context: click.Context, /, select: tuple[str, ...], **given: Any) -> None:
    """Store what is due as documents with numbers."""
    selection = _selection(select)
    _for_each_tenant(_options(context, given), lambda work: _locked(work, lambda: _bill(work, selection)))


def _bill(work: Work, selection: Mapping[str, frozenset[str]]) -> tuple[dict[str, Any], int]:
    from connector.as_json import numbered_as_json

    outlook = work.space.look_ahead(work.as_of, selection)
    billed = work.space.bill(outlook)
    if not work.options.as_json:
        work.screen.documents(billed)
        work.screen.untouched(outlook.plan.untouched)
        work.screen.problems(outlook.plan.problems)
    data = {"as_of": work.as_of.isoformat(), "documents": [numbered_as_json(invoice) for invoice in billed]}
    return data | _problems_json(outlook.plan.problems), _held_or_done(outlook.plan.problems)


@honorar.command()
@_with_options
@click.argument("documents", nargs=-1, metavar="[DOC]...")
@click.option("--all", "everything", is_flag=True, help="Approve every draft.")
@click.pass_context
def approve(context: click.Context, /, documents: tuple[str, ...], *, everything: bool, **given: Any) -> None:
    """Approve drafts, so that they are handed over."""
    if bool(documents) == everything:
        message = "name the documents to approve, or give --all"
        raise click.UsageError(message)
    _for_each_tenant(_options(context, given), lambda work: _locked(work, lambda: _approve(work, documents)))


def _approve(work: Work, names: Iterable[str]) -> tuple[Any, int]:
    from connector.as_json import numbered_as_json
    from connector.core.problems import Problem

    outcomes = list(work.space.approve(tuple(names)))
    problems = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    approved = [outcome for outcome in outcomes if not isinstance(outcome, Problem)]
    if not work.options.as_json:
        work.screen.documents(approved)
        work.screen.problems(problems)
    data = {"documents": [numbered_as_json(invoice) for invoice in approved]}
    return data | _problems_json(problems), _held_or_done(problems)


@honorar.command()
@_with_options
@click.argument("line", metavar="DOC.LINE")
@click.option("--text", help="What the line says.")
@click.option("--quantity", metavar="NUMBER", help="Quantity, with a decimal point.")
@click.option("--price", metavar="NUMBER", help="Unit price, with a decimal point.")
@click.option("--reason", required=True, help="Why; kept in the billed log.")
@click.pass_context
def edit(context: click.Context, /, line: str, reason: str, **given: Any) -> None:
    """Change a line of a draft; what was computed stays in the log, and later invoices are not affected."""
    wanted = {name: given.pop(name) for name in ("text", "quantity", "price")}
    _for_each_tenant(_options(context, given), lambda work: _locked(work, lambda: _edit(work, line, wanted, reason)))


def _edit(work: Work, line: str, wanted: Mapping[str, str | None], reason: str) -> tuple[Any, int]:
    from connector.as_json import numbered_as_json

    invoice = work.space.edit(line, work.as_of, wanted, reason)
    if not work.options.as_json:
        work.screen.documents([invoice])
    return numbered_as_json(invoice), DONE


@honorar.command()
@_with_options
@click.option("--again", metavar="DOC", help="Hand this document over once more, marked as a repeat.")
@click.pass_context
def push(context: click.Context, /, again: str | None, **given: Any) -> None:
    """Hand approved documents over to accounting."""
    _for_each_tenant(_options(context, given), lambda work: _locked(work, lambda: _push(work, again)))


def _push(work: Work, again: str | None = None) -> tuple[dict[str, Any], int]:
    pushed = work.space.push(again)
    if not work.options.as_json:
        work.screen.pushed(pushed)
        work.screen.problems(pushed.problems)
    data = {"pushed": list(pushed.documents), "files": list(pushed.files)}
    return data | _problems_json(pushed.problems), _held_or_done(pushed.problems)


@honorar.command()
@_with_options
@click.pass_context
def run(context: click.Context, /, **given: Any) -> None:
    """Pull, bill and push: the line for cron."""
    _for_each_tenant(_options(context, given), lambda work: _locked(work, lambda: _run(work)))


def _run(work: Work) -> tuple[dict[str, Any], int]:
    """Do the three steps; what could not be read is not billed from what was known before."""
    data, pull_code = _pull(work)
    if pull_code != DONE:
        if not work.options.as_json:
            work.screen.told("not billed")
        return data, pull_code
    billed, bill_code = _bill(work, {})
    pushed, push_code = _push(work)
    problems = [*data["problems"], *billed["problems"], *pushed["problems"]]
    return {**data, **billed, **pushed, "problems": problems}, max(bill_code, push_code)


@honorar.command()
@_with_options
@click.pass_context
def status(context: click.Context, /, **given: Any) -> None:
    """Show per agreement what is agreed, done and billed, and where the documents stand."""
    _for_each_tenant(_options(context, given), _status)


def _status(work: Work) -> tuple[Any, int]:
    from connector.as_json import standing_as_json

    standings = work.space.standings(work.as_of)
    states = Counter(summary.state.value for summary in work.space.documents())
    if not work.options.as_json:
        work.screen.standings(standings)
        work.screen.states(states)
    agreements = [standing_as_json(standing) for standing in standings]
    return {"as_of": work.as_of.isoformat(), "agreements": agreements, "documents": states}, DONE


@honorar.command()
@_with_options
@click.option("--state", multiple=True, help="Only documents in this state (repeatable).")
@click.option("--agreement", default="", help="Only documents of this agreement.")
@click.pass_context
def documents(context: click.Context, /, state: tuple[str, ...], agreement: str, **given: Any) -> None:
    """List the documents."""
    _for_each_tenant(_options(context, given), lambda work: _documents(work, state, agreement))


def _documents(work: Work, states: Collection[str], agreement: str) -> tuple[Any, int]:
    from connector.as_json import summary_as_json

    listed = work.space.documents(states, agreement)
    if not work.options.as_json:
        work.screen.listed(listed)
    return {"documents": [summary_as_json(summary) for summary in listed]}, DONE


@honorar.command()
@_with_options
@click.argument("position")
@click.pass_context
def log(context: click.Context, /, position: str, **given: Any) -> None:
    """Show what was billed of a POSITION (offer/position), and how people changed it."""
    _for_each_tenant(_options(context, given), lambda work: _log(work, position))


def _log(work: Work, position: str) -> tuple[Any, int]:
    from connector.as_json import entry_as_json

    entries = work.space.log(position)
    numbers = {summary.key: summary.number for summary in work.space.documents()}
    if not work.options.as_json:
        work.screen.log(entries, numbers)
    return {"position": position, "entries": [entry_as_json(entry, numbers) for entry in entries]}, DONE


@honorar.command()
@_with_options
@click.argument("document", metavar="DOC[.LINE]")
@click.pass_context
def explain(context: click.Context, /, document: str, **given: Any) -> None:
    """Say why the amounts of a document or line are what they are."""
    _for_each_tenant(_options(context, given), lambda work: _explain(work, document))


def _explain(work: Work, document: str) -> tuple[Any, int]:
    sentences = list(work.space.explain(document))
    if not work.options.as_json:
        work.screen.lines(sentences)
    return {"document": document, "explanation": sentences}, DONE


@honorar.command()
@_with_options
@click.pass_context
def outbox(context: click.Context, /, **given: Any) -> None:
    """Show what waits for accounting, and what was handed over in which file."""
    _for_each_tenant(_options(context, given), _outbox)


def _outbox(work: Work) -> tuple[Any, int]:
    from connector.as_json import export_as_json, summary_as_json
    from connector.core.lifecycle import DocumentState

    waiting = work.space.documents([DocumentState.QUEUED, DocumentState.SENDING])
    exports = list(work.space.store.outbox.exports())
    if not work.options.as_json:
        work.screen.listed(waiting)
        work.screen.exports(exports)
    queued = [summary_as_json(summary) for summary in waiting]
    return {"waiting": queued, "exports": [export_as_json(export) for export in exports]}, DONE


def _locked(work: Work, step: Callable[[], tuple[Any, int]]) -> tuple[Any, int]:
    with work.space.locked():
        return step()


def _selection(chosen: Iterable[str]) -> dict[str, frozenset[str]]:
    selection: dict[str, frozenset[str]] = {}
    for text in chosen:
        agreement, colon, position = text.partition(":")
        if not colon or not position:
            message = f"--select {text!r}: write AGREEMENT:POSITION or AGREEMENT:CATEGORY"
            raise click.UsageError(message)
        selection[agreement] = selection.get(agreement, frozenset()) | {position}
    return selection


def _problems_json(problems: Iterable[Problem]) -> dict[str, Any]:
    from connector.as_json import problems_as_json

    return {"problems": problems_as_json(problems)}


def _held_or_done(problems: Iterable[Problem]) -> int:
    return HELD if any(problem.holds for problem in problems) else DONE


def main() -> None:
    """Run the command line; every error of ours leaves with its own exit code and without a traceback."""
    try:
        honorar(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(CONFIG_FAULT)
    except HonorarError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
