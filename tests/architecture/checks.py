"""Every test says what it expects, and can fail."""

from __future__ import annotations

import ast

from tests.architecture.syntax import FunctionNode, Source, dotted

EXPECTING = ("raises", "warns", "fail")


def without_check(source: Source) -> list[str]:
    """Return the tests that would pass whatever happens: no assert, no expected error."""
    return [
        source.at(test.lineno, f"{test.name} checks nothing") for test in _tests(source) if not _checks_something(test)
    ]


def without_sentence(source: Source) -> list[str]:
    """Return the tests whose docstring does not say in a sentence what is expected."""
    return [
        source.at(test.lineno, f"{test.name} does not say what it expects")
        for test in _tests(source)
        if not (ast.get_docstring(test) or "").endswith(".")
    ]


def _tests(source: Source) -> list[FunctionNode]:
    return [function for function in source.functions() if function.name.startswith("test_")]


def _checks_something(test: FunctionNode) -> bool:
    return any(isinstance(node, ast.Assert) or _expects(node) for node in ast.walk(test))


def _expects(node: ast.AST) -> bool:
    """Tell whether the node is a call of pytest.raises and its kin, or of a helper named assert_…."""
    if not isinstance(node, ast.Call):
        return False
    called = dotted(node.func)
    return called in [f"pytest.{name}" for name in EXPECTING] or called.rpartition(".")[2].startswith("assert_")
