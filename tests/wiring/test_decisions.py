from __future__ import annotations

from decimal import Decimal

import pytest

from connector.core.errors import NotFound, RefusedError
from connector.core.invoice import Invoice
from connector.wiring import Workspace, decisions, inquiry
from tests.wiring import JANUARY


def test_only_drafts_are_approved_and_all_names_are_looked_at_first(space: Workspace) -> None:
    """One wrong name among right ones, and nothing is changed."""
    for wrong in ("RE-2026-0099", "RE-2026-0002"):
        if wrong == "RE-2026-0002":
            list(decisions.approve(space, [wrong]))
        with pytest.raises((NotFound, RefusedError)):
            decisions.approve(space, ["RE-2026-0001", wrong])
        assert inquiry.documents(space, ["draft"])[0].number == "RE-2026-0001"


def test_a_name_given_twice_counts_once(space: Workspace) -> None:
    """By number and by key."""
    key = inquiry.documents(space)[0].key
    approved = [each for each in decisions.approve(space, ["RE-2026-0001", key]) if isinstance(each, Invoice)]
    assert [each.number for each in approved] == ["RE-2026-0001"]


def test_a_line_is_edited_by_text_quantity_and_price(space: Workspace) -> None:
    """Each by itself; numbers may have thousands marks."""
    nothing = {"text": None, "quantity": None, "price": None}
    decisions.edit(space, "RE-2026-0001.1", JANUARY, nothing | {"text": "Concept and audit"}, "clearer")
    decisions.edit(space, "RE-2026-0001.1", JANUARY, nothing | {"quantity": "0.5"}, "half")
    line = decisions.edit(space, "RE-2026-0001.1", JANUARY, nothing | {"price": "4,000.50"}, "goodwill").lines[0]

    assert (line.text, line.quantity, line.unit_price) == ("Concept and audit", Decimal("0.5"), Decimal("4000.50"))
    assert [entry.comment for entry in inquiry.log(space, "A1/1")] == ["", "clearer", "half", "goodwill"]
    assert {entry.who for entry in inquiry.log(space, "A1/1")} == {"anna"}
