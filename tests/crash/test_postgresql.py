"""The same on PostgreSQL: the server undoes what a killed run had begun, and the next one finishes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from tests.crash.harness import Remains, done, killed, remains
from tests.store.conftest import database
from tests.support.small_tenant import small_tenant

JANUARY = ("run", "--as-of", "2026-01-31", "--json")

EVERY = 4
"""Every fourth place to die: where files and commits alternate, all kinds are met."""


@contextmanager
def tenant_on(postgres: sa.Engine, template: str, folder: Path) -> Iterator[Path]:
    """Yield a tenant whose store is a database of its own, with the tables of today."""
    with database(postgres, "crash", template) as url:
        small_tenant(folder)
        connector = (folder / "connector.toml").read_text(encoding="utf-8")
        (folder / "connector.toml").write_text(f'{connector}\n[store]\nurl = "{url}"\n', encoding="utf-8")
        yield folder


def after_kill(postgres: sa.Engine, template: str, folder: Path, place: int) -> Remains | None:
    """Return what is there once a killed run was followed by another, None if the first was done before the place."""
    with tenant_on(postgres, template, folder) as tenant:
        if not killed(tenant, JANUARY, place):
            return None
        done(tenant, JANUARY)
        return remains(tenant)


def test_a_killed_run_is_finished_by_the_next(postgres: sa.Engine, postgres_store: str, ground: Path) -> None:
    """Documents, log, numbers and files are those of a run that nobody disturbed."""
    with tenant_on(postgres, postgres_store, ground / "undisturbed") as tenant:
        done(tenant, JANUARY)
        expected = remains(tenant)

    for place in count(step=EVERY):
        found = after_kill(postgres, postgres_store, ground / f"killed-{place}", place)
        if found is None:
            break
        assert found == expected
    assert place > 3 * EVERY
