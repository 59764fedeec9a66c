"""What must hold between tables, found even where single values are wrong."""

import pytest

from tests.config.folders import DOWN_PAYMENT_RULES, Folder
from tests.config.time_agreements import HERE, MATERIALS, RETAINER, fault


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


SAME_PROJECT = MATERIALS.replace('"SUP"', '"CARE"').replace("[[agreement]]", f"[[agreement]] {HERE}")
ITEMLESS = RETAINER.split("[[agreement.version.item]]", maxsplit=1)[0]


def feeds(text: str, *feeds: str, item: str = "") -> str:
    """Return the agreement with these feeds."""
    return text + "".join(f"\n[[agreement.feed]]\n{item}{feed}\n" for feed in feeds)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RETAINER, SAME_PROJECT),
        (RETAINER.replace('"CARE"', '"OWN"\nprojects = ["CARE"]'), SAME_PROJECT),
        (RETAINER, SAME_PROJECT.replace('"CARE"', '"OWN"\nprojects = ["CARE"]')),
        (RETAINER, feeds(SAME_PROJECT, 'activities = ["Text"]')),
        (feeds(RETAINER, 'positions = ["A-1/1"]', item='item = "hours"\n'), feeds(SAME_PROJECT, 'projects = ["CARE"]')),
        (
            feeds(RETAINER, 'activities = ["Bild", "Text"]', item='item = "hours"\n'),
            feeds(SAME_PROJECT, 'activities = ["Ton"]', 'activities = ["Text"]\npositions = ["A-1/1"]'),
        ),
        (RETAINER.replace("label", "term.last_day = 2026-01-01\nlabel", 1), SAME_PROJECT),
    ],
)
def test_no_time_is_counted_by_two_agreements(folder: Folder, one: str, other: str) -> None:
    """Same project, and nothing tells the time of one from that of the other: told with both places."""
    place = f"agreements.toml:{len(folder.text('agreements').splitlines()) + 2}"
    problem = fault(folder, one + other)
    assert problem.code == "TimeFedTwice"
    assert problem.message == f"agreement: counts time of project 'CARE', like the agreement at {place}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RETAINER, MATERIALS),
        (ITEMLESS, SAME_PROJECT),
        (
            feeds(RETAINER, 'activities = ["Text"]', item='item = "hours"\n'),
            feeds(SAME_PROJECT, 'activities = ["Ton"]'),
        ),
        (feeds(RETAINER, 'positions = ["A-1"]', item='item = "hours"\n'), feeds(SAME_PROJECT, 'positions = ["A-2"]')),
        (
            feeds(RETAINER, 'projects = ["CARE-1"]', item='item = "hours"\n'),
            feeds(SAME_PROJECT, 'projects = ["CARE-2"]'),
        ),
        (
            feeds(RETAINER.replace('unit = "hours"', 'unit = "units"'), 'item = "hours"\nmetric = "pages"'),
            SAME_PROJECT,
        ),
        (RETAINER.replace("label", "term.last_day = 2025-12-31\nlabel", 1).replace("2026-", "2025-"), SAME_PROJECT),
        (SAME_PROJECT.replace("2026-", "2027-"), RETAINER.replace("label", "term.last_day = 2026-12-31\nlabel", 1)),
        (RETAINER, RETAINER.replace('"CARE"', '"OTHER"').replace('"care"', '"other"')),
    ],
)
def test_time_that_can_be_told_apart_is_no_overlap(folder: Folder, one: str, other: str) -> None:
    """Other projects, activities or positions, other days, a metric instead of time, or nothing that is counted."""
    folder.add("agreements", one + other)
    assert len(folder.tenant().agreements) == 4


def test_no_metric_is_counted_by_two_agreements(folder: Folder) -> None:
    """Units are billed once, like time; another metric of the project is another matter."""
    pages = feeds(RETAINER.replace('unit = "hours"', 'unit = "units"'), 'item = "hours"\nmetric = "pages"')
    other = pages.replace('id = "care"', 'id = "other"', 1).replace("[[agreement]]", f"[[agreement]] {HERE}", 1)
    problem = fault(folder, pages + other)
    assert problem.code == "TimeFedTwice"
    assert "counts metric 'pages' of project 'CARE', like the agreement at" in problem.message


def test_different_metrics_of_a_project_are_no_overlap(folder: Folder) -> None:
    """Each agreement counts its own."""
    pages = feeds(RETAINER.replace('unit = "hours"', 'unit = "units"'), 'item = "hours"\nmetric = "pages"')
    folder.add("agreements", pages + pages.replace('id = "care"', 'id = "other"', 1).replace('"pages"', '"posts"'))
    assert len(folder.tenant().agreements) == 4


def test_offers_and_time_of_a_project_may_be_billed_beside_each_other(folder: Folder) -> None:
    """A retainer takes no offer: that of its project is free."""
    folder.add("agreements", RETAINER.replace('"CARE"', '"WEB"'))
    assert len(folder.tenant().agreements) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('project = "CARE"', "project = 5"),
        ('label = "Betreuung"', 'label = "Betreuung"\nterm = 5'),
        ('label = "Betreuung"', 'label = "Betreuung"\nterm.last_day = "2026-12-31"'),
        ("valid_from = 2026-01-01", "valid_from = 2026-01-01T00:00:00\n"),
        ('label = "Betreuung"', 'label = "Betreuung"\nprojects = "CARE"'),
        ('label = "Betreuung"', 'label = "Betreuung"\nprojects = [5]'),
    ],
)
def test_wrong_types_in_agreements_about_time_are_left_to_the_models(folder: Folder, old: str, new: str) -> None:
    """Each is told once, and does not keep the overlap from being found."""
    folder.add("agreements", RETAINER.replace(old, new) + SAME_PROJECT)
    codes = {problem.code for problem in folder.problems()}
    assert "ConfigWrongType" in codes
    assert codes <= {"ConfigWrongType", "TimeFedTwice"}


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        (DOWN_PAYMENT_RULES, "", 'document_kind = "partial" and none with category = "deduction"'),
        ('document_kind = "partial"', 'document_kind = "final"', 'document_kind = "partial"'),
        ('category = "deduction"', 'category = "Web"', 'category = "deduction"'),
    ],
)
def test_down_payments_never_pass_for_revenue(folder: Folder, old: str, new: str, missing: str) -> None:
    """Where the mapping has no account for them, or for their deduction, the agreement is told."""
    folder.add("mapping", DOWN_PAYMENT_RULES.replace("vat_when_paid = true\n", ""))
    folder.put("agreements", '"partial_supply"\nprogress', '"down_payment"\nprogress')
    assert folder.tenant().agreements
    folder.put("mapping", old.replace("vat_when_paid = true\n", ""), new)
    problem = folder.problem()
    assert (problem.code, problem.place) == ("DownPaymentsNotMapped", "agreements.toml:6")
    assert problem.message == f"agreement.instalments: mapping.toml has no revenue rule with {missing}"
