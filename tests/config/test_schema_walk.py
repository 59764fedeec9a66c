"""What JSON Schemas know of the values of a file."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from connector.config.schema_walk import Known, toml_schema


class Cat(BaseModel):
    """A cat."""

    kind: Literal["cat"]
    title: int | None = None
    lives: Literal["seven", "nine"] = "nine"


class Dog(BaseModel):
    """A dog."""

    kind: Literal["dog"]
    tricks: dict[str, Literal["sit", "roll"]] = Field(default_factory=dict)


class House(BaseModel):
    """A house."""

    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]] = Field(default=[], description="Who lives here.")
    age: int | None = Field(default=None, description="In years.")


DATA = {"pets": [{"kind": "cat"}, {"kind": "dog", "tricks": {"Rex": "jump"}}]}
KNOWN = Known(toml_schema(House), DATA)


def test_null_and_titles_are_left_out_but_no_key_of_that_name() -> None:
    """TOML has no null; a setting may well be called title."""
    schema = toml_schema(House)
    assert schema["properties"]["age"] == {"type": "integer", "description": "In years."}
    assert schema["$defs"]["Cat"]["properties"]["title"] == {"type": "integer"}
    assert "title" not in schema


def test_parts_may_have_a_prefix() -> None:
    """Two schemas in one file do not mix their parts."""
    schema = toml_schema(House, "my-")
    assert set(schema["$defs"]) == {"my-Cat", "my-Dog"}
    assert {"$ref": "#/$defs/my-Cat"} in schema["properties"]["pets"]["items"]["oneOf"]


def test_keys_are_those_of_the_tables_own_kind() -> None:
    """A dog has no lives."""
    assert KNOWN.keys(()) == ["pets", "age"]
    assert KNOWN.keys(("pets", 0)) == ["kind", "title", "lives"]
    assert KNOWN.keys(("pets", 1)) == ["kind", "tricks"]


def test_words_are_those_that_may_stand_there() -> None:
    """Of an enumeration, of a constant, and of the values of a free table."""
    assert KNOWN.words(("pets", 0, "lives")) == ["seven", "nine"]
    assert KNOWN.words(("pets", 0, "kind")) == ["cat"]
    assert KNOWN.words(("pets", 1, "tricks", "Rex")) == ["sit", "roll"]
    assert KNOWN.words(("age",)) == []


def test_kinds_are_all_that_may_stand_there() -> None:
    """Whatever kind the table says it is."""
    assert KNOWN.kinds(("pets", 0)) == ["cat", "dog"]


def test_descriptions_are_those_of_the_model() -> None:
    """Of a key; nothing for the whole, for a key without one, for an unknown key, and where the data has no table."""
    assert KNOWN.description(("age",)) == "In years."
    assert [KNOWN.description(path) for path in [(), ("pets", 0, "lives"), ("color",), ("age", "x", "y")]] == [""] * 4
