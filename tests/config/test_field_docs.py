from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, Field

from connector.config.field_docs import Described, field_docs


class Animal(BaseModel):
    """An animal."""

    name: str
    """What it is called;
    in two lines."""
    legs: int = 4
    age: int = Field(default=0, description="In years.")
    """Not in days."""


class Cat(Animal):
    """A cat, with what all animals have."""

    limit: ClassVar = 9
    """No field."""
    lives: int = Field(default=9, alias="of")
    """How many are left."""

    def purr(self) -> None:
        """Make no sound."""

    legs: int = 4
    """At the corners."""


def test_the_docstring_below_a_field_describes_it() -> None:
    """Inherited fields too, by the names they have in the file; nothing is made up for the others."""
    assert field_docs(Animal) == {"name": "What it is called;\nin two lines.", "age": "Not in days."}
    assert field_docs(Cat) == {
        "name": "What it is called;\nin two lines.",
        "legs": "At the corners.",
        "age": "Not in days.",
        "of": "How many are left.",
    }


def test_a_schema_says_what_the_model_says() -> None:
    """A description that was given stands; the others are the docstrings."""
    fields = Cat.model_json_schema(schema_generator=Described)["properties"]
    assert fields["of"]["description"] == "How many are left."
    assert fields["age"]["description"] == "In years."


def test_an_animal_without_words_has_no_description() -> None:
    """Where there is no docstring nothing is written."""
    assert "description" not in Animal.model_json_schema(schema_generator=Described)["properties"]["legs"]
