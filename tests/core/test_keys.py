from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.keys import KEY_LENGTH, DocumentKey

KEY = DocumentKey("agency", "website", "progress", "1", "EUR/S")
PARTS = st.lists(st.text(max_size=6), min_size=5, max_size=5)


def test_a_key_never_changes() -> None:
    """The key of a document is what it was when the document was sent; another would send it twice (domain 9.1)."""
    assert KEY.digest() == "b85021dba119f37b400fb937b4bb9053"


def test_a_key_is_32_hexadecimal_digits() -> None:
    """Short enough for the reference fields of the sinks, long enough never to meet another."""
    assert re.fullmatch(rf"[0-9a-f]{{{KEY_LENGTH}}}", KEY.digest())


@pytest.mark.parametrize("part", DocumentKey._fields)
def test_every_part_makes_another_document(part: str) -> None:
    """Tenant, agreement, kind, sequence and grouping all tell documents apart."""
    assert KEY._replace(**{part: "other"}).digest() != KEY.digest()


@given(PARTS, PARTS)
def test_keys_are_equal_only_for_equal_parts(left: list[str], right: list[str]) -> None:
    """Parts are framed: moving a letter from one part to the next makes another key."""
    assert (DocumentKey(*left).digest() == DocumentKey(*right).digest()) == (left == right)


def test_a_border_between_parts_cannot_be_forged() -> None:
    """'ab' + 'c' is not 'a' + 'bc', and a written frame is only text."""
    assert KEY._replace(tenant="ab", agreement="c").digest() != KEY._replace(tenant="a", agreement="bc").digest()
    assert KEY._replace(tenant="a", agreement="1:b").digest() != KEY._replace(tenant="a1:b", agreement="").digest()
