"""What must hold between tables, found even where single values are wrong."""

import pytest

from tests.config.folders import Folder


@pytest.mark.parametrize(
    ("old", "new", "code", "first"),
    [
        ('id = "shop"', 'id = "website"', "DuplicateAgreement", "agreements.toml:2"),
        ('name = "tool"', 'name = "books"', "DuplicateSource", "connector.toml:17"),
    ],
)
def test_a_name_stands_once(folder: Folder, old: str, new: str, code: str, first: str) -> None:
    """The second is told, with the place of the first."""
    file = first.partition(".")[0]
    line = folder.place(file, old)
    folder.put(file, old, new)
    problem = folder.problem()
    assert (problem.code, problem.place) == (code, line)
    assert problem.message.endswith(f"stands at {first} already")


def test_a_customer_has_one_debtor_account(folder: Folder) -> None:
    """A second account would never be used: it is told instead."""
    folder.add("mapping", '[[debtor]]\ncustomer = "K1"\naccount = "10002"\n')
    problem = folder.problem()
    assert (problem.code, problem.place) == ("DuplicateDebtor", "mapping.toml:17")
    assert problem.message == "debtor.customer: 'K1' stands at mapping.toml:7 already"


@pytest.mark.parametrize(
    ("offers", "others", "shared"),
    [
        ("", "", "all offers"),
        ("", 'offers = ["B1"]', "offer B1"),
        ('offers = ["B1", "B2"]', "", "offer B1, B2"),
        ('offers = ["B1", "B2"]', 'offers = ["B2", "B3"]', "offer B2"),
    ],
)
def test_no_offer_is_billed_by_two_agreements(folder: Folder, offers: str, others: str, shared: str) -> None:
    """Whether named or meant by naming none: what two agreements cover is told with both places."""
    folder.put("agreements", 'project = "WEB"', f'project = "WEB"\n{offers}')
    folder.put("agreements", 'project = "SHOP"\noffers = ["A1", "A2"]', f'project = "WEB"\n{others}')
    problem = folder.problem()
    assert (problem.code, problem.place) == ("AgreementsOverlap", "agreements.toml:10")
    assert problem.message == f"agreement: covers {shared} of project 'WEB', like the agreement at agreements.toml:1"


@pytest.mark.parametrize(
    ("project", "offers"), [("WEB", 'offers = ["B1"]'), ("SHOP", 'offers = ["A1"]'), ("web", 'offers = ["A1"]')]
)
def test_different_offers_or_projects_are_no_overlap(folder: Folder, project: str, offers: str) -> None:
    """Two agreements may share a project, and offers of two projects may share a name."""
    folder.put("agreements", 'project = "WEB"', 'project = "WEB"\noffers = ["A1"]')
    folder.put("agreements", 'project = "SHOP"\noffers = ["A1", "A2"]', f'project = "{project}"\n{offers}')
    assert len(folder.tenant().agreements) == 2


def test_a_rule_for_an_agreement_that_is_not_there_is_told(folder: Folder) -> None:
    """It would never match; the nearest name is suggested."""
    folder.put("mapping", 'agreement = "website"', 'agreement = "web-site"')
    problem = folder.problem()
    assert (problem.code, problem.place) == ("UnknownAgreement", folder.place("mapping", "web-site"))
    assert problem.hint == "did you mean 'website'?"


def test_rules_are_not_blamed_where_the_agreements_cannot_be_read(folder: Folder) -> None:
    """Without the file no agreement is known, and one fault is enough."""
    (folder.path / "agreements.toml").unlink()
    assert folder.problem().code == "ConfigUnreadable"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("agreements", 'id = "shop"', "id = 5"),
        ("agreements", 'id = "shop"', ""),
        ("agreements", 'project = "SHOP"', ""),
        ("agreements", 'offers = ["A1", "A2"]', "offers = false"),
        ("mapping", 'agreement = "website"', "agreement = 5"),
        ("mapping", 'customer = "K1"', "customer = []"),
    ],
)
def test_wrong_types_are_left_to_the_models(folder: Folder, file: str, old: str, new: str) -> None:
    """A value of a wrong type is told once, as such."""
    folder.put(file, old, new)
    assert folder.problem().code in ("ConfigWrongType", "ConfigMissingKey")


@pytest.mark.parametrize("text", ["agreement = 5\n", "agreement = [5]\n", "[agreement]\nid = 'x'\n"])
def test_what_is_no_list_of_tables_is_left_to_the_models(folder: Folder, text: str) -> None:
    """Single brackets for double ones, or no table at all."""
    folder.put("agreements", folder.text("agreements"), text)
    folder.put("mapping", 'agreement = "website"\n', "")
    assert folder.problem().place == "agreements.toml:1"
