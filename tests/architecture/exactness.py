"""No float near money, and one function that rounds (domain 1.1, 1.2)."""

from __future__ import annotations

import ast

from tests.architecture.syntax import Source, dotted

EXACT_ROOMS = ("core", "mapping", "datev", "sinks")

MAY_ROUND = {
    ("connector.core.due", "quantize"): "drops needless zeros, and keeps the result only where it equals the number",
    ("connector.datev.rules", "round"): "asks whether a rate has too many decimals; nothing is computed with it",
}
"""Calls outside `core.money` that look like rounding, and why they are none."""


def floats(source: Source) -> list[str]:
    """Return the float literals and float() calls in the rooms where amounts are computed or written."""
    if source.room not in EXACT_ROOMS:
        return []
    return [source.at(line, "a float near money") for line in _float_lines(source)]


def _float_lines(source: Source) -> list[int]:
    literals = [
        node.lineno
        for node in source.nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
    ]
    calls = [
        node.lineno
        for node in source.nodes()
        if isinstance(node, ast.Call) and dotted(node.func) in ("float", "builtins.float")
    ]
    return sorted(literals + calls)


def stray_rounding(source: Source) -> list[str]:
    """Return the calls of round() and quantize() beside the one function that rounds."""
    if source.room not in EXACT_ROOMS or source.name == "connector.core.money":
        return []
    return [
        source.at(node.lineno, f"{name}() rounds beside core.money.rounded")
        for node in source.nodes()
        if isinstance(node, ast.Call)
        and (name := _method(node.func)) in ("round", "quantize")
        and (source.name, name) not in MAY_ROUND
    ]


def _method(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else dotted(called)
