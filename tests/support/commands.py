"""The command line, called within the test's process: fast, and everything it says is kept."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connector import cli


@dataclass(frozen=True)
class Ran:
    """What a command said, and how it left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is whatever the command printed
        """Return what it printed, read as JSON."""
        return json.loads(self.out)


def honorar(*arguments: str | Path) -> Ran:
    """Run the command as a terminal would, without being one."""
    out, err = StringIO(), StringIO()
    code = 0
    argv = ["honorar", *map(str, arguments)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 0
    return Ran(code, out.getvalue(), err.getvalue())
