"""Tables: on a terminal as wide as it is, in a log of a fixed width and without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

LOG_WIDTH = 120
"""Columns of tables in a log, where no terminal says how wide it is."""


def print_table(
    headings: Sequence[str], amounts: Sequence[str], rows: Iterable[Sequence[str]], *, grouped: bool = False
) -> None:
    """Print the rows under headings; columns of amounts come last, stand right and are never folded.

    Where `grouped`, a row whose first cell is filled heads those below it: it is bold and keeps to its line.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for heading in amounts:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        heads = grouped and bool(row[0])
        table.add_row(*(_cell(text, whole_line=heads) for text in row), style="bold" if heads else None)
    _console().print(table)


def _cell(text: str, *, whole_line: bool) -> Text:
    """Return the text as it is; in a plain string, brackets would be read as styles."""
    return Text(text, no_wrap=True, overflow="ellipsis") if whole_line else Text(text)


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=LOG_WIDTH)
