"""Logging in for a source or sink: the address is printed, and opened in a browser where there is one."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable

import click

from connector.cli.options import Options
from connector.cli.steps import DONE, Outcome, Work, for_each_tenant
from connector.wiring import adapters


def login(options: Options, name: str, *, no_browser: bool) -> None:
    """Log in for one tenant; the address goes to standard error where the outcome is printed as JSON."""
    for_each_tenant(options, lambda work: _log_in(work, name, no_browser=no_browser), one=True)


def _log_in(work: Work, name: str, *, no_browser: bool) -> Outcome:
    until = adapters.log_in(work.space, name, _shown(work, no_browser=no_browser))
    if work.for_people:
        work.screen.told("logged in", until=f"{until:%Y-%m-%d %H:%M}")
    return {"adapter": name, "valid_until": until.isoformat()}, DONE


def _shown(work: Work, *, no_browser: bool) -> Callable[[str], None]:
    def show(address: str) -> None:
        if work.for_people:
            work.screen.told("log in", address=address)
        else:
            click.echo(address, err=True)
        if not no_browser:
            webbrowser.open(address)

    return show
