from __future__ import annotations

import pytest

from connector.core.problems import Problem, Severity


@pytest.mark.parametrize(("severity", "holds"), [(Severity.HOLD, True), (Severity.NOTICE, False)])
def test_a_problem_holds_a_document_or_only_informs(severity: Severity, holds: bool) -> None:  # noqa: FBT001 -- a column of the table
    """HOLD keeps the document back, NOTICE does not."""
    assert Problem("Code", "message", "place", "hint", severity).holds is holds


def test_a_problem_holds_unless_it_says_otherwise() -> None:
    """The careful choice is the default."""
    assert Problem("Code", "message", "place", "hint").holds
