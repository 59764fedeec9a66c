"""Free texts as Windows-1252 can hold them: Buchungstext, names, addresses. Identifiers never pass through here.

A text is brought to Unicode form NFC; line breaks and tabs become a blank; what Windows-1252 lacks is transliterated
(ł becomes l, − becomes -), control characters go, and what is too long is cut. Every change but that of a line break
is told.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from connector.datev.columns import ENCODING, escaped, is_writable

_BREAKS = re.compile(r" *[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]\s*")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits its column: what stands in the file, the characters that were replaced, and what was cut off."""

    text: str
    replaced: str = ""
    cut: str = ""


def as_it_is(text: str, length: int) -> bytes | None:
    """Return the text in Windows-1252 where it fits a cell of that many characters without change, None otherwise."""
    if len(text) > length or '"' in text or not text.isprintable():
        return None
    try:
        return text.encode(ENCODING)
    except UnicodeEncodeError:
        return None


def written(text: str, length: int) -> bytes:
    """Return the text as it stands between the quotes of a cell of that many characters, in Windows-1252."""
    return as_it_is(text, length) or escaped(fitted(text, length).text).encode(ENCODING)


@lru_cache(maxsize=4096)
def fitted(text: str, length: int) -> Fitted:
    """Return the text fit for a column of that many characters; a doubled quote counts twice."""
    whole = _BREAKS.sub(" ", unicodedata.normalize("NFC", text))
    replaced = "" if is_writable(whole) else "".join(sorted({each for each in whole if not is_writable(each)}))
    for character in replaced:
        whole = whole.replace(character, _substitute(character))
    kept = cut(whole, length)
    return Fitted(kept, replaced, whole[len(kept) :])


def _substitute(character: str) -> str:
    plain = anyascii(character)
    return plain if is_writable(plain) else ""


def cut(text: str, length: int) -> str:
    """Return as much of the text as the column holds once its quotes are doubled."""
    kept = text[:length]
    while len(escaped(kept)) > length:
        kept = kept[:-1]
    return kept
