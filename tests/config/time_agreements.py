"""A retainer and an agreement on time and materials that say little, to be changed one text at a time."""

from __future__ import annotations

from textwrap import dedent

from connector.core.agreement import Agreement
from connector.core.materials_terms import MaterialsTerms
from connector.core.problems import Problem
from connector.core.retainer_terms import RetainerTerms
from tests.config.folders import Folder

RETAINER = dedent("""
    [[agreement]]
    id = "care"
    kind = "retainer"
    customer = "K1"
    project = "CARE"
    label = "Betreuung"

    [[agreement.version]]
    valid_from = 2026-01-01
    fee = 2400

    [[agreement.version.item]]
    id = "hours"
    label = "Stunden"
    unit = "hours"
    allowance = 20
    overage.price = 130
    """)

MATERIALS = dedent("""
    [[agreement]]
    id = "support"
    kind = "time_and_materials"
    customer = "K2"
    project = "SUP"
    label = "Support"

    [[agreement.rate]]
    valid_from = 2026-01-01
    default = 95
    """)

HERE = "# here"
"""Marks the line that a fault is expected at."""


def agreement(folder: Folder, text: str) -> Agreement:
    """Return the agreement of the text, read from the end of the folder's file."""
    folder.add("agreements", text)
    return folder.tenant().agreements[-1]


def retainer(folder: Folder, text: str) -> RetainerTerms:
    """Return the terms of the retainer of the text."""
    terms = agreement(folder, text).terms
    assert isinstance(terms, RetainerTerms)
    return terms


def materials(folder: Folder, text: str) -> MaterialsTerms:
    """Return the terms of the agreement on time and materials of the text."""
    terms = agreement(folder, text).terms
    assert isinstance(terms, MaterialsTerms)
    return terms


def fault(folder: Folder, text: str) -> Problem:
    """Return the only fault of the text; the test fails where it is not told at the marked line."""
    folder.add("agreements", text)
    problem = folder.problem()
    assert problem.place == folder.place("agreements", HERE)
    assert problem.hint
    return problem
