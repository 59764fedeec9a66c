from __future__ import annotations

import json

import pytest

from connector.core.errors import DocumentRejected, OutcomeUnknown
from connector.datev.tables import BUCHUNGSSTAPEL
from connector.sinks.datev_online import documents
from connector.sinks.datev_online.calls import Calls
from connector.sinks.datev_online.documents import document_link, image_id, put_image, safe_name
from tests.sinks.datev_online.world import Office
from tests.standins import Fault

PDF = b"%PDF-1.7 an invoice"

SCOPE = "accounting:documents"


@pytest.fixture
def calls(office: Office) -> Calls:
    """Return calls whose token may put images; the sink never asks for that scope, because it puts none."""
    for token, (until, _) in office.api.access.items():
        office.api.access[token] = until, SCOPE
    return office.sink().calls


def test_an_image_is_put_under_our_own_id(office: Office, calls: Calls) -> None:
    """With its name and note."""
    put_image(calls, image_id("key-1"), "RE/2026.pdf", PDF, "application/pdf", note="Rechnung für Müller")
    assert office.api.documents == {image_id("key-1"): PDF}
    [asked] = [each for each in office.standin.asked if each.method == "PUT"]
    assert b'filename="RE_2026.pdf"' in asked.body
    assert json.dumps({"note": "Rechnung für Müller"}, ensure_ascii=False).encode() in asked.body


def test_an_image_that_is_there_is_left_there(office: Office, calls: Calls) -> None:
    """409 means that it arrived; so after a lost answer the call is simply repeated."""
    office.standin.fail(Fault.ANSWER_LOST, lambda asked: asked.method == "PUT")
    with pytest.raises(OutcomeUnknown):
        put_image(calls, image_id("key-1"), "a.pdf", PDF, "application/pdf")
    put_image(calls, image_id("key-1"), "a.pdf", PDF, "application/pdf")
    assert office.api.documents == {image_id("key-1"): PDF}


def test_an_image_that_is_refused_is_told(office: Office, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """In DATEV's words; one that is too large is not even sent."""
    monkeypatch.setattr("tests.standins.datev_online.LARGEST_FILE", 3)
    with pytest.raises(DocumentRejected, match=r"#DCO01016 restapi\.FileSizeFault"):
        put_image(calls, image_id("key-1"), "a.pdf", PDF, "application/pdf")
    office.standin.asked.clear()
    monkeypatch.setattr(documents, "LARGEST_IMAGE", 3)
    with pytest.raises(DocumentRejected, match="20 MB"):
        put_image(calls, image_id("key-1"), "a.pdf", PDF, "application/pdf")
    assert office.standin.asked == []


def test_ids_are_those_of_the_documents() -> None:
    """The same document has the same id, for ever; another has another."""
    assert image_id("key-1") == "5cdb06f1-8b95-5e63-bac7-3789dc31f5ff"
    assert image_id("key-1") != image_id("key-2")


def test_a_link_fits_its_field() -> None:
    """BEDI and the id in quotes, which the column doubles."""
    link = document_link(image_id("key-1"))
    assert link == 'BEDI "5CDB06F1-8B95-5E63-BAC7-3789DC31F5FF"'
    assert BUCHUNGSSTAPEL[19].name == "Beleglink"
    assert BUCHUNGSSTAPEL[19].fault(link) == ""


def test_names_are_made_of_what_datev_keeps() -> None:
    """Composed letters; anything else becomes an underscore, as DATEV would do it."""
    assert safe_name("Mu\u0308ller & Söhne: 1/2.pdf") == "Müller & Söhne_ 1_2.pdf"
