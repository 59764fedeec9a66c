"""Rows of a tool's JSON as records; what is not as the tool documents it is a Problem, and its values are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from connector.core.problems import Problem

Record = TypeVar("Record", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Takes rows of the tool for records; `besides` is what else to look at where one is none."""

    tool: str
    besides: str = ""

    def __call__(self, row: object, record_type: type[Record], place: str) -> Record | Problem:
        """Return the row as a record, or the problem that it is not as documented."""
        try:
            # The validator itself: model_validate would spend a fifth of its time on options that nobody gives.
            record: Record = record_type.__pydantic_validator__.validate_python(row)
        except ValidationError as error:
            message = f"not as {self.tool} documents it: {faults_of(error)}"
            return Problem("UnreadableRecord", message, place, f"look at it in {self.tool}{self.besides}")
        return record


def faults_of(error: ValidationError) -> str:
    """Return which fields are wrong, and in what."""
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
