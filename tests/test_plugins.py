"""A package of somebody else brings a source and a sink; installed beside Honorar, it serves a tenant that names it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.small_tenant import small_tenant

ROOT = Path(__file__).parents[1]

SOURCE = dedent('''\
    """Customers and projects of Acme, as lines of a text file."""

    from pydantic import BaseModel, ConfigDict

    from connector.core.offer import Project
    from connector.core.party import Address, Party


    class Settings(BaseModel):
        """What a tenant says of its Acme."""

        model_config = ConfigDict(extra="forbid", frozen=True)
        file: str


    class Acme:
        def __init__(self, settings, transport):
            self.settings, self.transport = settings, transport

        def _lines(self):
            return self.transport.read_file(self.settings.file).decode().splitlines()

        def customers(self):
            for line in self._lines():
                yield Party(line.split()[0], "Acme AG", Address("Weg 1", "10115", "Berlin", "DE"), origin="acme")

        def projects(self):
            for line in self._lines():
                customer, project = line.split()
                yield Project(project, "Acme", customer, origin="acme")

        def check(self):
            yield from ()


    build = Acme
    ''')

SINK = dedent('''\
    """Paper: writes the number and gross amount of each document into a file."""

    from pydantic import BaseModel, ConfigDict

    from connector.core.ports import Capabilities, ExportResult, Receipt


    class Settings(BaseModel):
        """What a tenant says of its paper."""

        model_config = ConfigDict(extra="forbid", frozen=True)
        file: str


    class Paper:
        capabilities = Capabilities()

        def __init__(self, settings, transport):
            self.path = transport.folder / settings.file

        def refusals(self, booking):
            yield from ()

        def write(self, export, bookings):
            lines = [f"{each.invoice.number} {each.invoice.gross.amount}" for each in bookings]
            self.path.write_text("\\n".join(lines))
            receipts = tuple(Receipt(each.invoice.key, self.path.name) for each in bookings)
            return ExportResult(receipts, (str(self.path),), {})


    build = Paper
    ''')

ENTRY_POINTS = dedent("""\
    [honorar.sources]
    acme = honorar_acme.source
    [honorar.sinks]
    paper = honorar_acme.sink
    """)


EXPECTED = ["RE-2026-0001 9916.66", "RE-2026-0002 476.00"]
"""(5,000.00 + 3,333.33) × 1.19, and 40 % of 1,000.01 × 1.19."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which pip has installed the package."""
    folder = tmp_path_factory.mktemp("plugin")
    wheel = folder / "honorar_acme-1.0-py3-none-any.whl"
    info = "honorar_acme-1.0.dist-info"
    files = {
        "honorar_acme/__init__.py": "",
        "honorar_acme/source.py": SOURCE,
        "honorar_acme/sink.py": SINK,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: honorar-acme\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": ENTRY_POINTS,
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    target = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, timeout=60)
    return target


def honorar(site: Path, tenant: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command on the tenant in a process of its own, with what is installed in the folder."""
    path = os.pathsep.join([str(site), str(ROOT)])
    command = [sys.executable, "-c", "from connector.cli import main; main()", *words, "--config", str(tenant)]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)


@pytest.fixture
def tenant(tmp_path: Path) -> Path:
    """Return a tenant whose customers and projects come from the source, and whose documents go to the sink."""
    folder = small_tenant(tmp_path / "tenant")
    settings = folder / "connector.toml"
    before, _, rest = settings.read_text(encoding="utf-8").partition("[[source]]")
    ledger, _, _ = rest.partition("[sink]")
    acme = '[[source]]\nname = "acme"\ntype = "acme"\nfile = "acme.txt"\n\n'
    paper = '[sink]\ntype = "paper"\nfile = "paper.txt"\n'
    settings.write_text(f"{before}{acme}[[source]]{ledger}{paper}", encoding="utf-8")
    (folder / "acme.txt").write_text("K1 WEB\nK2 FILM\n", encoding="utf-8")
    (folder / "data/customers.csv").unlink()
    (folder / "data/projects.csv").unlink()
    return folder


def test_a_tenant_is_billed_from_an_announced_source_to_an_announced_sink(installed: Path, tenant: Path) -> None:
    """No line of Honorar knows either."""
    ran = honorar(installed, tenant, "run", "--as-of", "2026-01-31")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Acme AG" in ran.stdout
    assert (tenant / "paper.txt").read_text(encoding="utf-8").split("\n") == EXPECTED


def test_without_the_package_the_tenant_is_told_so(tmp_path: Path, tenant: Path) -> None:
    """Its adapters are unknown, each at its place, and nothing runs."""
    ran = honorar(tmp_path, tenant, "check")

    assert ran.returncode == 2
    assert "unknown source 'acme'" in ran.stderr
    assert "unknown sink 'paper'" in ran.stderr
