"""Queries as text: what the vendor's SDK writes, with texts escaped."""

from __future__ import annotations

import pytest

from connector.sources.furious.query import Filter, Operator, Resource, Search

LINES = Resource("proposal-rate-card")


def test_a_search_is_written_as_the_vendors_sdk_does() -> None:
    """Limit and offset first, then filters, then the order; the id is always asked for, and no field twice."""
    search = Search(LINES, ["amount", "id", "", "amount"], [Filter("proposal_id", Operator.AT_LEAST, "77")])
    assert search.page(500, 250) == (
        '{ProposalRateCard(limit:250,offset:500,filter:{proposal_id:{gte:"77"}},order:[{id:asc}]){id,amount}}'
    )


def test_two_conditions_on_one_field_stand_side_by_side() -> None:
    """The vendor's example of a window has the field twice; `le` is less, not less or equal."""
    window = [Filter("end_date", Operator.AT_LEAST, "2026-01-01"), Filter("end_date", Operator.LESS, "2026-02-01")]
    query = Search(Resource("sprint"), ["time_in_hours"], window).page(0, 2)
    assert 'filter:{end_date:{gte:"2026-01-01"},end_date:{le:"2026-02-01"}}' in query


def test_the_order_is_that_of_the_resources_own_id() -> None:
    """In an addendum, `id` is that of the proposal."""
    query = Search(Resource("proposal-addon", "id_system"), ["id"]).page(0, 1)
    assert query == "{ProposalAddon(limit:1,offset:0,order:[{id_system:asc}]){id_system,id}}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a", '"a"'),
        ('say "x"', r'"say \"x\""'),
        ("a\\", r'"a\\"'),
        ("Müller & Söhne", '"Müller & Söhne"'),
        ("}", '"}"'),
    ],
)
def test_texts_are_quoted_and_escaped(value: str, written: str) -> None:
    """No text can leave its quotes."""
    assert str(Filter("name", Operator.LESS, value)) == f"name:{{le:{written}}}"


def test_names_in_queries_follow_from_addresses() -> None:
    """But for contacts, whose name is another one."""
    assert (Resource("project").name, Resource("crm", own_name="Clients").name) == ("Project", "Clients")
