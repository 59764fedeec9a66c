"""What DATEV's data centre finds wrong with an EXTF file's header, and the parts of a form."""

from __future__ import annotations

import csv
import io
from email.message import Message
from email.parser import BytesParser

from tests.standins.server import Asked

COLUMNS = 31
MOST_POSTINGS = 99_999
LONGEST_HEADER = 1000
FORMATS = {("21", "Buchungsstapel", "13"), ("16", "Debitoren/Kreditoren", "5")}

Fault = tuple[str, str, str]
NONE: Fault = "", "", ""


def extf_faults(content: bytes, client: str) -> Fault:
    """Return code, title and reason of the first thing wrong, empty texts if all is well."""
    lines = content.decode("cp1252").split("\r\n")
    if len(lines) - 3 > MOST_POSTINGS:
        return "1008833", "Invalid file", "More than 99999 postings"
    if len(lines) <= 3:
        return "1008833", "Invalid file", "No payload"
    reason = _header_fault(lines[0], client)
    return ("1008834", "EXTF-header", reason) if reason else NONE


def _header_fault(line: str, client: str) -> str:
    [cells] = csv.reader(io.StringIO(line), delimiter=";")
    if len(line) > LONGEST_HEADER:
        return "EXTF-header exceeds maximum length of 1000 characters"
    if len(cells) < COLUMNS:
        return "Missing columns in EXTF-header"
    consultant, _, number = client.partition("-")
    mismatch = "does not match with the upload request"
    wrong = {
        "Invalid combination of data category, format name and format version": (cells[2], cells[3], cells[4])
        not in FORMATS,
        f"The consultant-number in the EXTF-header {mismatch}": cells[10] != consultant,
        f"The client-number in the EXTF-header {mismatch}": cells[11] != number,
        "DateFrom must not be greater than DateTo": cells[14] > cells[15],
        "Error in header field - DATEV Format Label - must be EXTF (1)": cells[0] != "EXTF",
        "Error in header field - Version Number - is invalid (2)": cells[1] != "700",
        "Error in header field - Created On - is invalid (6)": not (cells[5].isdigit() and len(cells[5]) == 17),
        "Error in header field - Reserved - must be empty (23)": bool(cells[22]),
        "Error in header field - FY Begin - is invalid (13)": not (cells[12].isdigit() and len(cells[12]) == 8),
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), "")


def multipart(asked: Asked) -> dict[str, tuple[str, bytes]]:
    """Return file name and content of each part of the form, by field name."""
    head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + asked.body)
    parts = message.get_payload() if message.is_multipart() else []
    found: dict[str, tuple[str, bytes]] = {}
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message):
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            found[name] = (part.get_filename() or "", content if isinstance(content, bytes) else b"")
    return found
