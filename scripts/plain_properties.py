"""Writes properties as methods with `name = property(name)` after them: mutmut leaves what is decorated alone."""  # noqa: INP001 - a script, in no package

from __future__ import annotations

import ast
import sys
from pathlib import Path


def plain(source: str) -> str:
    """Return the module with its properties written so."""
    lines = source.splitlines()
    classes = [each for each in ast.parse(source).body if isinstance(each, ast.ClassDef)]
    methods = [each for of in classes for each in of.body if isinstance(each, ast.FunctionDef)]
    for method in reversed(methods):
        if [ast.unparse(decorator) for decorator in method.decorator_list] == ["property"]:
            lines.insert(method.end_lineno or 0, f"    {method.name} = property({method.name})")
            del lines[method.lineno - 2]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(plain(Path(name).read_text(encoding="utf-8")), encoding="utf-8")
