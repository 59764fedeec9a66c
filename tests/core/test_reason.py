from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from connector.core.reason import step
from tests.core.builders import eur


def test_a_step_keeps_its_values_as_text_in_order() -> None:
    """Values are text in the order of reading, so that the same step is the same bytes (domain 11)."""
    found = step("due", share=Fraction(1, 3), target=eur("3333.33"), factor=Decimal("1.50"), lump=False)
    assert found == (
        "due",
        (("share", "1/3"), ("target", "3333.33 EUR"), ("factor", "1.50"), ("lump", "False")),
    )


def test_a_step_may_tell_which_rule_was_applied() -> None:
    """A value may be called `rule`, such as the mapping rule that matched."""
    assert step("vat", rule="mapping.toml:10") == ("vat", (("rule", "mapping.toml:10"),))


def test_a_step_may_have_no_values() -> None:
    """The rule alone can be the reason."""
    assert step("complete").values == ()
