"""The lines of TOML a person would add: what a hint of the mapping shows."""

from __future__ import annotations

import json


def lines_to_add(table: str, known: dict[str, str | bool], wanted: dict[str, str]) -> str:
    """Return the table to add to mapping.toml: what is known filled in, what is wanted with its comment.

    An empty text says nothing and is left out.
    """
    # JSON's strings and booleans are TOML's; letters beyond ASCII stay readable.
    conditions = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in known.items() if value != ""]
    results = [f"{key} =  # {comment}" for key, comment in wanted.items()]
    return "\n".join(["add to mapping.toml:", f"[[{table}]]", *conditions, *results])
