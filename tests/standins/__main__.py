"""Start a stand-in by hand: python -m tests.standins lexware --port 8099."""

from __future__ import annotations

import importlib
import threading
from pathlib import Path

import click

from tests.standins.server import serving

NOT_APIS = {"agency", "bucket", "server"}

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py") if path.stem not in NOT_APIS)


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--port", type=int, default=0, help="On 127.0.0.1; any free one if not given.")
def main(name: str, port: int) -> None:
    """Run the stand-in, empty and with the vendor's real limits, until it is interrupted."""
    api = importlib.import_module(f"tests.standins.{name}").api()
    with serving(api, port) as standin:
        click.echo(standin.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("stopped")


if __name__ == "__main__":
    main()
