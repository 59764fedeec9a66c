from __future__ import annotations

from collections.abc import Iterator

from connector.core.cycle import Cycle
from connector.core.errors import Unavailable
from connector.core.problems import Problem, Severity
from connector.core.told_terms import ToldRetainer
from connector.jobs.pull import NamedSource
from connector.wiring import Workspace, adapters
from tests.wiring import JANUARY


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


class Telling:
    """A source that states terms."""

    def terms(self) -> Iterator[ToldRetainer | Problem]:
        """Yield a retainer that nobody agreed on, one that is over, and one that cannot be read."""
        yield ToldRetainer("tool: project X", "Betreuung", project="X", cycle=Cycle.MONTH)
        yield ToldRetainer("tool: project Y", "Alt", project="Y", last_day=JANUARY)
        yield Problem("UnreadableRecord", "no amount", "tool: project Z", "look at it", Severity.NOTICE)


def test_terms_that_no_agreement_says_are_told(space: Workspace) -> None:
    """The adapter need not have a check of its own; what is over on the tenant's day is left alone."""
    assert space.today() > JANUARY
    space.__dict__["sources"] = [NamedSource("tool", Telling())]
    assert [(each.code, each.place) for each in adapters.check(space)] == [
        ("TermsNotAgreed", "tool: project X"),
        ("UnreadableRecord", "tool: project Z"),
    ]
