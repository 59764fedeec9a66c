"""Faults in words for the person who wrote the file: line, key, and what was meant."""

from typing import NamedTuple

import pytest

from connector.config.faults import Fault, MisfitError
from tests.config.folders import Folder


class Case(NamedTuple):
    """A text of a file replaced by a faulty one, and what is told of it."""

    file: str
    old: str
    new: str
    code: str
    message: str
    hint: str


CASES = [
    Case(
        "connector", 'time_zone = "', 'time_zon = "E"\ntime_zone = "',
        "ConfigUnknownKey", "tenant.time_zon: unknown key", "did you mean 'time_zone'?",
    ),
    Case(
        "connector", "[seller]", "[saler]\n[seller]",
        "ConfigUnknownKey", "saler: unknown key", "did you mean 'seller'?",
    ),
    Case(
        "agreements", 'progress = "manual"', 'progress = "manual"\nprogres_by_category = {}',
        "ConfigUnknownKey", "agreement.progres_by_category: unknown key", "did you mean 'progress_by_category'?",
    ),
    Case(
        "agreements", 'text = "1. Rate"', 'text = "1. Rate"\nammount = "1"',
        "ConfigUnknownKey", "agreement.instalment.ammount: unknown key", "did you mean 'amount'?",
    ),
    Case(
        "agreements", 'progress = "manual"', 'progress = "manuel"',
        "ConfigWrongValue", "agreement.progress: 'manuel' is not known", "did you mean 'manual'?",
    ),
    Case(
        "agreements", 'progress = "manual"', 'progress = "manual"\nprogress_by_category = { Wartung = "date" }',
        "ConfigWrongValue", "agreement.progress_by_category.Wartung: 'date' is not known", "did you mean 'dates'?",
    ),
    Case(
        "connector", 'approval = "manual"', 'approval = "x"',
        "ConfigWrongValue", "defaults.approval: 'x' is not known", "known: auto, manual",
    ),
    Case(
        "agreements", 'kind = "schedule"', 'kind = "shedule"',
        "ConfigWrongValue", "agreement: kind 'shedule' is not known", "did you mean 'schedule'?",
    ),
    Case(
        "connector", "payment_days = 14", 'payment_days = "14"',
        "ConfigWrongType", "defaults.payment_days: '14' is not a whole number", "write it without quotes: 14",
    ),
    Case(
        "connector", "payment_days = 14", "payment_days = true",
        "ConfigWrongType", "defaults.payment_days: true is not a whole number", "Days from the invoice date",
    ),
    Case(
        "mapping", 'account = "10001"', "account = 10001",
        "ConfigWrongType", "debtor.account: 10001 is not text in quotes", 'write it in quotes: "10001"',
    ),
    Case(
        "connector", 'name = "Studio Nord"\n', "name = [1]\n",
        "ConfigWrongType", "tenant.name: a list is not text in quotes", "Name, as people know it.",
    ),
    Case(
        "connector", 'name = "Studio Nord"\n', "name = { a = 1 }\n",
        "ConfigWrongType", "tenant.name: a table is not text in quotes", "Name, as people know it.",
    ),
    Case(
        "mapping", "automatic = true", 'automatic = "true"',
        "ConfigWrongType", "revenue.automatic: 'true' is not true or false", "whether the account splits",
    ),
    Case(
        "agreements", "date = 2026-01-31", 'date = "2026-01-31"',
        "ConfigWrongType", "agreement.instalment.date: '2026-01-31' is not a date without quotes", "invoiced",
    ),
    Case(
        "agreements", "date = 2026-01-31", "date = 2026-01-31T00:00:00Z",
        "ConfigWrongType", "is not a date without quotes", "invoiced",
    ),
    Case(
        "agreements", 'offers = ["A1", "A2"]', 'offers = "A1"',
        "ConfigWrongType", "agreement.offers: 'A1' is not a list in [ ]", "Ids of the offers",
    ),
    Case(
        "agreements", 'offers = ["A1", "A2"]', 'offers = ["A1", 2]',
        "ConfigWrongType", "agreement.offers: 2 is not text in quotes", 'write it in quotes: "2"',
    ),
    Case(
        "mapping", 'country = "DE"', 'country = "de"',
        "ConfigWrongValue", "vat.country: 'de' should match pattern", "ISO code",
    ),
    Case(
        "connector", 'country = "DE"', "country = false",
        "ConfigWrongType", "seller.country: false is not text in quotes", "ISO code",
    ),
    Case(
        "connector", "payment_days = 14", "payment_days = -1",
        "ConfigWrongValue", "defaults.payment_days: -1 should be greater than or equal to 0", "Days from",
    ),
    Case(
        "connector", 'name = "Studio Nord"\n', 'name = " "\n',
        "ConfigWrongValue", "tenant.name: ' ' should have at least 1 character", "Name, as people",
    ),
    Case(
        "mapping", 'rate = "19"\n\n', 'rate = "1,9"\n\n',
        "ConfigWrongValue", 'vat.rate: write the number as text with a point, such as "19"', "percent",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.message for case in CASES])
def test_a_fault_is_told_with_line_key_and_hint(folder: Folder, case: Case) -> None:
    """Each class of fault: where it stands, what it is, and what was probably meant."""
    folder.put(case.file, case.old, case.new)
    problem = folder.problem()
    faulty_line = next(line for line in case.new.splitlines() if line not in case.old.splitlines())
    assert problem.code == case.code
    assert case.message in problem.message
    assert case.hint in problem.hint
    if case.message.startswith("agreement: kind"):
        assert problem.place == "agreements.toml:9"
    else:
        assert problem.place == folder.place(case.file, faulty_line)


