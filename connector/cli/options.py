"""What every command can be told, before or after its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

FOLDER_VARIABLE = "HONORAR_CONFIG"
"""Environment variable that names the folder where --config does not."""

FIRST_YEAR, LAST_YEAR = 2000, 2999
"""Days outside are typing errors."""

Selection = Mapping[str, frozenset[str]]
"""Positions and categories by agreement."""

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

    @property
    def folder(self) -> Path:
        """Return the folder to work in: named, or where a tenant usually lies."""
        if self.config is not None:
            return self.config
        if named := os.environ.get(FOLDER_VARIABLE):
            return Path(named)
        return Path() if Path("connector.toml").is_file() else Path("config")


def _as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
        message = f"a day between {FIRST_YEAR} and {LAST_YEAR} is meant"
        raise click.BadParameter(message)
    return value.date() if value else None


_OPTIONS = (
    click.option("--config", type=click.Path(path_type=Path, file_okay=False),
                 help=f"Folder of the tenant, or of many tenants [default: ${FOLDER_VARIABLE}, this one, ./config]"),
    click.option("--tenant", default="", help="Only the tenant in this subfolder."),
    click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), callback=_as_date,
                 help="The day to bill for (default: today)."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option("--user", default="", help="Who does this, for the audit trail (default: the system's user)."),
    click.option("--log-format", type=click.Choice(["text", "json"]), help="Form of the log lines on standard error."),
    click.option("--verbose", is_flag=True, help="Also log what is being done."),
)  # fmt: skip


def _as_selection(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> Selection:
    """Return the positions and categories chosen, by agreement."""
    selection: dict[str, frozenset[str]] = {}
    for text in value:
        agreement, _, position = text.partition(":")
        if not agreement or not position:
            message = f"{text!r}: write AGREEMENT:POSITION or AGREEMENT:CATEGORY"
            raise click.BadParameter(message)
        selection[agreement] = selection.get(agreement, frozenset()) | {position}
    return selection


with_selection = click.option(
    "--select", multiple=True, metavar="AGREEMENT:POSITION", callback=_as_selection,
    help="Only this position or category (repeatable).",
)  # fmt: skip


def with_options(command: Command) -> Command:
    """Give the command the options that all have."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def takes_options(function: Callable[..., None]) -> Callable[..., None]:
    """Return what click calls for a function that takes the common options as one and its own by name."""

    @wraps(function)
    def command(context: click.Context, /, **given: Any) -> None:
        common = {each.name: given.pop(each.name) for each in fields(Options)}
        function((context.find_object(Options) or Options()).overlaid(common), **given)

    return with_options(click.pass_context(command))
