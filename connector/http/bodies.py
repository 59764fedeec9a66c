"""What goes out: JSON with exact numbers, and files in forms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def as_json(value: Any) -> bytes:  # noqa: ANN401 - JSON is whatever the vendor wants
    """Return the value as JSON in UTF-8; decimals are numbers digit for digit. TypeError for a float."""
    return _written(value).encode()


def _written(value: Any) -> str:  # noqa: ANN401 - see as_json
    match value:
        case Mapping():
            return f"{{{','.join(f'{_text(name)}:{_written(each)}' for name, each in value.items())}}}"
        case list() | tuple():
            return f"[{','.join(map(_written, value))}]"
        case Decimal() if value.is_finite():
            return f"{value:f}"
        case None | bool() | int() | str():
            return _text(value)
        case _:
            message = f"{type(value).__name__} {value!r} has no exact form in JSON"
            raise TypeError(message)


def _text(value: str | float | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_form(field: str, filename: str, payload: bytes, content_type: str, form: Mapping[str, str]) -> tuple[bytes, str]:
    """Return a form with the file, the texts before it, and the form's content type; the same bytes every time."""
    from urllib3.filepost import encode_multipart_formdata  # noqa: PLC0415 (a run on files alone does without)

    boundary = hashlib.sha256(payload).hexdigest()
    return encode_multipart_formdata([*form.items(), (field, (filename, payload, content_type))], boundary)
