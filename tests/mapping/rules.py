"""Mappings for tests, written as in mapping.toml."""

import tomllib
from textwrap import dedent

from connector.mapping import Mapping, MappingTables, Placed


def mapping(toml: str) -> Mapping:
    """Return the mapping of the text; a rule's place is its list and its number in it, such as 'vat:1'."""
    tables = MappingTables.model_validate(tomllib.loads(dedent(toml)))
    return Mapping(
        vat=tuple(Placed(rule, f"vat:{n}") for n, rule in enumerate(tables.vat, start=1)),
        debtors={rule.customer: Placed(rule, f"debtor:{n}") for n, rule in enumerate(tables.debtor, start=1)},
        revenue=tuple(Placed(rule, f"revenue:{n}") for n, rule in enumerate(tables.revenue, start=1)),
        texts=tables.texts,
    )
