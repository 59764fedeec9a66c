"""Marking time as billed: Kimai's flag "exported", which a call only turns over, so it is read before and after.

A flag that is set locks the record for people without the right to edit exported ones (kimai.org/documentation/export).
"""

from __future__ import annotations

from connector.core.errors import NotFound, RefusedError, UnexpectedAnswer
from connector.sources.kimai.calls import Calls

FLAG = "exported"


def mark(calls: Calls, number: str, *, billed: bool) -> None:
    """Let the record's flag be set, or unset; a record that is gone is left alone.

    RefusedError where somebody else turned it over in between: the next time reads it again. UnexpectedAnswer where the
    record does not tell its flag: turned over unseen, it would come and go from run to run.
    """
    path = f"/timesheets/{number}"
    try:
        record = calls.one(path)
    except NotFound:
        return
    if not isinstance(record.get(FLAG), bool):
        message = f"time entry {number} does not tell whether it is {FLAG}"
        raise UnexpectedAnswer(message, place=calls.source, hint="is this a Kimai?")
    if record[FLAG] is billed:
        return
    if calls.turn_over(f"{path}/export").get(FLAG) is not billed:
        message = f"{FLAG} of time entry {number} is not {billed} after it was turned over"
        raise RefusedError(message, place=calls.source, hint="does somebody else export in Kimai just now?")
