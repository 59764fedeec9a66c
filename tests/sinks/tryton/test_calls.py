from __future__ import annotations

from decimal import Decimal

from connector.sinks.tryton.calls import told, words


def test_values_come_as_python_has_them() -> None:
    """What is none of them stays as it came."""
    nonsense = {"__class__": "Decimal", "decimal": "viel"}
    no_day = {"__class__": "date", "year": 2026, "month": 13, "day": 1}
    moment = {"__class__": "datetime", "year": 2026}
    assert told([{"__class__": "Decimal", "decimal": "1.50"}, nonsense, no_day, moment, None]) == [
        Decimal("1.50"), nonsense, no_day, moment, None,
    ]  # fmt: skip


def test_refusals_are_told_in_their_own_words() -> None:
    """With the description, where there is one."""
    assert words({"status": 400, "message": "Not allowed.", "description": "Within groups: A"}) == (
        "Not allowed. Within groups: A"
    )
    assert words({"status": 400, "message": "Not allowed.", "description": ""}) == "Not allowed."
    assert words({"message": "Not allowed."}) == "Not allowed."
    assert words(["Not allowed."]) == ""
