"""The program hledger (Debian's package), installed where it is missing (needs root), and the questions put to it."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path


@dataclass(frozen=True)
class Hledger:
    """A bookkeeper: says whether a journal is sound, and what is open."""

    program: str

    def faults(self, journal: Path) -> str:
        """Return what is wrong: a cent off, an account or currency nobody declared, days out of order; else ''."""
        asked = [self.program, "check", "-s", "ordereddates", "accounts", "commodities", "-f", str(journal)]
        return subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60).stderr

    def open_items(self, journal: Path) -> dict[str, str]:
        """Return what the debtors owe, such as '9916.66 EUR', by invoice; nothing owed is left out."""
        asked = [self.program, "balance", "debtor", "--pivot", "invoice", "-N", "-O", "csv", "-f", str(journal)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
        _, *rows = csv.reader(StringIO(told))
        return {number: amount for number, amount in rows if Decimal(amount.split()[0])}


def hledger_program() -> Hledger:
    """Return the program."""
    if not shutil.which("hledger"):
        apt_get = shutil.which("apt-get") or "apt-get"
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "hledger"]):
            subprocess.run([apt_get, *command], env=quiet, check=True, capture_output=True, timeout=600)
    found = shutil.which("hledger")
    assert found
    return Hledger(found)
