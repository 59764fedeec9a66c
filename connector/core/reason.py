"""Why an amount is what it is: steps that a person can read and a machine can compare (domain 11)."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One step of a computation: the rule's name and the values it worked on, as text.

    The rule names a template in `documents.explain`; the values are name and text in the order of reading.
    """

    rule: str
    values: tuple[tuple[str, str], ...]


Reason = tuple[Step, ...]
"""The steps from what was read to the amount, in order."""


def step(rule: str, /, **values: object) -> Step:
    """Return a step with its values turned to text."""
    return Step(rule, tuple([(name, str(value)) for name, value in values.items()]))