@pytest.mark.parametrize(
    ("file", "old", "missing", "table"),
    [
        ("connector", 'approval = "manual"\n', "defaults.approval", "[defaults]"),
        ("connector", "payment_days = 14\n", "defaults.payment_days", "[defaults]"),
        ("connector", 'type = "paper"\n', "sink.type", "[sink]"),
        ("mapping", "automatic = true\n", "revenue.automatic", "[[revenue]]"),
        ("agreements", 'progress = "manual"\n', "agreement.progress", ""),
        ("agreements", 'kind = "progress"\n', "agreement", ""),
    ],
)
def test_a_missing_key_is_told_at_its_table(folder: Folder, file: str, old: str, missing: str, table: str) -> None:
    """What must be decided by a person has no default; the line is that of the table it belongs to."""
    folder.put(file, old, "")
    problem = folder.problem()
    place = folder.place(file, table) if table else "agreements.toml:1"
    assert (problem.code, problem.place) == ("ConfigMissingKey", place)
    assert problem.message.startswith(f"{missing}: the key ")
    assert problem.hint


def test_a_missing_table_is_told_at_the_top(folder: Folder) -> None:
    """Where a whole table is missing there is no line of its own."""
    folder.put("connector", '[sink]\ntype = "paper"\nclient = 7\n', "")
    problem = folder.problem()
    assert (problem.code, problem.place, problem.message) == (
        "ConfigMissingKey",
        "connector.toml:1",
        "sink: the key is missing",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "written"),
    [
        ("mapping", 'rate = "19"\n\n', "rate = 19.0\n\n", "19.0"),
        ("agreements", "percent = 40", "percent = 40.50", "40.50"),
        ("connector", "payment_days = 14", "payment_days = 14.0", "14.0"),
        ("connector", 'url = "https://tool.example"', 'url = "https://tool.example"\nfactor = 1.50', "1.50"),
        ("agreements", 'offers = ["A1", "A2"]', 'offers = ["A1", nan]', "NaN"),
    ],
)
def test_a_floating_point_number_is_refused_everywhere(
    folder: Folder, file: str, old: str, new: str, written: str
) -> None:
    """In rates, percentages, whole numbers and settings of adapters alike, said once, digits as written."""
    folder.put(file, old, new)
    problem = folder.problem()
    assert (problem.code, problem.hint) == ("ConfigFloat", f'write it in quotes: "{written}"')
    assert problem.place == folder.place(file, new.splitlines()[-1] if "\n\n" not in new else "rate = 19.0")


def test_an_unknown_key_with_a_float_has_two_faults(folder: Folder) -> None:
    """The form of the number does not hide that nobody reads it."""
    folder.put("connector", "client = 7", "client = 7\nfactr = 1.5")
    assert [problem.code for problem in folder.problems()] == ["ConfigFloat", "ConfigUnknownKey"]


def test_what_is_to_be_filled_in_is_told_once_and_hides_nothing_else(folder: Folder) -> None:
    """Whatever type the place wants, in tables of adapters too; a key that is missing beside it is told as well."""
    folder.put("connector", "client = 7", 'client = "<your number>"')
    folder.put("connector", "payment_days = 14\n", "")
    folder.put("connector", 'number_format = "RE-{year}-{number:04}"', 'number_format = "<a format>"')
    missing, number_format, client = folder.problems()
    assert (missing.code, missing.message) == ("ConfigMissingKey", "defaults.payment_days: the key is missing")
    assert (number_format.message, number_format.hint) == (
        "defaults.number_format: still to be filled in",
        "write there: a format",
    )
    assert (client.code, client.message) == ("ConfigPlaceholder", "sink.client: still to be filled in")
    assert client.place == folder.place("connector", 'client = "<your number>"')


def test_all_faults_of_all_files_are_told_at_once_in_order(folder: Folder) -> None:
    """One run shows everything: by file, then by line."""
    folder.put("connector", 'id = "nord"', 'id = "Nord"')
    folder.put("connector", "payment_days = 14", "payment_days = 14.5")
    folder.put("connector", 'type = "files"', 'type = "file"')
    folder.put("connector", "client = 7", "klient = 7")
    folder.put("agreements", 'id = "shop"', 'id = "website"')
    folder.put("agreements", "percent = 40", "procent = 40")
    folder.put("mapping", "[[debtor]]", "[[debitor]]")
    folder.put("mapping", 'agreement = "website"', 'agreement = "web"')
    problems = folder.problems()
    assert [problem.code for problem in problems] == [
        "ConfigWrongValue",
        "ConfigFloat",
        "UnknownAdapter",
        "ConfigMissingKey",
        "ConfigUnknownKey",
        "DuplicateAgreement",
        "ConfigUnknownKey",
        "ConfigUnknownKey",
        "UnknownAgreement",
    ]
    files = [problem.place.split(":")[0] for problem in problems]
    assert files == sorted(files, key=["connector.toml", "agreements.toml", "mapping.toml"].index)


def test_a_faulty_table_does_not_make_its_list_too_short(folder: Folder) -> None:
    """The only instalment is there, but its date is not: one fault, not two."""
    second = folder.text("agreements").rpartition("[[agreement.instalment]]")[2]
    folder.put("agreements", f"[[agreement.instalment]]{second}", "")
    folder.put("agreements", "date = 2026-01-31\npercent = 40", "percent = 100")
    assert folder.problem().message == "agreement.instalment.date: the key is missing"


def test_misfits_say_what_they_are_to_programs_as_well() -> None:
    """Whoever builds a table outside of a file reads all of them in one message."""
    faults = Fault("A", ("x",), "one", ""), Fault("B", ("y",), "two", "")
    assert str(MisfitError(faults)) == "one; two"
    assert faults[0].under(("table", 0)).path == ("table", 0, "x")
