"""The configuration that is delivered: examples, starter files, schemas and their documentation hold together."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from connector.config import load, schema
from connector.config.agreements import InstalmentTable, ProgressAgreement, ScheduleAgreement
from connector.config.dunning import BaseRateTable, DunningTables, LevelTable
from connector.config.field_docs import field_docs
from connector.config.materials import MaterialsAgreement, RateTable
from connector.config.models import AdapterTable, DefaultsTable, SellerTable, SourceTable, StoreTable, TenantTable
from connector.config.retainer import FeedTable, RetainerAgreement, VersionTable
from connector.config.retainer_items import ItemTable, OverageTable, RolloverTable, TierTable
from connector.config.retainer_parts import DiscountTable, IndexationTable, VariableTable
from connector.config.time_agreement import TermTable, TimeRoundingTable, WorkFeed
from connector.core.final import DEDUCTION
from connector.core.invoice import DocumentKind
from connector.core.vat import VatCategory
from connector.mapping.rules import DebtorRule, RevenueRule, Texts, VatRule
from tests.support.starter import filled_in

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config"
DOCUMENTATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
FILES = ("connector", "agreements", "mapping", "dunning")
CHARTS = ("03", "04")
TIME_TABLES = (
    *(RetainerAgreement, VersionTable, ItemTable, TierTable, OverageTable, RolloverTable),
    *(VariableTable, IndexationTable, DiscountTable, FeedTable),
    *(MaterialsAgreement, RateTable, WorkFeed, TermTable, TimeRoundingTable),
)


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    """Return a folder with the files that docs/configuration.md shows, one of them in several parts."""
    blocks = re.findall(r"```toml\n#:schema \./schema/(\w+)\.json\n(.*?)```", DOCUMENTATION, re.DOTALL)
    assert list(dict.fromkeys(name for name, _ in blocks)) == list(FILES)
    for name in FILES:
        text = "\n".join(text for each, text in blocks if each == name)
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_documented_example_is_a_tenant(documented: Path) -> None:
    """What the documentation shows can be copied as it stands."""
    loaded = load(documented)
    assert loaded.problems == ()
    assert loaded.tenant is not None
    assert [agreement.id for agreement in loaded.tenant.agreements] == [
        "website",
        "shop",
        "relaunch",
        "care",
        "support",
    ]


def test_the_examples_of_agreements_about_time_have_every_key(documented: Path) -> None:
    """Whoever looks for a key finds it in use."""
    (agreements,) = tomllib.loads((documented / "agreements.toml").read_text(encoding="utf-8")).values()
    used = set(keys_in([each for each in agreements if each["id"] in ("care", "support")]))
    assert {key for model in TIME_TABLES for key in keys_of(model)} <= used


def keys_in(node: object) -> Iterator[str]:
    """Yield every key of the tables."""
    if isinstance(node, dict):
        yield from node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from keys_in(each)


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the model's fields by their key in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


@pytest.mark.parametrize(
    "model",
    [
        *(TenantTable, StoreTable, SellerTable, DefaultsTable, SourceTable, AdapterTable),
        *(ProgressAgreement, ScheduleAgreement, InstalmentTable, *TIME_TABLES),
        *(VatRule, DebtorRule, RevenueRule, Texts),
        *(DunningTables, LevelTable, BaseRateTable),
    ],
)
def test_every_key_is_documented(model: type[BaseModel]) -> None:
    """Each key of each table has a row of its own, or shares one; each has a description for editors."""
    rows = "\n".join(line.split("|")[1] for line in DOCUMENTATION.splitlines() if line.startswith("| `"))
    described = field_docs(model)
    for key in keys_of(model):
        assert f"`{key}`" in rows or f"[[agreement.{key}]]" in DOCUMENTATION or f".version.{key}]]" in DOCUMENTATION
        assert described.get(key), key


def test_the_schemas_are_those_of_the_models(tmp_path: Path) -> None:
    """The committed files are what `python -m connector.config.schema` writes."""
    schema.write(tmp_path / "schema")
    for file in sorted((tmp_path / "schema").iterdir()):
        committed = (CONFIG / "schema" / file.name).read_text(encoding="utf-8")
        assert file.read_text(encoding="utf-8") == committed, "run: python -m connector.config.schema"


def as_json(node: Any) -> Any:  # noqa: ANN401 -- TOML
    """Return the value as an editor sees it: dates are texts."""
    if isinstance(node, dict):
        return {key: as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_json(each) for each in node]
    return node.isoformat() if isinstance(node, date | datetime) else node


def faults_in(name: str, data: dict[str, Any]) -> list[str]:
    """Return what the schema of the file finds wrong with the data."""
    text = (CONFIG / "schema" / f"{name}.json").read_text(encoding="utf-8")
    return [error.message for error in Draft202012Validator(json.loads(text)).iter_errors(as_json(data))]


@pytest.mark.parametrize("path", sorted(CONFIG.rglob("*.toml")), ids=lambda path: str(path.relative_to(CONFIG)))
def test_delivered_files_name_their_schema_and_satisfy_it(path: Path) -> None:
    """An editor completes them and finds no fault in them once they are filled in."""
    name = path.stem.partition("-")[0]
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"#:schema ./schema/{name}.json\n")
    assert faults_in(name, tomllib.loads(filled_in(text))) == []


@pytest.mark.parametrize("name", FILES)
def test_documented_files_satisfy_their_schema(documented: Path, name: str) -> None:
    """Editors and `honorar check` agree on what is right."""
    assert faults_in(name, tomllib.loads((documented / f"{name}.toml").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("connector", 'approval = "manual"', 'approval = "x"'),
        ("connector", 'locale = "de"', 'locale = "xx"'),
        ("connector", 'locale = "de"', 'localle = "de"'),
        ("connector", 'type = "datev"', 'type = "dative"'),
        ("agreements", 'kind = "progress"', 'kind = "schedule"'),
        ("agreements", "percent = 40", "percent = 40.5"),
        ("agreements", "partial_supply", "partial"),
        ("agreements", '"partial_supply"\nprogress', '"partial_supply"\nfinal = "rest"\nprogress'),
        ("agreements", 'cycle = "month"', 'cycle = "monthly"'),
        ("agreements", 'notice = "3 months"', 'notice = "3 Monate"'),
        ("agreements", "cap = 10", "cap = -10"),
        ("agreements", "cap = 10", 'cap = "10 Prozent"'),
        ("agreements", "fee = 2400", "fee = 2400.5"),
        ("agreements", '["2026-01", "121.4"]', '["2026-13", "121.4"]'),
        ("agreements", '["2026-01", "121.4"]', '["2026-01"]'),
        ("agreements", "role_rates = { Design = 95", "role_rates = { Design = 95.5"),
        ("agreements", 'item = "posts"\n', ""),
        ("agreements", "group_by", "grupe_by"),
        ("mapping", 'rate = "19"', "rate = 19.5"),
        ("mapping", 'account = "4400"', "account = 4400"),
        ("mapping", "automatic", "automatik"),
        ("dunning", 'due_dates = "stated"', 'due_dates = "none"'),
        ("dunning", 'fee = "2.50"', "fee = 2.5"),
    ],
)
def test_editors_see_what_is_wrong(documented: Path, name: str, old: str, new: str) -> None:
    """The schema finds the same faults as `honorar check`, settings of adapters included."""
    text = (documented / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (documented / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    assert faults_in(name, tomllib.loads(text.replace(old, new, 1)))
    assert load(documented).problems


def test_editors_know_that_secrets_have_names() -> None:
    """Where a model has a secret, the schema asks for the name of one."""
    committed = json.loads((CONFIG / "schema" / "connector.json").read_text(encoding="utf-8"))
    assert committed["$defs"]["source-redmine"]["properties"]["api_key"] == {"$ref": "#/$defs/Secret"}
    assert '"format": "password"' not in json.dumps(committed)


@pytest.mark.parametrize("chart", CHARTS)
def test_starter_charts_cover_what_an_agency_sells(documented: Path, chart: str) -> None:
    """Each VAT rule's treatment finds a revenue account; every account says where it is from."""
    text = (CONFIG / f"mapping-skr{chart}.toml").read_text(encoding="utf-8")
    (documented / "mapping.toml").write_text(text, encoding="utf-8")
    loaded = load(documented)
    assert loaded.tenant is not None, loaded.problems
    mapping = loaded.tenant.mapping
    treated = {(placed.rule.category, placed.rule.rate) for placed in mapping.vat}
    rules = [placed.rule for placed in mapping.revenue]
    assert treated == {
        (rule.vat_category, rule.rate or 0) for rule in rules if not (rule.document_kind or rule.category)
    }
    assert [rule.vat_when_paid for rule in rules if rule.document_kind is DocumentKind.PARTIAL] == [True]
    assert {rule.rate or 0 for rule in rules if rule.category == DEDUCTION} == {0, 7, 19}
    assert {category for category, _ in treated} >= {VatCategory.STANDARD, VatCategory.REVERSE_CHARGE}
    for line in text.splitlines():
        if line.startswith("account = "):
            assert line.endswith(("# sourced", "# to be confirmed by your tax adviser"))
