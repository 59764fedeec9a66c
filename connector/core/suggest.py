"""What a person may have meant: the hint for a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_NAMES = 12
"""More known words than this would bury the message."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return 'did you mean …?', else the known words, else that there are none."""
    words = sorted(set(known))
    by_lower_case = {each.lower(): each for each in words}
    if close := get_close_matches(word.lower(), by_lower_case, n=1):
        return f"did you mean {by_lower_case[close[0]]!r}?"
    if not words:
        return "none is known"
    more = ", …" if len(words) > MOST_NAMES else ""
    return f"known: {', '.join(words[:MOST_NAMES])}{more}"
