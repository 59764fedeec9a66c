from __future__ import annotations

import pytest

from tests.architecture.exactness import EXACT_ROOMS, MAY_ROUND, floats, stray_rounding
from tests.architecture.syntax import Rule, assert_kept, house, parse


@pytest.mark.parametrize("rule", [floats, stray_rounding])
def test_the_house_computes_exactly(rule: Rule) -> None:
    """No float stands near money, and nothing rounds beside the one function (domain 1.1, 1.2)."""
    assert_kept(rule, house())


@pytest.mark.parametrize("room", EXACT_ROOMS)
@pytest.mark.parametrize("line", ["x = 0.19", "x = -1.0", "f(1e3)", "x = 2j", "float(text)", "builtins.float(x)"])
def test_a_float_is_found(room: str, line: str) -> None:
    """Literals in any form and calls of float() are found in every room that computes or writes amounts."""
    assert floats(parse(line, f"connector.{room}.sample")) == [f"connector/{room}/sample.py:1: a float near money"]


@pytest.mark.parametrize("line", ["x = Decimal('0.19')", "x = 19", "isinstance(x, float)", "'0.19'", "x.float()"])
def test_exact_numbers_are_left_alone(line: str) -> None:
    """Decimals, integers, texts and asking for the type are no findings."""
    assert not floats(parse(line))


def test_other_rooms_may_wait_half_a_second() -> None:
    """Time-outs of the transport are no money."""
    assert not floats(parse("timeout = 0.5", "connector.http"))


@pytest.mark.parametrize("line", ["round(x, 2)", "x.quantize(CENT)", "total(x).quantize(CENT)"])
def test_rounding_beside_the_one_function_is_found(line: str) -> None:
    """round() would round halves to even and quantize() by the caller's context."""
    assert len(stray_rounding(parse(line, "connector.sinks.sample"))) == 1


def test_the_one_function_may_round() -> None:
    """core.money is where rounding lives; its own name is not round()."""
    assert not stray_rounding(parse("x.quantize(CENT)", "connector.core.money"))
    assert not stray_rounding(parse("rounded(x, 2)", "connector.core.due"))


def test_exceptions_have_a_reason_and_are_still_needed() -> None:
    """Whoever removes the last odd call removes its permission too."""
    texts = {source.name: source.text for source in house()}
    for (module, call), reason in MAY_ROUND.items():
        assert reason
        assert f"{call}(" in texts[module]
