from __future__ import annotations

from connector.store import Store, open_store
from tests.store.world import WHO


def test_a_choice_holds_until_it_is_chosen_anew(store: Store) -> None:
    """Per agreement; choosing nothing lets all of it be billed again, and each choice is on record."""
    store.selections.select("website", ["A1/2", "Phase 1"], WHO)
    store.selections.select("app", ["B1/1"], WHO)
    assert store.selections.chosen() == {"website": frozenset({"A1/2", "Phase 1"}), "app": frozenset({"B1/1"})}
    store.selections.select("website", ["Möbel"], "bert")
    store.selections.select("app", [], "bert")
    assert store.selections.chosen() == {"website": frozenset({"Möbel"})}
    deeds = [(deed.who, deed.action, deed.details["positions"]) for deed in store.audit.list("website")]
    assert deeds == [
        (WHO, "positions selected", '["A1/2", "Phase 1"]'),
        ("bert", "positions selected", '["Möbel"]'),
    ]


def test_tenants_choose_for_themselves(store: Store, url: str) -> None:
    """Two tenants may have agreements of one name."""
    store.selections.select("website", ["A1/1"], WHO)
    with open_store(url, "other") as other:
        other.selections.select("website", [], WHO)
        assert other.selections.chosen() == {}
    assert store.selections.chosen() == {"website": frozenset({"A1/1"})}
