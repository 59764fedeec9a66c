"""Values of the core as JSON text and back, exactly.

Decimals keep their written exponent, fractions are '1/3', days and moments ISO 8601. Reading builds the values anew, so
that their own invariants are checked again: a store that was tampered with does not pass for an invoice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from connector.core.booking import Booking
from connector.core.errors import StoreError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 (a run that reads no value need not load it)

    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def encode(value: object, exclude: Any = None) -> str:  # noqa: ANN401 (pydantic's notation of nested fields)
    """Return the value as JSON text, without the fields named by `exclude`."""
    return _adapter(type(value)).dump_json(value, exclude=exclude).decode()


def decode(kind: type[T], text: str) -> T:
    """Return the value of the kind; StoreError where the text is none, or breaks the value's invariants."""
    try:
        value: T = _adapter(kind).validate_json(text)
    except ValueError as error:
        message = f"a stored {kind.__name__} cannot be read back"
        raise StoreError(message, hint="another program changed the store, or it is damaged: see the backup") from error
    return value


def encode_booking(booking: Booking | None) -> str:
    """Return the booking without its invoice, which is stored beside it; '' for none."""
    return encode(booking, exclude={"invoice"}) if booking else ""


def decode_booking(invoice: str, booking: str) -> Booking:
    """Return the booking with its invoice, put together again."""
    return decode(Booking, f'{{"invoice":{invoice},{booking[1:]}')
