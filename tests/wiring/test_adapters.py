from __future__ import annotations

from collections.abc import Iterator

from connector.core.errors import Unavailable
from connector.core.problems import Problem
from connector.jobs.pull import NamedSource
from connector.wiring import Workspace, adapters


class Broken:
    """An adapter whose check finds something and then breaks off."""

    def check(self) -> Iterator[Problem]:
        """Yield a problem, then fail."""
        yield Problem("KeyInClear", "the key travels in clear", "tool", "use https")
        message = "no connection"
        raise Unavailable(message, hint="check the network")


def test_a_check_that_fails_does_not_hide_the_others(space: Workspace) -> None:
    """What it found counts, its failure is one more problem, and the next adapter is asked all the same."""
    space.__dict__["sources"] = [NamedSource("tool", Broken()), NamedSource("mute", object()), *space.sources]
    problems = adapters.check(space)

    assert [(problem.code, problem.place) for problem in problems] == [("KeyInClear", "tool"), ("CheckFailed", "tool")]
    assert (problems[1].message, problems[1].hint) == ("no connection", "check the network")
