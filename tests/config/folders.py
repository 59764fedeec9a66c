"""A tenant's folder whose files a test changes, one text at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from connector.config import Tenant, load
from connector.core.problems import Problem

CONNECTOR = dedent("""\
    [tenant]
    id = "nord"
    name = "Studio Nord"
    time_zone = "Europe/Berlin"

    [seller]
    name = "Studio Nord GmbH"
    country = "DE"
    vat_id = "DE123456789"

    [defaults]
    payment_days = 14
    approval = "manual"
    number_format = "RE-{year}-{number:04}"

    [[source]]
    name = "books"
    type = "files"
    locale = "de"

    [[source]]
    name = "tool"
    type = "web"
    url = "https://tool.example"
    api_key = { env = "TOOL_KEY" }

    [sink]
    type = "paper"
    client = 7
    """)

AGREEMENTS = dedent("""\
    [[agreement]]
    id = "website"
    kind = "progress"
    customer = "K1"
    project = "WEB"
    instalments = "partial_supply"
    progress = "manual"

    [[agreement]]
    id = "shop"
    kind = "schedule"
    customer = "K2"
    project = "SHOP"
    offers = ["A1", "A2"]
    instalments = "partial_supply"
    [[agreement.instalment]]
    date = 2026-01-31
    percent = 40
    text = "1. Rate"
    [[agreement.instalment]]
    date = 2026-02-28
    percent = "60"
    text = "2. Rate"
    """)

MAPPING = dedent("""\
    [[vat]]
    country = "DE"
    category = "S"
    rate = "19"

    [[debtor]]
    customer = "K1"
    account = "10001"

    [[revenue]]
    agreement = "website"
    account = "8400"
    automatic = true
    vat_category = "S"
    rate = "19"
    """)


@dataclass(frozen=True)
class Folder:
    """A tenant's folder."""

    path: Path

    @classmethod
    def valid(cls, path: Path) -> Folder:
        """Return a folder in which nothing is wrong."""
        for name, text in (("connector", CONNECTOR), ("agreements", AGREEMENTS), ("mapping", MAPPING)):
            (path / f"{name}.toml").write_text(text, encoding="utf-8")
        return cls(path)

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return (self.path / f"{name}.toml").read_text(encoding="utf-8")

    def put(self, name: str, old: str, new: str) -> None:
        """Replace a text that is there by another, everywhere in the file."""
        text = self.text(name)
        assert old in text
        (self.path / f"{name}.toml").write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, more: str) -> None:
        """Put more at the end of the file."""
        (self.path / f"{name}.toml").write_text(self.text(name) + dedent(more), encoding="utf-8")

    def place(self, name: str, needle: str) -> str:
        """Return the place of the one line that contains the needle."""
        (line,) = [n for n, text in enumerate(self.text(name).splitlines(), start=1) if needle in text]
        return f"{name}.toml:{line}"

    def tenant(self) -> Tenant:
        """Return the tenant; the test fails where there is none."""
        loaded = load(self.path, secrets=False)
        assert loaded.tenant is not None, loaded.problems
        assert loaded.problems == ()
        return loaded.tenant

    def problems(self, *, secrets: bool = False) -> tuple[Problem, ...]:
        """Return what is wrong; the test fails where nothing is."""
        loaded = load(self.path, secrets=secrets)
        assert loaded.tenant is None
        assert loaded.problems
        return loaded.problems

    def problem(self, *, secrets: bool = False) -> Problem:
        """Return the only thing that is wrong."""
        (problem,) = self.problems(secrets=secrets)
        return problem
