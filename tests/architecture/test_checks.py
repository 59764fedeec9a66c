from __future__ import annotations

import pytest

from tests.architecture.checks import without_check, without_sentence
from tests.architecture.syntax import Rule, assert_kept, house, parse


@pytest.mark.parametrize("rule", [without_check, without_sentence])
def test_every_test_can_fail_and_says_what_it_expects(rule: Rule) -> None:
    """Each test has a check and a sentence."""
    assert_kept(rule, house("tests"))


@pytest.mark.parametrize(
    "body", ["pass", "f()", "raises(1)", "x = f() == 1", "with suppress(ValueError): f()", "check_transition(a, b)"]
)
def test_a_test_that_cannot_fail_is_found(body: str) -> None:
    """Calling something, or comparing without asserting, is no check; methods and async tests count too."""
    assert len(without_check(parse(f"def test_a():\n    {body}"))) == 1
    assert len(without_check(parse(f"class TestB:\n    async def test_a(self):\n        {body}"))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "assert f()",
        "for x in y:\n        assert x",
        "with pytest.raises(ValueError): f()",
        "with pytest.warns(UserWarning): f()",
        "if x: pytest.fail('no')",
        "assert_same(a, b)",
        "helpers.assert_same(a, b)",
    ],
)
def test_a_test_with_a_check_is_left_alone(body: str) -> None:
    """Asserts, expected errors and helpers named assert_… are checks."""
    assert not without_check(parse(f"def test_a():\n    {body}"))


def test_helpers_need_no_check() -> None:
    """Only tests are asked."""
    assert not without_check(parse("def build(): pass"))


@pytest.mark.parametrize("docstring", ["", '"""Half a sentence"""'])
def test_a_test_without_a_sentence_is_found(docstring: str) -> None:
    """No docstring and half a sentence are both found, a whole one is not."""
    assert len(without_sentence(parse(f"def test_a():\n    {docstring}\n    assert f()"))) == 1
    assert not without_sentence(parse('def test_a():\n    """It says what is expected."""\n    assert f()'))
