"""Images of documents to Belege online (accounting:documents), under ids of our own, and the link that finds them.

Nothing calls this yet: Honorar makes no image of an invoice. Without one there is nothing to upload, and no link is
written into the bookings.
"""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from http import HTTPStatus

from connector.core.errors import DocumentRejected
from connector.sinks.datev_online.calls import DOCUMENTS, Calls

LARGEST_IMAGE = 20 * 1024 * 1024
LONGEST_NOTE = 255

_IMAGES = uuid.UUID("6f4a6f8e-7a0f-5d5c-9a9a-3f0f6b7c2d11")
"""Names our ids: the same document has the same one, whoever asks and whenever."""

_NOT_IN_NAMES = re.compile(r"[^ &()+\-._0-9A-Za-zÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ]")


def image_id(key: str) -> str:
    """Return the id under which the image of the document with the key lies."""
    return str(uuid.uuid5(_IMAGES, key))


def document_link(image: str) -> str:
    """Return what a booking says of its image (Beleglink, field 20 of a Buchungsstapel)."""
    return f'BEDI "{image.upper()}"'


def put_image(calls: Calls, image: str, filename: str, content: bytes, kind: str, *, note: str = "") -> None:
    """Put the image into Belege online, where it may be already: then nothing is done.

    `kind` is the content type. Because the id is ours, the call may be repeated after an answer was lost
    (OutcomeUnknown). DocumentRejected where DATEV does not take the image, or it is larger than 20 MB.
    """
    if len(content) > LARGEST_IMAGE:
        message = f"{filename} has more than 20 MB, which DATEV does not take"
        raise DocumentRejected(message, place=calls.transport.name, hint="make the image smaller")
    form = {"metadata": json.dumps({"note": note[:LONGEST_NOTE]}, ensure_ascii=False)} if note else {}
    try:
        calls.upload("PUT", DOCUMENTS, f"documents/{image}", content, kind, filename=safe_name(filename), form=form)
    except DocumentRejected as error:
        if error.status != HTTPStatus.CONFLICT:
            raise


def safe_name(name: str) -> str:
    """Return the file name with an underscore for every character that DATEV would replace by one."""
    return _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", name))
