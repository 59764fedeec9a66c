from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from connector.documents.problem_texts import GERMAN, ProblemText, in_german
from connector.mapping.lines_to_add import lines_to_add
from tests.architecture.syntax import house

CODE = re.compile(r"(?:[A-Z][a-z]+){2,}")

NO_CODES = {
    "OperationalError": "a driver's class, compared by name",
    "IssueList": "a field of a vendor's errors",
    "LedgerImport": "an element of a vendor's XML",
    "OpenProject": "a project tool",
    **dict.fromkeys(
        [
            *("CommunicationWay", "CommunicationWayKey", "ContactAddress", "CreditNote", "CreditNotePos", "InvoicePos"),
            *("PaymentMethod", "SevUser", "StaticCountry", "TaxRule", "TaxSet"),
        ],
        "an object of a vendor's",
    ),
}


def texts(node: ast.AST) -> set[str]:
    """Return every constant text below the node."""
    constants = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def codes_in_the_house() -> Iterator[str]:
    """Yield every text that looks like the code of a problem, but for the names that a package shows (`__all__`)."""
    for source in house():
        if source.name != "connector.documents.problem_texts":
            shown = [node for node in source.tree.body if isinstance(node, ast.Assign) and _is_all(node)]
            yield from filter(CODE.fullmatch, texts(source.tree).difference(*map(texts, shown)))


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def test_every_problem_has_a_german_text() -> None:
    """Whoever adds a problem says it in German too; no text is left over."""
    found = set(codes_in_the_house()) - set(NO_CODES)
    assert found - set(GERMAN) == set()
    assert {"CheckFailed", "BadCell", "MissingDebtor"} <= found


def test_texts_are_sentences_and_remedies_are_not() -> None:
    """The meaning ends with a full stop; the remedy follows the word for it and goes on in small letters or quotes."""
    assert [code for code, text in GERMAN.items() if not text.meaning.endswith(".")] == []
    assert [code for code, text in GERMAN.items() if text.remedy.endswith(".")] == []


def test_lines_to_add_are_kept() -> None:
    """The German remedy takes the place of the hint's first line; the lines of TOML stay as they are."""
    hint = lines_to_add("debtor", {"customer": "K9"}, {"account": "debtor account"})
    assert in_german("MissingDebtor", hint) == ProblemText(
        "Für den Kunden ist kein Debitorenkonto festgelegt.",
        'in mapping.toml ergänzen:\n[[debtor]]\ncustomer = "K9"\naccount =  # debtor account',
    )


def test_a_plain_hint_is_replaced() -> None:
    """There is a German one."""
    assert in_german("BadCell", "write 33 %") == GERMAN["BadCell"]


def test_an_unknown_code_keeps_its_own_words() -> None:
    """A plugin's problem is shown as the plugin tells it."""
    assert in_german("MoonPhase", "wait") is None
