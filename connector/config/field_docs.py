"""What models say of their fields: read from the source when asked for, which at every start would take too long."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema


class Described(GenerateJsonSchema):
    """Writes JSON Schemas in which each field is described by the docstring below it."""

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """Return the schema of a model, its fields described."""
        described = super().model_schema(schema)
        for name, text in field_docs(schema["cls"]).items():
            described["properties"].get(name, {}).setdefault("description", text)
        return described


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the docstring of each field that has one, by its name in the file, inherited ones included."""
    models = [each for each in reversed(model.__mro__) if issubclass(each, BaseModel) and each is not BaseModel]
    docs = {name: text for each in models for name, text in _docs(each).items()}
    names = {name: field.alias or name for name, field in model.model_fields.items()}
    return {names[name]: text for name, text in docs.items() if name in names}


@cache
def _docs(model: type[BaseModel]) -> Mapping[str, str]:
    source = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    docs: dict[str, str] = {}
    for field, below in pairwise(source.body if isinstance(source, ast.ClassDef) else ()):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                docs[name] = inspect.cleandoc(text)
    return docs
