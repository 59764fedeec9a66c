"""The line of every key."""

import tomllib
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from connector.config.places import KeyPath, lines_of

TEXT = dedent('''\
    # a comment
    a = 1
    "b c".d = [1, # one
      { x = 2, y.z = "e" }, # two
    ]
    [t."u\\tv"] # a table
    long = """
    [no.table]
    """
    after = true
    [[ag]]
    id = "x"
    [[ag.inst]]
    day = 2026-01-01
    [[ag.inst]]
    day = 2026-01-02
    [ag.sub]
    q = { r = 1 } # end
    [[ag]]
    "é" = 'lit"eral'
    ''')


def paths_of(node: object, path: KeyPath = ()) -> set[KeyPath]:
    """Return the paths of all values, as the standard library reads them."""
    found = {path} if path else set()
    if isinstance(node, dict):
        for key, value in node.items():
            found |= paths_of(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            found |= paths_of(value, (*path, index))
    return found


def test_every_key_has_its_line() -> None:
    """Dotted and quoted keys, inline tables, lists, lists of tables and long texts: each where it starts."""
    lines = lines_of(TEXT.encode())
    assert {path: lines[path] for path in lines if path[0] in ("a", "b c")} == {
        ("a",): 2,
        ("b c",): 3,
        ("b c", "d"): 3,
        ("b c", "d", 0): 3,
        ("b c", "d", 1): 4,
        ("b c", "d", 1, "x"): 4,
        ("b c", "d", 1, "y"): 4,
        ("b c", "d", 1, "y", "z"): 4,
    }
    assert lines["t", "u\tv"] == 6
    assert (lines["t", "u\tv", "long"], lines["t", "u\tv", "after"]) == (7, 10)
    assert (lines["ag", 0], lines["ag", 0, "inst", 1, "day"], lines["ag", 0, "sub", "q", "r"]) == (11, 16, 18)
    assert (lines["ag", 1], lines["ag", 1, "é"]) == (19, 20)


def test_windows_line_ends_count_once() -> None:
    """CR LF is one line end."""
    assert lines_of(b"a = 1\r\nb = 2\r\n") == {("a",): 1, ("b",): 2}


def test_no_path_is_missing() -> None:
    """Every value that the standard library reads has a place, but for tables that stand in no line of their own."""
    found = paths_of(tomllib.loads(TEXT))
    assert found - set(lines_of(TEXT.encode())) == {("t",)}


keys = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True) | st.text(
    st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=5
).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


@given(st.lists(keys, min_size=1, max_size=8, unique_by=lambda key: tomllib.loads(f"{key} = 0").popitem()[0]))
def test_keys_of_any_kind_are_found(chosen: list[str]) -> None:
    """Bare or quoted, with any letters: the n-th key stands in line n."""
    text = "\n".join(f"{key} = 0" for key in chosen)
    names = list(tomllib.loads(text))
    assert lines_of(text.encode()) == {(name,): line for line, name in enumerate(names, start=1)}
